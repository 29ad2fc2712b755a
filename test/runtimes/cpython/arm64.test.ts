import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, type TestContext } from "vitest";
import { answerArenas, answerChain, answerOwners, answerTypes, openTarget } from "../../../src/index.ts";
import { differences, pathOf, readCore, readTruth } from "../read-core.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-arm64-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What arm64.sh ends with where there are no packages. */
const NOT_TO_BE_HAD = 3;
const COUNT = 300;

interface Kernel {
  readonly pageBytes: number;
  /** Whether modules' first pages are saved, which have build IDs. */
  readonly headers: boolean;
}

/** Runs a program on Debian's arm64 Python under QEMU, where pages have so many bytes. Skips where that is not to be had. */
function made(context: TestContext, kernel: Kernel, program: string, count: number) {
  const folder = mkdtempSync(join(scratch, "core-"));
  const { pageBytes, headers } = kernel;
  const { status, stderr } = spawnSync(
    pathOf("cores/arm64.sh"),
    [folder, String(pageBytes), program, String(count)],
    { encoding: "utf8", env: { ...process.env, NO_HEADERS: headers ? "" : "1" } },
  );
  if (status === NOT_TO_BE_HAD || status === null) return context.skip("no arm64 packages to be had here");
  if (status !== 0) throw new Error(stderr);
  return { core: join(folder, "core"), truth: join(folder, "truth.json") };
}

describe.each([
  // Modules' files are known by how they were mapped: holes that nothing may access reach behind their ends.
  { pageBytes: 4096, headers: false },
  { pageBytes: 4096, headers: true },
  { pageBytes: 16_384, headers: true },
  { pageBytes: 65_536, headers: true },
])("Debian's Python for arm64, pages of $pageBytes bytes, modules' first saved: $headers", (kernel) => {
  it("is as it says itself", { timeout: 300_000 }, async (context) => {
    const { core, truth } = made(context, kernel, "kinds.py", COUNT);
    const said = readTruth(truth);
    const reading = await readCore(core, { root: "/" });
    expect(differences(reading, said)).toEqual([]);
    expect(reading.python.remarks).toEqual([]);
    const { parts, saved } = reading.python.balance;
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(saved);
    expect(parts.unknown).toBeLessThan(saved * 0.03);
    // Types of extension modules have their names in the modules' files alone.
    for (const name of ["array.array", "decimal.Decimal"]) {
      const [address] = Object.entries(said.types).find(([, type]) => type === name) ?? [];
      expect(reading.python.names.get(Number(address)), name).toMatchObject({ name, from: "self" });
    }
    const target = await openTarget(core);
    try {
      for (const kind of ["plain", "slotted", "generators", "references"]) {
        const path = `__main__.held['${kind}']`;
        const { rows } = await answerChain(target, path);
        expect(rows[0], kind).toMatchObject({ path, type: "builtins.list", length: COUNT });
      }
    } finally {
      await target.close();
    }
  });

  it("has what is mapped in whole pages, to the byte", { timeout: 300_000 }, async (context) => {
    const { core, truth } = made(context, kernel, "pages.py", 12);
    const said = JSON.parse(readFileSync(truth, "utf8"));
    expect(said.page).toBe(kernel.pageBytes);
    const target = await openTarget(core);
    try {
      const { rows } = await answerArenas(target, { limit: Number.POSITIVE_INFINITY });
      const mapped = rows.find(({ arena }) => arena === "mapped");
      expect([mapped?.usedCount, mapped?.bytes]).toEqual([said.mappedChunks, said.mappedChunkBytes]);
      // Each heap's, and behind them all together.
      const systems = [...said.malloc.matchAll(/<system type="current" size="(\d+)"/g)];
      const sizes = (list: readonly number[]) => [...list].sort((a, b) => a - b);
      expect(
        sizes(rows.filter(({ arena }) => arena === "main" || arena === "thread").map(({ bytes }) => bytes)),
      ).toEqual(sizes(systems.slice(0, -1).map(([, size]) => Number(size))));
      const { rows: types, totals } = await answerTypes(target, { limit: Number.POSITIVE_INFINITY });
      // QEMU saves of a mapping what was asked for, by its own pages of 4 KiB.
      const saved = said.maps.map((bytes: number) => Math.ceil(bytes / 4096) * 4096);
      expect(totals.balance.mapped).toBe(saved.reduce((sum: number, bytes: number) => sum + bytes, 0));
      expect(totals.balance.unknown).toBeLessThan(totals.savedBytes * 0.03);
      expect(types.find(({ type }) => type === "__main__.Blocks")?.count).toBe(48);
      const owners = await answerOwners(target, { limit: Number.POSITIVE_INFINITY });
      const row = owners.rows.find(({ path }) => path === "__main__.kept.buffers");
      expect(row?.length).toBe(12);
    } finally {
      await target.close();
    }
  });
});
