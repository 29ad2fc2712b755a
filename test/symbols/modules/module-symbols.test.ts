import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ByteSource, openFile } from "../../../src/bytes/index.ts";
import {
  type Core,
  findModule,
  type Module,
  openCore,
  readModules,
  writableExtents,
} from "../../../src/image/index.ts";
import { locateModule, Names, readModuleSymbols, readSymbolMap } from "../../../src/symbols/index.ts";

function run(tool: string, ...args: string[]): string | null {
  try {
    return execFileSync(tool, args, {
      encoding: "latin1",
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return null;
  }
}

const python = run("python3", "-c", "import sys; print(sys.executable)")?.trim() ?? null;
const hasTools = run("gdb", "--version") !== null; // gcore comes with it
const program = python ?? "/bin/sleep";
const script = "import json, ctypes, decimal; print('ready', flush=True); input()";
const MOST_WORDS = 100;

describe.skipIf(!hasTools)(`modules of ${program}, dumped by gcore`, () => {
  const folder = mkdtempSync(join(tmpdir(), "coregram-modules-"));
  let child: ChildProcess;
  let source: ByteSource;
  let core: Core;
  let modules: Module[];

  beforeAll(async () => {
    child = python
      ? spawn(python, ["-c", script], { stdio: ["pipe", "pipe", "ignore"] })
      : spawn(program, ["1000"], { stdio: ["ignore", "pipe", "ignore"] });
    if (python) await new Promise((resolve) => child.stdout?.once("data", resolve));
    run("gcore", "-o", join(folder, "core"), `${child.pid}`);
    source = openFile(join(folder, `core.${child.pid}`));
    const opened = openCore(source);
    if (!opened) throw new Error("gcore made no core");
    core = opened;
    modules = readModules(core);
  }, 60_000);

  afterAll(() => {
    child.kill();
    source.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The most frequent words of writable memory that lie in a module. */
  function frequentWords(): bigint[] {
    const counts = new Map<bigint, number>();
    for (const { offset, bytes } of writableExtents(core.image).extents) {
      const words = new BigUint64Array(Math.floor(bytes / 8));
      source.read(offset, new Uint8Array(words.buffer));
      for (const word of words) {
        const known = counts.get(word);
        if (known !== undefined) counts.set(word, known + 1);
        else if (word >= 0x1000n && word < 1n << 47n && findModule(modules, word)) counts.set(word, 1);
      }
    }
    const byCount = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return byCount.slice(0, MOST_WORDS).map(([word]) => word);
  }

  it("are named as gdb names them", async () => {
    const words = frequentWords();
    expect(words).toHaveLength(MOST_WORDS);
    const questions = join(folder, "questions.gdb");
    writeFileSync(questions, words.map((word) => `info symbol 0x${word.toString(16)}\n`).join(""));
    const answers = run(
      "gdb",
      ...["-batch", "-nx", "-iex", "set debuginfod enabled off", "-ex", "set print demangle off"],
      ...["-ex", "set trace-commands on", "-x", questions, program, source.name],
    );
    const theirs = new Names(
      [(await readSymbolMap([Buffer.from(answers ?? "", "latin1")], "gdb")).table],
      false,
    );
    const { table } = await readModuleSymbols(core, modules, { root: "/", words });
    const ours = new Names([table], false);
    const near = new Names([table], true);
    let named = 0;
    for (const word of words) {
      const expected = theirs.find(word);
      if (expected !== null) named++;
      // What gdb makes up for the linkage tables is no symbol of the file.
      if (/@(?:plt|got)/.test(expected ?? "")) continue;
      const name = ours.find(word);
      const at = `0x${word.toString(16)} in ${findModule(modules, word)?.path}`;
      // gdb also names what follows a label of unknown size: coregram does so only where it is asked to.
      if (name !== expected) expect(near.find(word), at).toBe(expected);
      if (name !== expected) expect(name, at).toBeNull();
    }
    if (python) expect(named).toBeGreaterThan(MOST_WORDS / 2);
  }, 60_000);

  it("are found where they are, and say how that is known", async () => {
    const { modules: found, notes, table } = await readModuleSymbols(core, modules, { root: "/" });
    expect(notes).toEqual([]);
    const libc = found.find(
      ({ module }) => module.path.includes("libc.so") || module.path.includes("libc-2"),
    );
    expect(libc).toMatchObject({ matches: true, reason: "build ID" });
    expect(libc?.origin).not.toBe("none");
    const vdso = found.find(({ module }) => module.path === "[vdso]");
    expect(vdso).toMatchObject({ path: null, matches: true, reason: "memory", origin: "dynsym" });
    expect(table.length).toBeGreaterThan(1000);
  });

  it("are looked for under a root, through its links, and used only if they match", async () => {
    const libc = modules.find(({ path }) => path.includes("libc.so") || path.includes("libc-2"));
    const ld = modules.find(({ path }) => path.includes("/ld"));
    if (!libc || !ld) throw new Error("no libc in the core");
    const root = join(folder, "root");
    mkdirSync(join(root, dirname(libc.path)), { recursive: true });
    copyFileSync(libc.path, join(root, "copy.so"));
    symlinkSync("/copy.so", join(root, libc.path));
    expect(locateModule(core, libc, root)).toMatchObject({
      path: join(root, "copy.so"),
      matches: true,
      reason: "build ID",
    });
    mkdirSync(join(root, dirname(ld.path)), { recursive: true });
    copyFileSync(libc.path, join(root, ld.path));
    const { notes, table } = await readModuleSymbols(core, [libc, ld], { root });
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(
      / has the build ID [0-9a-f]{12}, the module in memory has [0-9a-f]{12}: its symbols are not used$/,
    );
    copyFileSync(ld.path, join(root, "copy.so"));
    expect((await readModuleSymbols(core, [libc, ld], { root })).notes).toEqual([
      `symbols of 2 files are not used, as others were loaded: copy.so, ${basename(ld.path)}: see coregram info`,
    ]);
    const names = table.namedRanges(false);
    for (let i = 0; i < names.length; i += 2) expect(findModule(modules, names[i] ?? 0n)).toBe(libc);
  });

  it("are compared by their layout where memory has no build ID", () => {
    const libc = modules.find(({ path }) => path.includes("libc.so") || path.includes("libc-2"));
    const ld = modules.find(({ path }) => path.includes("/ld"));
    if (!libc || !ld) throw new Error("no libc in the core");
    const unsaved = { ...libc, buildId: null, isElf: null, isLoaded: null, loadBias: null };
    const guess = { matches: null, how: "layout", reason: "layout, not proven" };
    expect(locateModule(core, unsaved, "/")).toMatchObject(guess);
    const other = { ...unsaved, path: ld.path };
    expect(locateModule(core, other, "/")).toMatchObject({ matches: false });
    expect(locateModule(core, { ...unsaved, deleted: true }, "/")).toMatchObject({ matches: false });
    const root = join(folder, "newer");
    mkdirSync(join(root, dirname(libc.path)), { recursive: true });
    copyFileSync(libc.path, join(root, libc.path));
    utimesSync(join(root, libc.path), 4e9, 4e9);
    expect(locateModule(core, unsaved, root).reason).toMatch(/^is newer than the core/);
    expect(locateModule(core, libc, root)).toMatchObject({ matches: true, reason: "build ID" });
  });

  it("have their names from a debug file by build ID where they are not there themselves", async () => {
    const libc = modules.find(({ path }) => path.includes("libc.so") || path.includes("libc-2"));
    if (!libc?.buildId) throw new Error("no libc in the core");
    const root = join(folder, "debug-only");
    const debug = join(root, "usr/lib/debug/.build-id", libc.buildId.slice(0, 2));
    mkdirSync(debug, { recursive: true });
    // Any file with that build ID and a .symtab does: without one on this machine there is nothing to test.
    const here = join("/usr/lib/debug/.build-id", libc.buildId.slice(0, 2), `${libc.buildId.slice(2)}.debug`);
    const found = existsSync(here);
    if (found) copyFileSync(here, join(debug, `${libc.buildId.slice(2)}.debug`));
    const { modules: looked, table } = await readModuleSymbols(core, [libc], { root });
    expect(looked[0]).toMatchObject({ path: null, matches: null, origin: found ? "debug file" : "none" });
    expect(table.length > 1000).toBe(found);
  });

  it("that are no files of that kind are passed over", () => {
    const [first] = modules;
    if (!first) throw new Error("no modules");
    const at = (path: string) => locateModule(core, { ...first, path }, folder);
    writeFileSync(join(folder, "text"), "not an ELF file");
    writeFileSync(join(folder, "broken"), "\x7fELF\x09\x09");
    run("mkfifo", join(folder, "fifo"));
    expect(at("/text")).toMatchObject({ matches: null, reason: "is no ELF file" });
    expect(at("/broken").reason).toMatch(/^cannot be read: ELF header needs 52 bytes, the file has 6/);
    for (const path of ["/fifo", "/dev/zero", "/proc/self/exe", "relative", "/missing"]) {
      expect(at(path)).toMatchObject({ path: null, matches: null, reason: "is not found" });
    }
  });
});
