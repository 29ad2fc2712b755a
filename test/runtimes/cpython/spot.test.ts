import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { byTrueName, differences, pathOf, readCore, readTruth, type Truth } from "../read-core.ts";

/** As many of each kind as make most built-in types of kinds.py common. */
const COUNT = 600;
const WAIT_MILLIS = 60_000;

const folders = (process.env.PATH ?? "").split(delimiter);
const hasGcore = folders.some((folder) => existsSync(join(folder, "gcore")));
const pythons = hasGcore ? findPythons() : [];
const scratch = mkdtempSync(join(tmpdir(), "coregram-spot-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** `python3.6` to `python3.14` of the PATH and of pyenv that can be run, one a version. */
function findPythons(): string[] {
  const versions = join(homedir(), ".pyenv", "versions");
  const more = existsSync(versions) ? readdirSync(versions).map((name) => join(versions, name, "bin")) : [];
  const found = new Map<string, string>();
  for (const folder of [...folders, ...more].filter((path) => existsSync(path)))
    for (const name of readdirSync(folder))
      if (/^python3\.([6-9]|1[0-4])$/.test(name) && !found.has(name) && runs(join(folder, name)))
        found.set(name, join(folder, name));
  return [...found.values()];
}

function runs(python: string): boolean {
  return spawnSync(python, ["-c", ""], { stdio: "ignore" }).status === 0;
}

/** A core of kinds.py on that interpreter, and what it wrote of itself; null where it may not be traced. */
async function makeCore(
  python: string,
  environment: Record<string, string>,
): Promise<{ core: string; truth: Truth } | null> {
  const folder = mkdtempSync(join(scratch, "core-"));
  const truth = join(folder, "truth.json");
  const child = spawn(python, ["-B", pathOf("programs/kinds.py"), truth, String(COUNT)], {
    env: { PATH: process.env.PATH ?? "", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("kinds.py is not ready")), WAIT_MILLIS);
      child.stdout.once("data", () => {
        clearTimeout(timer);
        resolve();
      });
      child.once("exit", (code) => reject(new Error(`kinds.py ended with ${code}`)));
    });
    execFileSync("gcore", ["-o", join(folder, "core"), String(child.pid)], { stdio: "ignore" });
    const core = join(folder, `core.${child.pid}`);
    return existsSync(core) ? { core, truth: readTruth(truth) } : null;
  } finally {
    child.kill("SIGKILL");
  }
}

const cases = [
  ...pythons.map((python) => ({ python, allocator: "pymalloc" })),
  ...pythons.slice(0, 1).flatMap((python) => [
    { python, allocator: "malloc" },
    { python, allocator: "debug" },
  ]),
];

it.skipIf(cases.length === 0).each(cases)("$python on $allocator is as it says itself", async (given) => {
  const { python, allocator } = given;
  const made = await makeCore(python, { PYTHONMALLOC: allocator });
  if (made === null) return;
  const reading = await readCore(made.core, { root: "/" });
  expect(differences(reading, made.truth)).toEqual([]);
  const plain = byTrueName(reading.totals, made.truth).get("__main__.Plain");
  // 600 were made and all but every 50th dropped; then pymalloc gives most of their blocks to others.
  expect(plain?.freedCount).toBeLessThanOrEqual(588);
});

const jemalloc = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]
  .map((folder) => join(folder, "libjemalloc.so.2"))
  .find((path) => existsSync(path));
const [python = ""] = pythons;

it.skipIf(jemalloc === undefined || python === "")(
  "says of an allocator that it does not know how much it has, with pymalloc above it and without",
  async () => {
    const above = await makeCore(python, { LD_PRELOAD: jemalloc ?? "" });
    const alone = await makeCore(python, { LD_PRELOAD: jemalloc ?? "", PYTHONMALLOC: "malloc" });
    if (above === null || alone === null) return;
    const [pools, none] = [
      await readCore(above.core, { root: "/" }),
      await readCore(alone.core, { root: "/" }),
    ];
    expect(pools.python.remarks.join()).toMatch(/^no chunks of glibc's malloc: .* MiB not told apart$/);
    const plain = pools.totals.find(({ name }) => name === "__main__.Plain");
    expect(plain?.count).toBe(above.truth.counts["__main__.Plain"]);
    expect(none.python.remarks.join()).toMatch(/^allocator unknown: [\d.]+ MiB of blocks not told apart/);
  },
);
