import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { answerOwners } from "../../../../src/answers/index.ts";
import { openTarget } from "../../../../src/image/index.ts";
import { namesOfStructs } from "../../../../src/runtimes/cpython/labels/struct-names.ts";
import type { Structs } from "../../../../src/runtimes/cpython/structs/structs.ts";
import { dumpProgram, findPythons } from "../../pythons.ts";

interface Truth {
  /** Addresses of lists by the paths that lead to them. */
  readonly paths: Readonly<Record<string, string>>;
  /** Of the queue. */
  readonly length: number;
  /** `__basicsize__` by type. */
  readonly sizes: Readonly<Record<string, number>>;
}

const scratch = mkdtempSync(join(tmpdir(), "coregram-fields-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
// SimpleQueue came with 3.7, and what asyncio has of itself is told from 3.8 on.
const pythons = findPythons().filter((path) => !/3\.[67]$/.test(path));

describe.skipIf(pythons.length === 0).each(pythons)("%s", (python) => {
  it("holds what its C structs hold by their names", { timeout: 60_000 }, async (context) => {
    const made = await dumpProgram(python, "fields.py", scratch);
    if (made === null) return context.skip("gcore may not attach here");
    const truth = JSON.parse(readFileSync(made.truth, "utf8")) as Truth;
    const minor = /3\.(\d+)$/.exec(python)?.[1] ?? "";
    const module = await import(`../../../../src/runtimes/cpython/structs/v3${minor}.ts`);
    const names = namesOfStructs(module[`V3${minor}`] as Structs);
    const known = Object.keys(truth.sizes).filter((type) => names.has(type));
    expect(known.length).toBeGreaterThan(24);
    expect(known.map((type) => [type, names.get(type)?.size])).toEqual(
      known.map((type) => [type, truth.sizes[type]]),
    );
    const target = await openTarget(made.core);
    try {
      const { rows } = await answerOwners(target, { limit: Number.POSITIVE_INFINITY });
      const paths = new Map([...rows].map(({ address, path }) => [address, path]));
      const wanted = Object.entries(truth.paths);
      expect(wanted.map(([, address]) => paths.get(address))).toEqual(wanted.map(([path]) => path));
      const queues = [...rows].filter(({ path }) => path === "__main__.kept.queue");
      expect(queues.map(({ length }) => length)).toContain(truth.length);
    } finally {
      await target.close();
    }
  });
});
