import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { canDump, dump, OWN_NAMES, tool, Workshop } from "./live.ts";
import { coregram, Scratch } from "./program.ts";

// Cores as people have them, made on the spot; eu-unstrip says which modules are in them.

const scratch = new Scratch();

interface Module {
  readonly start: string;
  readonly buildId: string | null;
  readonly path: string;
}

async function modulesOf(core: string): Promise<Map<string, Module>> {
  const run = await coregram(["info", core, "-f", "json"]);
  const { rows } = JSON.parse(run.stdout) as { rows: { modules: Module[] }[] };
  return new Map((rows[0]?.modules ?? []).map((module) => [module.buildId ?? "-", module]));
}

/** What eu-unstrip finds: build IDs, and where each module begins. */
function foundBy(core: string): [buildId: string, start: string][] {
  const text = tool("eu-unstrip", "-n", `--core=${core}`) ?? "";
  return [...text.matchAll(/^(0x[0-9a-f]+)\+0x[0-9a-f]+ ([0-9a-f]+)@/gm)].map(([, start = "", id = ""]) => [
    id,
    start,
  ]);
}

const LOOP = `
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
int own_function(int);
void *volatile kept[512];
int main(int argc, char **argv) {
  for (int i = 0; i < 512; i++) kept[i] = (void *)own_function;
  for (int i = 0; argc > 1 && i < atoi(argv[1]); i++)
    if (mmap(0, 4096, i & 1 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED) return 1;
  printf("%p\\n", own_function);
  fflush(stdout);
  abort();
}
`;

describe.skipIf(!canDump || tool("eu-unstrip", "--version") === null)("a core", () => {
  const shop = new Workshop(scratch.sub("shop"));

  beforeAll(() => {
    writeFileSync(shop.path("loop.c"), LOOP);
    shop.build("-fPIC", "-shared", "-Wl,--build-id", "-o", "libown.so", "own.c");
    shop.build("-o", "loop", "loop.c", "-L.", "-lown", `-Wl,-rpath,${shop.folder}`);
  });

  /** What the program said, and its core, which it leaves in the folder. */
  function crash(...line: readonly string[]): { said: string; core: string } | null {
    const before = new Set(readdirSync(shop.folder));
    const command = `ulimit -c unlimited; exec ${line.join(" ")}`;
    const { stdout } = spawnSync("sh", ["-c", command], { cwd: shop.folder, encoding: "latin1" });
    const core = readdirSync(shop.folder).find((name) => /^(vg)?core/.test(name) && !before.has(name));
    return core === undefined ? null : { said: stdout.trim(), core: shop.path(core) };
  }

  it.skipIf(tool("valgrind", "--version") === null)(
    "of valgrind, which lists no modules, has them by what is in memory",
    async () => {
      const crashed = crash("valgrind", "-q", "./loop");
      if (crashed === null) throw new Error("valgrind wrote no core");
      const modules = await modulesOf(crashed.core);
      const truth = foundBy(crashed.core);
      expect(truth.length).toBeGreaterThan(3);
      for (const [id, start] of truth) expect(modules.get(id)?.start).toBe(start);
      const run = await coregram([crashed.core, "--resolved", "--scope", "writable", "-n", "1"]);
      const word = BigInt(crashed.said).toString(16).padStart(16, "0");
      expect(run.stdout).toMatch(new RegExp(`^ +51[2-9] ${word}  own_function\\n$`));
    },
  );

  const mostMappings = Number(readFileSync("/proc/sys/vm/max_map_count", "latin1"));
  it.skipIf(mostMappings < 80_000)(
    "of 75,000 mappings, of which the kernel lists none, has its modules and names",
    async (context) => {
      const crashed = crash("./loop", "75000");
      if (crashed === null) return context.skip("the kernel writes cores elsewhere");
      const modules = await modulesOf(crashed.core);
      for (const [id, start] of foundBy(crashed.core)) expect(modules.get(id)?.start).toBe(start);
      const run = await coregram([crashed.core, "--resolved", "-n", "1"]);
      const word = BigInt(crashed.said).toString(16).padStart(16, "0");
      expect(run.stdout).toMatch(new RegExp(`^ +51[2-9] ${word}  own_function\\n$`));
    },
    60_000,
  );

  it("of stripped files has their names from what debuginfod's client has fetched", async () => {
    const home = scratch.sub("home");
    shop.build("-g", "-Wl,--build-id", "-o", "whole", "main.c", "own.c");
    const dumped = await dump(shop.path("whole"), [], shop.path("whole.core"));
    const [, id = ""] = /Build ID: ([0-9a-f]+)/.exec(shop.run("readelf", "-n", "whole")) ?? [];
    const folder = join(home, ".cache/debuginfod_client", id);
    mkdirSync(folder, { recursive: true });
    execFileSync("objcopy", ["--only-keep-debug", shop.path("whole"), join(folder, "debuginfo")]);
    execFileSync("strip", [shop.path("whole")]);
    const namesIn = async (HOME: string) => {
      const run = await coregram(["whatis", dumped.core, ...dumped.said, "-f", "json"], {
        env: { ...process.env, HOME },
      });
      return (JSON.parse(run.stdout) as { rows: { symbol: string | null }[] }).rows.map(
        ({ symbol }) => symbol,
      );
    };
    expect(await namesIn(home)).toEqual(OWN_NAMES);
    expect(await namesIn(scratch.sub("empty"))).toEqual(OWN_NAMES.map(() => null));
    // Another file's debug data by that name is none of it.
    copyFileSync(shop.path("libown.so"), join(folder, "debuginfo"));
    expect(await namesIn(home)).toEqual(OWN_NAMES.map(() => null));
  });
});
