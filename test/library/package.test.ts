import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BIN, sample } from "../commands/program.ts";

// The tarball, installed into a folder with nothing else, as a user's program has it.
const root = fileURLToPath(new URL("../..", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "coregram-library-"));
const inHome = { cwd: home, encoding: "utf8" } as const;

beforeAll(() => {
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", home], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const tarball = packed.trim().split("\n").at(-1) ?? "";
  writeFileSync(join(home, "package.json"), '{ "type": "module", "private": true }');
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", "--silent", tarball], inHome);
  copyFileSync(sample("downstream-before.core.gz"), join(home, "before.core"));
  copyFileSync(sample("downstream-after.core.gz"), join(home, "after.core"));
  copyFileSync(sample("downstream-after.core.gz"), join(home, "core.25867"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs a program to its own end; what it printed. Anything on stderr is a failure. */
function run(name: string, text: string): string {
  writeFileSync(join(home, name), text);
  return execFileSync("sh", ["-c", `exec "$0" ${name} 2>&1`, process.execPath], {
    ...inHome,
    timeout: 60_000,
  });
}

/** What tsc has against a program, with nothing but TypeScript's own declarations. */
function complaints(name: string, text: string, lib: readonly string[]): string {
  writeFileSync(join(home, name), text);
  const options = {
    module: "nodenext",
    moduleResolution: "nodenext",
    target: "es2022",
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    types: [],
    lib,
  };
  writeFileSync(join(home, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: [name] }));
  try {
    return execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc")], inHome);
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

/** What the command line prints of the same question. */
function coregram(...args: readonly string[]): unknown {
  const text = execFileSync(process.execPath, [BIN, ...args, "-q", "-f", "json"], inHome);
  return JSON.parse(text);
}

describe("the example in docs/library.md", () => {
  const page = readFileSync(join(root, "docs/library.md"), "utf8");
  const example = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? "";

  it("runs, and says what the sample holds", () => {
    const lines = run("example.js", example).trimEnd().split("\n");
    expect(lines[0]).toMatch(/^CPython 3\.11, \d+ objects$/);
    expect(lines[1]).toMatch(/^\d+ builtins\.\w+, \d+ bytes$/);
    expect(lines.slice(4)).toEqual([
      expect.stringMatching(/^downstream\.profiler\.Profiler\.results keeps \d+ bytes alive$/),
      "701290 0000000000000000",
      "254045 0000000000000001",
    ]);
  });

  it("is sound TypeScript", () => {
    expect(complaints("example.ts", example, ["es2022", "dom"])).toBe("");
  });

  it("does not run on what is not there but says so", () => {
    const text = run("missing.js", example.replace("core.25867", "no-such.core"));
    expect(text).toMatch(/^io: no-such\.core: no such file/);
  });
});

describe("the declarations", () => {
  it("need no other package and no DOM, and tell the rows' types", () => {
    const program = `
      import { type AnswerEvent, answerTypes, answerWords, openTarget, type TypeRow, type WordRow } from "coregram";
      const events: AnswerEvent[] = [];
      const target = await openTarget("x", {}, (event) => events.push(event));
      const { rows, schema } = await answerTypes(target, { limit: 3, sort: "count" });
      const row: TypeRow | undefined = rows[0];
      export const count: number | undefined = row?.count;
      export const name: "coregram/types@1" = schema;
      const words = await answerWords(target);
      for (const word of words.rows) { const symbol: WordRow["symbol"] = word.symbol; symbol?.length; }
      // @ts-expect-error: no such order
      await answerTypes(target, { sort: "size" });
      // @ts-expect-error: no such key
      export const missing = row?.weight;
    `;
    expect(complaints("program.ts", program, ["es2022"])).toBe("");
  });

  it("say something of every public name", () => {
    const text = readFileSync(join(root, "dist/library.d.ts"), "utf8");
    const [, list = ""] = /export \{([^}]*)\}/.exec(text) ?? [];
    const values = list
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "));
    expect(values.length).toBeGreaterThan(12);
    const bare = list
      .split(",")
      .map((name) => name.trim().replace(/^type /, ""))
      .filter(
        (name) =>
          !new RegExp(
            `\\*/\\n(?:export )?(?:declare )?(?:const|function|class|interface|type) ${name}\\b`,
          ).test(text),
      );
    expect(bare).toEqual([]);
  });
});

it("answers every question of two targets at once, as the command line does, and prints nothing", () => {
  const text = run(
    "all.js",
    `
      import { readdirSync, readlinkSync } from "node:fs";
      import * as coregram from "coregram";
      const { address, openTarget } = coregram;
      // Of inputs and spools: node opens and closes what it needs when it likes.
      const link = (fd) => {
        try {
          return readlinkSync("/proc/self/fd/" + fd);
        } catch {
          return "";
        }
      };
      const files = () => readdirSync("/proc/self/fd").map(link).filter((path) => path.includes("/coregram-"));
      const drain = async (result) => {
        const { schema, input, totals } = result;
        const frame = { schema, input, totals: { ...totals }, rows: [...result.rows] };
        await result.close();
        return frame;
      };
      const ask = async (target) => ({
        words: await drain(await coregram.answerWords(target, { modules: false })),
        all: await drain(await coregram.answerWords(target, { limit: Infinity, least: 20000, distinct: true, names: false })),
        types: await coregram.answerTypes(target, { modules: false }),
        strings: await coregram.answerStrings(target, { modules: false }),
        containers: await coregram.answerContainers(target, { modules: false }),
        arenas: await coregram.answerArenas(target, { modules: false }),
        owners: await coregram.answerOwners(target, { modules: false }),
        holders: await coregram.answerHolders(target, "tuple", { modules: false }),
        chain: await coregram.answerChain(target, address(0x9587e0n), { modules: false }),
        info: await coregram.answerInfo(target, { modules: false }),
        report: (await coregram.answerReport(target, { modules: false })).heap.diagnose,
        whatis: await coregram.answerWhatis(target, [address(0x9587e0n)], { modules: false }),
        symbols: await coregram.answerSymbols(target, { sysroot: "/nowhere" }).catch(({ code }) => code),
        gdb: [...(await coregram.answerGdbScript(target, { limit: 1 })).lines],
      });
      const names = ["before.core", "after.core"];
      const targets = await Promise.all(names.map((name) => openTarget(name)));
      const open = files().length;
      const answers = await Promise.all(targets.map(ask));
      const diff = await coregram.answerDiff(targets, { modules: false, by: "owner" });
      for (const target of targets) target.close();
      console.log(JSON.stringify({ answers, diff, open, left: files(), version: coregram.VERSION }));
    `,
  );
  const { answers, diff, open, left, version } = JSON.parse(text);
  expect(open).toBe(2);
  expect(left).toEqual([]);
  expect(version).toBe(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
  ["before.core", "after.core"].forEach((core, index) => {
    const answer = answers[index];
    expect(answer).toEqual({
      words: coregram(core, "--no-modules"),
      all: coregram(core, "--all", "--min-count", "20000", "--no-names"),
      types: coregram("types", core, "--no-modules"),
      strings: coregram("types", core, "--strings", "--no-modules"),
      containers: coregram("types", core, "--containers", "--no-modules"),
      arenas: coregram("types", core, "--arenas", "--no-modules"),
      owners: coregram("owners", core, "--no-modules"),
      holders: coregram("owners", core, "--type", "tuple", "--no-modules"),
      chain: coregram("owners", core, "--of", "9587e0", "--no-modules"),
      info: coregram("info", core, "--no-modules"),
      report: coregram("diagnose", core, "--all", "--no-modules"),
      whatis: coregram("whatis", core, "9587e0", "--no-modules"),
      symbols: "io",
      gdb: ["set trace-commands on\n", "info symbol 0x0\n"],
    });
  });
  expect(diff).toEqual(coregram("diff", "before.core", "after.core", "--by", "owner", "--no-modules"));
});
