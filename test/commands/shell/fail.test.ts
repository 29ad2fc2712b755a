import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { usageError } from "../../../src/commands/shell/fail.ts";
import { BIN, coregram, Scratch, start, words } from "../program.ts";

const scratch = new Scratch();
for (const name of ["core", "-odd", "-x.core", "0x10", "1e3"]) scratch.put(name, words([1n, 2n, 1n]));
const map = scratch.put("map", "0000000000000001 one\n");
const here = { cwd: scratch.folder };

/** Nothing on stdout; the lines of stderr. */
async function refusal(args: readonly string[], status: number, input?: string): Promise<string[]> {
  const run = await coregram(args, { ...here, ...(input === undefined ? {} : { input }) });
  expect(run).toMatchObject({ status, stdout: "" });
  return run.stderr.split("\n");
}

describe.concurrent("wrong usage is one line, the usage line and exit 2:", () => {
  it.for([
    [[], /^no CORE given: .* or - for stdin; --pid PID asks a living process, /],
    [[""], /^no CORE given: /],
    [
      ["core", "core"],
      /^coregram takes one CORE, and core is one too many: coregram diff OLD NEW compares two$/,
    ],
    [
      ["core", "9587e0"],
      /^coregram takes one CORE, and 9587e0 is one too many: coregram whatis CORE 9587e0 says what is at an address$/,
    ],
    [["core", "types"], /^the command comes first: coregram types core$/],
    [["frob", "core"], /^frob is neither a command nor a file: types, owners, /],
    [["-", "-"], /^coregram takes one CORE, and - is one too many$/],
    [["core", "-top", "5"], /^not understood: -top \(did you mean --top\?\)$/],
    [["core", "-5"], /^not understood: -5 \(did you mean -n 5\?\)$/],
    [["-x.core"], /^not understood: -x\.core \(did you mean \.\/-x\.core or --core\?\)$/],
    [["core", "--form", "json"], /^not understood: --form \(did you mean --format\?\)$/],
    [["core", "--json"], /^not understood: --json \(did you mean --format json\?\)$/],
    [["core", "--no-color"], /^not understood: --no-color \(did you mean --color never\?\)$/],
    [["core", "--bogus"], /^not understood: --bogus$/],
    [["core", "--min-cout", "2"], /^not understood: --min-cout \(did you mean --min-count\?\)$/],
    [["core", "-x"], /^not understood: -x$/],
    [["core", "--over", "2"], /^not understood: --over, an option of coregram diagnose$/],
    [["core", "--quiet=3"], /^--quiet takes no value$/],
    [["core", "--help=5"], /^--help takes no value$/],
    [["--version=3"], /^--version takes no value$/],
    [["core", "-q=3"], /^--quiet takes no value$/],
    [["core", "--all", "true"], /^coregram takes one CORE, and true is one too many$/],
    [["--all", "true", "core"], /^true is neither a command nor a file: /],
    [["-q", "false", "core"], /^false is neither a command nor a file: /],
    [["typse", "core"], /^typse is no command \(did you mean types\?\): types, owners, /],
    [["help", "ownrs"], /^ownrs is no command \(did you mean owners\?\): /],
    [["core", "--top", "-1"], /^--top takes a whole number from 1 on, not "-1"$/],
    [["core", "--top", "1.5"], /not "1\.5"$/],
    [["core", "--top", "1e3"], /not "1e3"$/],
    [["core", "--top="], /not ""$/],
    [["core", "-n0"], /not "0"$/],
    [["core", "--top"], /^option top needs a value$/],
    [["core", "--top", "99999999999999999999"], /^--top takes/],
    [["core", "--min-count", "x"], /^--min-count takes a whole number/],
    [["core", "--threads", "0"], /^--threads takes a whole number/],
    [["core", "--memory", "x"], /^--memory takes a size such as 512M or 2G, not "x"$/],
    [["core", "--memory", "-5"], /not "-5"$/],
    [["core", "--memory", "1"], /^--memory is 32\.0 MiB at the least, not "1"$/],
    [
      ["core", "--format", "xml"],
      /^not a choice: --format "xml", choose from "plain", .*"ndjson", "parquet"$/,
    ],
    [["core", "--format"], /^option format needs a value$/],
    [["core", "--word", "5"], /^not a choice: --word 5, choose from 4, 8$/],
    [["core", "--endian", "middle"], /^not a choice: /],
    [["core", "--all", "--top", "3"], /^--all and --top exclude each other$/],
    [["core", "--resolved", "--no-names", "-s", "map"], /^--no-names and --resolved exclude each other$/],
    [["core", "--resolved"], /^--resolved needs names/],
    [["core", "-s"], /^option s needs a value$/],
    [["core", "-s", ""], /^--symbols names no file$/],
    [["core", "-o", ""], /^--output names no file$/],
    [["-", "-s", "-"], /^- is stdin, and stdin can be only one of/],
    [["core", "-s", "-", "-s-"], /^- is stdin, and stdin can be only one of/],
    [["core", "--top", "\x1b[31m"], /^--top takes .* not "\\x1b\[31m"$/],
  ] satisfies [string[], RegExp][])("%j", async ([args, message]) => {
    const [first = "", usage, ...more] = await refusal(args, 2);
    expect(first.replace(/^coregram: /, "")).toMatch(message);
    expect(usage).toMatch(/^usage: coregram CORE /);
    expect(more).toEqual([""]);
  });
});

describe.concurrent("wrong usage of a command gets the usage of that command:", () => {
  it.for([
    [["types", "core", "--srot", "name"], /^not understood: --srot \(did you mean --sort\?\)$/],
    [["types", "core", "--sort", "size"], /^not a choice: --sort "size", choose from/],
    [["owners", "--top", "3"], /^no CORE given: /],
    [["types"], /^no CORE given: /],
    [["diagnose"], /^no CORE given: /],
    [["diff", "core"], /^diff takes two cores, the older first, or more: /],
    [["diff"], /^diff takes two cores/],
    [["whatis", "core"], /^whatis takes addresses or paths behind CORE: coregram whatis core 9587e0$/],
    [["diagnose", "core", "--over", "3"], /^--over needs --fail-on$/],
    [["symbols", "core", "--top", "3"], /^--top needs --gdb$/],
    [["symbols", "core", "--scope", "memory"], /^--scope needs --gdb$/],
    [["schema", "typs"], /^typs is no schema \(did you mean types\?\): /],
    [["schema", "types", "words"], /^schema takes one NAME, and words is one too many$/],
    [["types", "core", "--memory", "1G"], /^--memory needs --pid$/],
    [["dump", "1", "--memory", "0"], /^--memory is 1\.0 MiB at the least, not "0"$/],
    [["whatis", "9587e0", "core"], /^CORE comes first: coregram whatis core 9587e0$/],
    [["whatis", "app.cache", "12", "core"], /^CORE comes first: coregram whatis core app\.cache 12$/],
    [
      ["whatis", "core", "00000000000000001"],
      /^"0+1" is no address: it has 17 hex digits, and one has 16 at the most$/,
    ],
  ] satisfies [string[], RegExp][])("%j", async ([args, message]) => {
    const [first = "", usage, ...more] = await refusal(args, 2);
    expect(first.replace(/^coregram: /, "")).toMatch(message);
    expect(usage).toMatch(
      new RegExp(`^usage: coregram ${args[0]} .*\\(coregram ${args[0]} --help tells all\\)$`),
    );
    expect(more).toEqual([""]);
  });
});

describe.concurrent("a path that is misspelt gets what is beside it:", () => {
  it.for([
    [["croe"], /^croe: no such file \(did you mean core\?\)$/],
    [["./croe"], /^\.\/croe: no such file \(did you mean core\?\)$/],
    [["core", "-s", "mpa"], /^mpa: no such file \(did you mean map\?\)$/],
    [["diff", "core", "croe"], /^croe: no such file \(did you mean core\?\)$/],
    [["ownrs"], /^ownrs: no such file \(did you mean the command owners\?\)$/],
    [
      ["nowhere/core"],
      /^nowhere\/core: no such file \(.* here.*; gcore PID makes one of a running process\)$/,
    ],
  ] satisfies [string[], RegExp][])("%j", async ([args, message]) => {
    const [first = "", ...more] = await refusal(args, 1);
    expect(first.replace(/^coregram: /, "")).toMatch(message);
    expect(more).toEqual([""]);
  });
});

describe.concurrent("what cannot be done is one line and exit 1:", () => {
  mkdirSync(scratch.path("folder"));
  symlinkSync("loop", scratch.path("loop"));
  scratch.put(
    "binary",
    Uint8Array.from({ length: 5000 }, (_, index) => (index * 37) % 256),
  );
  scratch.put("empty", "");
  scratch.put("prose", "this is\nno symbol map\nat all\n".repeat(20));

  it.for([
    [["nothing"], /^nothing: no such file$/],
    [["folder"], /^folder is a directory$/],
    [["core/x"], /^core\/x: no such file, a part of its path is not a directory$/],
    [["loop"], /^loop: /],
    [["n".repeat(300)], /: name too long$/],
    [["/dev/null"], /^\/dev\/null is a character device$/],
    [["evil\x1b[31m\nname"], /^evil\\x1b\[31m\\x0aname: no such file$/],
    [["core", "-s", "nothing"], /^nothing: no such file$/],
    [["core", "--sysroot", "nowhere"], /^--sysroot nowhere is no folder$/],
    [["core", "--sysroot", "map"], /^--sysroot map is no folder$/],
    [["symbols", "core", "--sysroot", "map"], /^--sysroot map is no folder$/],
    [
      ["core", "-s", "map@zz"],
      /^map@zz: no such file \(FILE@BIAS takes an address such as 0x400000, and "zz" is none\)$/,
    ],
    [["core", "-s", "folder"], /^folder.* is a directory$/],
    [["core", "-s", "\x1b]0;title\x07"], /^\\x1b\]0;title\\x07: no such file$/],
    [["core", "-s", "binary"], /^symbol map binary /],
    [["core", "-s", "prose"], /^symbol map prose/],
    [["types", "core"], /^core is no ELF core: coregram core counts its words$/],
    [["stacks", "empty"], /^empty is empty$/],
    [
      ["owners", "/bin/sh"],
      /^\/bin\/sh is a program(?: or a library)?, no core: gcore PID makes a core of a process that runs it, and --pid PID asks it as it is$/,
    ],
  ] satisfies [string[], RegExp][])("%j", async ([args, message]) => {
    const [first = "", ...more] = await refusal(args, 1);
    expect(first.replace(/^coregram: /, "")).toMatch(message);
    expect(more).toEqual([""]);
  });

  it("no permission", async (context) => {
    const locked = scratch.put("locked", "12345678");
    chmodSync(locked, 0);
    chmodSync(scratch.folder, 0o755);
    // Root may read everything: be nobody, where nobody can start the program.
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const able = await coregram(["--version"], { ...here, ...nobody }).catch(() => null);
    if (able?.status !== 0) context.skip();
    const run = await coregram(["locked"], { ...here, ...nobody });
    expect(run).toEqual({
      status: 1,
      signal: null,
      stdout: "",
      stderr: "coregram: locked: permission denied\n",
    });
  });

  it("standard input that is a directory", async () => {
    const running = start("bash", ["-c", `"${process.execPath}" "$0" - < folder`, BIN], here);
    expect(await running.ended).toMatchObject({
      status: 1,
      stdout: "",
      stderr: "coregram: standard input is a directory\n",
    });
  });
});

describe.concurrent("what is no mistake", () => {
  it.for([
    [["./-odd"]],
    [["--", "-odd"]],
    [["-n9", "--", "-odd"]],
    [["0x10"]],
    [["1e3"]],
    [["core", "-qsmap", "--no-names"]],
    [["-q", "-s", "map", "--no-names", "core"]],
    [["--quiet", "--symbols=map", "--no-names", "core"]],
    [["core", "--all", "--all"]],
  ] satisfies [string[]][])("%j", async ([args]) => {
    const run = await coregram(args, here);
    expect(run).toMatchObject({
      status: 0,
      stderr: "",
      stdout: "      2 0000000000000001\n      1 0000000000000002\n",
    });
  });

  it("a map on stdin beside a core, and a core on stdin beside a map", async () => {
    const named = "      2 0000000000000001  one\n";
    for (const args of [
      ["core", "-s", "-"],
      ["-qs-", "core"],
      ["--symbols", "-", "core"],
    ])
      expect(await coregram(["-n1", ...args], { ...here, input: "0000000000000001 one\n" })).toMatchObject({
        stdout: named,
        stderr: "",
      });
    for (const args of [
      ["-", "-s", map],
      ["-s", map, "-"],
      ["-s", map, "--", "-"],
    ])
      expect(await coregram(["-qn1", ...args], { ...here, input: words([1n, 2n, 1n]) })).toMatchObject({
        stdout: named,
        stderr: "",
      });
  });
});

describe("usageError", () => {
  const explain = (names: readonly string[]) => `explained: ${names.join(" ")}`;
  const yargsError = Object.assign(new Error("--top takes a whole number"), { name: "YError" });

  it("takes what yargs says, in one line", () => {
    expect(usageError("Invalid values:\n  Argument: x", undefined, explain)).toMatchObject({
      code: "usage",
      message: "Invalid values: Argument: x",
    });
    expect(usageError(undefined, yargsError, explain)).toMatchObject({
      code: "usage",
      message: "--top takes a whole number",
    });
  });

  it("says an option once that yargs knows by two names", () => {
    const said = (names: string) => usageError(`Unknown arguments: ${names}`, undefined, explain).message;
    expect(said("min-cout, minCout, x-y-z, xYZ, other")).toBe("explained: min-cout x-y-z other");
    expect(said("a-b, other")).toBe("explained: a-b other");
  });

  it("leaves a bug what it is", () => {
    const bug = new TypeError("undefined is not a function");
    expect(usageError("whatever", bug, explain)).toBe(bug);
  });
});
