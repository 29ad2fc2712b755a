import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFile } from "../../../src/bytes/index.ts";
import { type Core, openCore, readModules } from "../../../src/image/index.ts";
import { locateModule, readModuleSymbols } from "../../../src/symbols/index.ts";

function run(folder: string, tool: string, ...args: string[]): string | null {
  try {
    return execFileSync(tool, args, { cwd: folder, encoding: "latin1", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
}

const has = (tool: string) => run("/", tool, "--version") !== null;
const canDump = ["gcc", "gdb", "eu-unstrip"].every(has);

const LIBRARY = "int data[64] = {1, 2}; int function(int a) { return a + data[0]; }\n";
/** Maps its own file and a page of its library as data, and waits. */
const PROGRAM = `
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
extern int function(int);
int main(int count, char **names) {
  struct stat stat;
  int own = open(names[0], O_RDONLY), library = open(names[1], O_RDONLY);
  fstat(own, &stat);
  char *whole = mmap(0, stat.st_size, PROT_READ, MAP_PRIVATE, own, 0);
  char *page = mmap(0, 4096, PROT_READ, MAP_PRIVATE, library, 0);
  printf("%d\\n", function(whole[0] + page[0]));
  fflush(stdout);
  if (count > 2) __builtin_trap();
  pause();
}
`;

const NT_FILE = Buffer.from([0x45, 0x4c, 0x49, 0x46]);

describe.skipIf(!canDump)("modules of a program that gcc made here", () => {
  const folder = mkdtempSync(join(tmpdir(), "coregram-real-modules-"));
  const program = join(folder, "program");
  const library = join(folder, "libmade.so");
  let child: ChildProcess;
  let path: string;

  beforeAll(async () => {
    writeFileSync(join(folder, "made.c"), LIBRARY);
    writeFileSync(join(folder, "program.c"), PROGRAM);
    run(folder, "gcc", "-shared", "-fPIC", "-Wl,--build-id", "-o", library, "made.c");
    run(folder, "gcc", "-Wl,--build-id", "-o", program, "program.c", library);
    // Its notes are then behind the first mapping.
    if (has("patchelf")) run(folder, "patchelf", "--set-rpath", `/${"x".repeat(4000)}`, library);
    child = spawn(program, [library], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    run(folder, "gcore", "-o", "core", `${child.pid}`);
    path = join(folder, `core.${child.pid}`);
  });

  afterAll(() => {
    child?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  function open(name: string): Core {
    const core = openCore(openFile(name));
    if (core === null) throw new Error(`${name} is no core`);
    return core;
  }

  /** Build IDs by address, as eu-unstrip finds them. */
  function unstripped(name: string): Map<string, string> {
    const lines = (run(folder, "eu-unstrip", "-n", "--core", name) ?? "").split("\n");
    return new Map(
      lines.flatMap((line) => {
        const found = /^(0x[0-9a-f]+)\+\S+ ([0-9a-f]+)@/.exec(line);
        return found ? [[found[1] ?? "", found[2] ?? ""] as const] : [];
      }),
    );
  }

  const idsOf = (core: Core) =>
    new Map(readModules(core).map(({ start, buildId }) => [`0x${start.toString(16)}`, buildId]));

  it("have the build IDs that eu-unstrip finds, each where it is loaded and nowhere else", async () => {
    const core = open(path);
    const ids = idsOf(core);
    for (const [start, id] of unstripped(path)) {
      if (ids.has(start)) expect(`${start} ${ids.get(start)}`).toBe(`${start} ${id}`);
    }
    const modules = readModules(core);
    const of = (name: string) => modules.filter((module) => module.path === name);
    expect(of(program).map(({ isLoaded }) => isLoaded)).toEqual([true, false]);
    expect(
      of(library)
        .map(({ isLoaded }) => isLoaded)
        .sort(),
    ).toEqual([false, true]);
    const loaded = modules.filter(({ isLoaded }) => isLoaded);
    for (const module of loaded) {
      expect(locateModule(core, module, "/")).toMatchObject({ matches: true });
    }
    const { table } = await readModuleSymbols(core, modules, { root: "/" });
    const asked = [...table.symbols()].filter(({ name }) => name.toString() === "function");
    expect(asked).toHaveLength(1);
    const address = `0x${asked[0]?.address.toString(16)}`;
    expect(run(folder, "gdb", "-batch", "-ex", `info symbol ${address}`, program, path)).toMatch(
      /^function in section \.text of /m,
    );
  });

  it("are found by their headers where the core lists none, a program of a relative path among them", () => {
    const bytes = Buffer.from(execFileSync("cat", [path], { maxBuffer: 2 ** 30 }));
    for (let at = bytes.indexOf(NT_FILE); at >= 0; at = bytes.indexOf(NT_FILE, at + 4)) bytes[at] = 0;
    const bare = join(folder, "bare");
    writeFileSync(bare, bytes);
    const core = open(bare);
    const ids = idsOf(core);
    const listed = readModules(open(path)).filter(({ isLoaded }) => isLoaded);
    for (const { start, buildId } of listed) expect(ids.get(`0x${start.toString(16)}`)).toBe(buildId);
    expect(ids.size).toBe(listed.length);
  });

  it.skipIf(!has("valgrind"))("are those that eu-unstrip finds in valgrind's core, by name", () => {
    const own = join(folder, "vgcore");
    mkdirSync(own);
    run(folder, "sh", "-c", `ulimit -c unlimited; cd ${own} && valgrind -q ../program ../libmade.so die`);
    const [name = ""] = readdirSync(own);
    renameSync(join(own, name), join(folder, "valgrind.core"));
    const core = open(join(folder, "valgrind.core"));
    const modules = readModules(core);
    const found = unstripped(join(folder, "valgrind.core"));
    // eu-unstrip knows none of what patchelf made.
    for (const { start, buildId, path } of modules) {
      const known = found.get(`0x${start.toString(16)}`);
      if (path !== library) expect(`${path} ${known}`).toBe(`${path} ${buildId}`);
    }
    const files = modules.map((module) => locateModule(core, module, "/"));
    for (const { matches, module } of files) expect(`${module.path} ${matches}`).toBe(`${module.path} true`);
    expect(files.map((file) => file.path)).toContain(program);
    expect(files.map((file) => file.path)).toContain(library);
  });
});
