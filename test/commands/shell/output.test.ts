import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openOutput } from "../../../src/commands/shell/open-output.ts";
import { writeChunks } from "../../../src/commands/shell/output.ts";
import { CoregramError } from "../../../src/terms/index.ts";

const root = mkdtempSync(join(tmpdir(), "coregram-output-"));
const child = join(root, "child.mjs");
let folder = "";
let folders = 0;

beforeAll(() => {
  buildSync({
    entryPoints: [fileURLToPath(new URL("./output-child.ts", import.meta.url))],
    outfile: child,
    bundle: true,
    platform: "node",
    format: "esm",
  });
});
beforeEach(() => {
  folder = join(root, String(folders++));
  mkdirSync(folder);
});
afterAll(() => rmSync(root, { recursive: true }));

/** Opens FILE for output; standard output is a descriptor that nothing here uses. */
const openFile = (path: string) => openOutput({ path, stdoutFd: -1 });

/** Runs a shell line in which `coregram LINES PATH MODE` is the child process. */
function shell(line: string, uid?: number) {
  const script = `coregram() { "${process.execPath}" "${child}" "$@"; }; ${line}`;
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return { status, stdout, stderr };
}

const expectFailure = async (path: string, message: RegExp) => {
  const failure = await openFile(path).then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(CoregramError);
  expect(failure).toMatchObject({ code: "io", message: expect.stringMatching(message) });
};

describe("a file", () => {
  test("appears whole at the end, and only then", async () => {
    const path = join(folder, "out.txt");
    const output = await openFile(path);
    await writeChunks(output, ["one\n", Buffer.from("two\n"), "\u{1f600}\n"]);
    expect(readdirSync(folder)).toEqual([output.temporaryPath?.slice(folder.length + 1)]);
    output.finish();
    expect(output.temporaryPath).toBeNull();
    expect(readdirSync(folder)).toEqual(["out.txt"]);
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\n\u{1f600}\n");
    expect(() => output.write("more")).toThrow(/it is closed/);
    output.abandon();
    expect(readdirSync(folder)).toEqual(["out.txt"]);
  });

  test("has holes for zeros, at its end as well", async () => {
    const path = join(folder, "holes");
    const output = await openFile(path);
    await writeChunks(output, [2 ** 20, "one", 2 ** 20]);
    output.finish();
    expect(
      readFileSync(path).equals(
        Buffer.concat([Buffer.alloc(2 ** 20), Buffer.from("one"), Buffer.alloc(2 ** 20)]),
      ),
    ).toBe(true);
    expect(statSync(path).blocks * 512).toBeLessThan(2 ** 16);
  });

  test("abandoned, leaves what was there and nothing else", async () => {
    const path = join(folder, "out.txt");
    writeFileSync(path, "before");
    const output = await openFile(path);
    await writeChunks(output, ["after"]);
    output.abandon();
    output.abandon();
    expect(readdirSync(folder)).toEqual(["out.txt"]);
    expect(readFileSync(path, "utf8")).toBe("before");
  });

  test("has the mode that the umask gives, or that it had", async () => {
    const path = join(folder, "out.txt");
    (await openFile(path)).finish();
    expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
    chmodSync(path, 0o640);
    (await openFile(path)).finish();
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test("is replaced, not written into: another name of the old file keeps the old content", async () => {
    const path = join(folder, "out.txt");
    writeFileSync(path, "before");
    linkSync(path, join(folder, "kept.txt"));
    const output = await openFile(path);
    output.write("after");
    output.finish();
    expect(readFileSync(path, "utf8")).toBe("after");
    expect(readFileSync(join(folder, "kept.txt"), "utf8")).toBe("before");
  });

  test.each([
    ["a file", true],
    ["nothing yet", false],
  ])("behind links to %s, is what the links show", async (_, exists) => {
    mkdirSync(join(folder, "deep", "er"), { recursive: true });
    symlinkSync("deep/er", join(folder, "folder"));
    symlinkSync("../out.txt", join(folder, "deep", "er", "second"));
    symlinkSync("folder/second", join(folder, "first"));
    const path = join(folder, "deep", "out.txt");
    if (exists) writeFileSync(path, "before");
    const output = await openFile(join(folder, "first"));
    output.write("after");
    output.finish();
    expect(readFileSync(path, "utf8")).toBe("after");
    expect(lstatSync(join(folder, "first")).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(folder, "deep")).sort()).toEqual(["er", "out.txt"]);
  });

  test("with the longest name there can be", async () => {
    const path = join(folder, "n".repeat(255));
    (await openFile(path)).finish();
    expect(readdirSync(folder)).toEqual(["n".repeat(255)]);
  });

  test("that cannot be, is refused at once and leaves nothing", async () => {
    writeFileSync(join(folder, "file"), "");
    symlinkSync("loop", join(folder, "loop"));
    await expectFailure(folder, /cannot be written: it is a directory$/);
    await expectFailure(`${folder}/new/`, /cannot be written: it names no file$/);
    await expectFailure("", /cannot be written: it names no file$/);
    await expectFailure(`${folder}/missing/x`, /missing\/x cannot be written: no such file .*\(ENOENT\)$/);
    await expectFailure(`${folder}/file/x`, /cannot be written: not a directory \(ENOTDIR\)$/);
    await expectFailure(`${folder}/loop`, /cannot be written: too many symbolic links.*\(ELOOP\)$/);
    await expectFailure(join(folder, "n".repeat(256)), /cannot be written: name too long \(ENAMETOOLONG\)$/);
    expect(readdirSync(folder).sort()).toEqual(["file", "loop"]);
  });

  test("without permission, is refused", () => {
    const path = join(folder, "out.txt");
    writeFileSync(path, "before");
    chmodSync(path, 0o444);
    mkdirSync(join(folder, "closed"), { mode: 0o555 });
    // Root may write anywhere: let nobody (65534) own the folder and try.
    const nobody = process.getuid?.() === 0 ? 65534 : undefined;
    if (nobody !== undefined) {
      chmodSync(root, 0o755);
      for (const each of [folder, path, join(folder, "closed")]) chownSync(each, nobody, nobody);
    }
    for (const target of ["out.txt", "closed/new"]) {
      expect(shell(`coregram 1 ${target}`, nobody)).toEqual({
        status: 1,
        stdout: "",
        stderr: `CoregramError: ${target} cannot be written: permission denied (EACCES)\n`,
      });
    }
    expect(readFileSync(path, "utf8")).toBe("before");
    expect(readdirSync(folder)).toEqual(["closed", "out.txt"]);
  });

  test("that outgrows what is allowed, fails and leaves what was there", () => {
    writeFileSync(join(folder, "out.txt"), "before");
    expect(shell("ulimit -f 1024; coregram 50000 out.txt")).toEqual({
      status: 1,
      stdout: "",
      stderr: "CoregramError: out.txt cannot be written: file too large (EFBIG)\n",
    });
    expect(readdirSync(folder)).toEqual(["out.txt"]);
    expect(readFileSync(join(folder, "out.txt"), "utf8")).toBe("before");
  });

  test("in a folder that goes away, fails and leaves nothing", async () => {
    mkdirSync(join(folder, "gone"));
    const output = await openFile(join(folder, "gone", "out.txt"));
    rmSync(join(folder, "gone"), { recursive: true });
    expect(() => output.finish()).toThrow(/out.txt cannot be written: no such file/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("what is no file", () => {
  test("is written to, not replaced", async () => {
    const output = await openFile("/dev/null");
    expect(output.temporaryPath).toBeNull();
    output.write("nothing");
    output.finish();
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  test("a full device", async () => {
    const output = await openFile("/dev/full");
    expect(() => output.write("x")).toThrow(
      new CoregramError("io", "/dev/full cannot be written: no space left on device (ENOSPC)"),
    );
    output.abandon();
  });

  test("a FIFO waits for its reader", () => {
    const { status, stdout } = shell("mkfifo pipe; coregram 5000 pipe & wc -l < pipe; wait $!");
    expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: "5000" });
  });

  test("/dev/stdout is standard output, also where that is a file that others append to", () => {
    shell("echo before > log; coregram 1 /dev/stdout >> log; echo after >> log");
    expect(readFileSync(join(folder, "log"), "utf8")).toBe(`before\n${"x".repeat(63)}\nafter\n`);
    shell("echo before > errors; coregram 1 /dev/stderr 2>> errors");
    expect(readFileSync(join(folder, "errors"), "utf8")).toBe(`before\n${"x".repeat(63)}\n`);
    expect(readdirSync(folder).sort()).toEqual(["errors", "log"]);
  });
});

describe("standard output", () => {
  const LINES = 50_000;
  const sum = createHash("md5")
    .update(`${"x".repeat(63)}\n`.repeat(LINES))
    .digest("hex");

  test.each([
    ["a file", `coregram ${LINES} > out; md5sum < out`],
    ["a pipe with a slow reader", `coregram ${LINES} | { sleep 0.3; md5sum; }`],
    [
      "a non-blocking pipe with a slow reader",
      `coregram ${LINES} "" touch-stderr 2>&1 | { sleep 0.3; md5sum; }`,
    ],
  ])("%s gets all of it", (_, line) => {
    expect(shell(line)).toEqual({ status: 0, stdout: `${sum}  -\n`, stderr: "" });
  });

  test.each(["", "touch-stderr"])("a reader that goes away is no failure (%s)", (mode) => {
    const closed = shell(
      `coregram 500000 "" "${mode}" 2>&1 | head -1 | wc -l; echo status \${PIPESTATUS[0]}`,
    );
    expect(closed).toEqual({ status: 0, stdout: "1\nstatus 32\n", stderr: "" });
  });

  test("a full device is one line", () => {
    expect(shell("coregram 1 > /dev/full")).toEqual({
      status: 1,
      stdout: "",
      stderr: "CoregramError: standard output cannot be written: no space left on device (ENOSPC)\n",
    });
  });

  test("a descriptor that is for reading is one line", () => {
    expect(shell("coregram 1 1< /dev/null").stderr).toBe(
      "CoregramError: standard output cannot be written: bad file descriptor (EBADF)\n",
    );
  });
});
