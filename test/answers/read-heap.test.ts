import { describe, expect, it } from "vitest";
import { type Heap, readHeap } from "../../src/answers/read-heap.ts";
import { openFile } from "../../src/bytes/index.ts";
import { chooseOwners, retainedByKind } from "../../src/heap/index.ts";
import { openCore } from "../../src/image/index.ts";
import { CoregramError } from "../../src/terms/index.ts";
import { makeScratch, readAll } from "../bytes/scratch.ts";
import { openCoreFile, pathOf } from "../runtimes/read-core.ts";

const scratch = makeScratch();
const OPTIONS = { root: null, threads: 1, progress: () => () => {} };

async function bytesOf(version: string): Promise<Buffer> {
  const source = await openCoreFile(pathOf(`cores/py-${version}.core.xz`));
  try {
    return readAll(source);
  } finally {
    source.close();
  }
}

/** What `use` makes of the heap in the bytes; null where they cannot be read. */
async function withHeap<Result>(
  name: string,
  bytes: Buffer,
  use: (heap: Heap) => Result,
): Promise<Result | null> {
  const source = openFile(scratch.put(name, bytes));
  try {
    const core = openCore(source);
    return core === null ? null : use(await readHeap(core, name, OPTIONS));
  } catch (error) {
    if (error instanceof CoregramError) return null;
    throw error;
  } finally {
    source.close();
  }
}

describe.each(["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.13t", "3.14", "3.15"])(
  "the heap of CPython %s",
  (version) => {
    it("has its largest dict first, held by the module, and nothing is lost", async () => {
      const found = await withHeap(`whole-${version}`, await bytesOf(version), (heap) => {
        const owners = chooseOwners(heap.graph, heap.tree, 1000);
        const [first] = owners.rows;
        const node = first?.node ?? 0;
        const count = retainedByKind(heap.tree).reduce((sum, part) => sum + part.count, 0);
        expect(count).toBe(heap.references.objects.count);
        expect(heap.references.remarks).toEqual([]);
        return [heap.paths.pathOf(node), heap.labels.typeName(node), heap.references.labels.lengthOf(node)];
      });
      // With frozendicts, and classes of them, from 3.15 on (../runtimes/programs/kinds.py).
      expect(found).toEqual(["__main__.held", "builtins.dict", version === "3.15" ? 42 : 40]);
    });

    it("names what it holds as Python does", async () => {
      const folded = await withHeap(`names-${version}`, await bytesOf(version), (heap) => {
        const { found: runtime, references, labels, paths } = heap;
        const found = new Set<string>();
        for (let node = 0; node < references.objects.count; node += 1) {
          const type = labels.typeName(node);
          if (/^__main__|cell|generator|deque|OrderedDict|range/.test(type)) found.add(paths.pathOf(node));
        }
        expect(runtime.runtime).toBe(`CPython ${version}`);
        return [...new Set([...found].map((path) => path.replace(/\[\d+\]/g, "[*]")))];
      });
      for (const name of ["plain", "slotted", "metas", "inners", "texts", "numbers", "tables", "generators"])
        expect(folded, name).toContain(`__main__.held['${name}'][*]`);
      // A cell has no name of its own: its closure's variable is named.
      expect(folded).toContain("__main__.held['closures'][*].<closure i>");
    });
  },
);

/** A small generator of numbers below a limit, the same every time. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const nameAll = (heap: Heap) => {
  const owners = chooseOwners(heap.graph, heap.tree, 1000);
  for (const { node } of owners.rows.slice(0, 200)) heap.paths.pathOf(node);
  expect(retainedByKind(heap.tree).reduce((sum, { count }) => sum + count, 0)).toBe(
    heap.references.objects.count,
  );
  return owners.rows.length;
};

describe("a damaged heap", () => {
  it.each(["3.9", "3.11", "3.13t", "3.14", "3.15"])(
    "of %s is read or refused, whatever words stand in it",
    async (version) => {
      const original = await bytesOf(version);
      const next = numbers(5);
      const harm = [0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 47n, 2n ** 63n, 2n ** 64n - 1n];
      const outcomes: (number | null)[] = [];
      for (let round = 0; round < 3; round += 1) {
        const bytes = Buffer.from(original);
        for (let change = 0; change < 20_000; change += 1) {
          const to = 4096 + 8 * next((bytes.length - 4096) / 8 - 1);
          const from = 4096 + 8 * next((bytes.length - 4096) / 8 - 1);
          if (change % 8 === 0) bytes.writeBigUInt64LE(harm[next(harm.length)] ?? 0n, to);
          else bytes.copy(bytes, to, from, from + 8);
        }
        outcomes.push(await withHeap(`damaged-${version}-${round}`, bytes, nameAll));
      }
      // Where none could be read, nothing was tested.
      expect(outcomes.filter((owners) => owners !== null && owners > 0).length).toBeGreaterThanOrEqual(2);
    },
  );
});
