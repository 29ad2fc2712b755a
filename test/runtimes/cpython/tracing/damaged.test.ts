import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { MemoryReader } from "../../../../src/blocks/index.ts";
import { openCore, readModules } from "../../../../src/image/index.ts";
import { PythonMemory } from "../../../../src/runtimes/cpython/python-memory.ts";
import { findTablePointers, TRACE } from "../../../../src/runtimes/cpython/tracing/find-tables.ts";
import { ENTRY, type HashTable } from "../../../../src/runtimes/cpython/tracing/hash-table.ts";
import { placesOf } from "../../../../src/runtimes/cpython/tracing/places.ts";
import { readTracedMemory } from "../../../../src/runtimes/cpython/tracing/traced-memory.ts";
import type { TracedMemory } from "../../../../src/runtimes/index.ts";
import { openCoreFile } from "../../read-core.ts";

const path = fileURLToPath(new URL("../../../../samples/traced-after.core.xz", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "coregram-damaged-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Opened {
  readonly bytes: DataView;
  readonly reader: MemoryReader;
  /** The fullest table that is no set: that of traces. */
  readonly traces: HashTable;
  readonly offsetOf: (at: number) => number;
  /** The first entry of a chain with more than one. */
  readonly entry: number;
}

async function opened(): Promise<Opened> {
  const source = await openCoreFile(path);
  const bytes = new Uint8Array(source.size);
  source.read(0, bytes);
  const core = openCore(source);
  if (core === null) throw new Error("no core");
  const modules = readModules(core);
  const reader = new MemoryReader(core.image);
  const { spans } = new PythonMemory(core, modules, null);
  const pointers = findTablePointers(reader, placesOf(core.image, modules), spans.all);
  const [first] = pointers.map(({ table }) => table).sort((a, b) => b.entries - a.entries);
  if (first === undefined) throw new Error("no table");
  let entry = 0;
  for (let bucket = 0; bucket < first.bucketCount && entry === 0; bucket += 1) {
    const head = reader.u64(first.buckets + 8 * bucket);
    if (head > 0 && reader.u64(head) > 0) entry = head;
  }
  return {
    bytes: new DataView(bytes.buffer),
    reader,
    traces: first,
    entry,
    offsetOf(at) {
      const segment = core.image.segmentAt(BigInt(at) as never);
      if (segment === null) throw new Error(`nothing at ${at}`);
      return segment.extent.offset + (at - Number(segment.start));
    },
  };
}

let files = 0;
async function read(bytes: DataView): Promise<TracedMemory> {
  files += 1;
  const changed = join(scratch, `changed-${files}.core`);
  writeFileSync(changed, bytes);
  const source = await openCoreFile(changed);
  try {
    const core = openCore(source);
    const found = core === null ? null : readTracedMemory(core, null, false);
    if (found === null || "reason" in found) throw new Error("no traces");
    return found;
  } finally {
    source.close();
  }
}

describe("tables that are torn", () => {
  it("are whole where nothing is", async () => {
    const { bytes, traces } = await opened();
    const found = await read(bytes);
    expect(found).toMatchObject({ said: traces.entries, count: traces.entries, remarks: [] });
  });

  it("have chains that end where they run in a circle", async () => {
    const { bytes, entry, offsetOf, traces } = await opened();
    bytes.setBigUint64(offsetOf(entry), BigInt(entry), true);
    const found = await read(bytes);
    // The entries behind it are lost, and it is there as often as there is room for.
    expect(found.count).toBeLessThanOrEqual(traces.entries);
    expect(found.remarks.join()).toMatch(/no such count of tracemalloc's own was found/);
  });

  it("say how many traces cannot be read", async () => {
    const { bytes, entry, offsetOf, traces } = await opened();
    bytes.setBigUint64(offsetOf(entry + ENTRY.value), 0x10n, true);
    const found = await read(bytes);
    expect(found.count).toBe(traces.entries - 1);
    expect(found.remarks[0]).toMatch(/^1 of [\d,]+ traces could not be read/);
  });

  it("say how many traces have no traceback", async () => {
    const { bytes, reader, entry, offsetOf, traces } = await opened();
    const trace = reader.u64(entry + ENTRY.value);
    bytes.setBigUint64(offsetOf(trace + TRACE.traceback), 0x10n, true);
    const found = await read(bytes);
    expect(found).toMatchObject({ count: traces.entries });
    expect(found.ownBytes).toBe(found.bytes);
    expect(found.remarks).toEqual(["1 traces have no traceback that can be read"]);
  });

  it("take no size that no allocator gives", async () => {
    const { bytes, reader, entry, offsetOf, traces } = await opened();
    bytes.setBigUint64(offsetOf(reader.u64(entry + ENTRY.value) + TRACE.size), 2n ** 63n, true);
    const found = await read(bytes);
    expect(found.count).toBe(traces.entries - 1);
    expect(Number.isSafeInteger(found.bytes)).toBe(true);
  });

  it("are none where they say that they have more entries than buckets", async () => {
    const { bytes, traces, offsetOf } = await opened();
    bytes.setBigUint64(offsetOf(traces.address), BigInt(traces.bucketCount + 1), true);
    expect(await read(bytes)).toMatchObject({ isTracing: false, count: 0 });
  });

  it("end where their buckets are not saved", async () => {
    const { bytes, traces, offsetOf } = await opened();
    // nbuckets: they would be larger than all that is saved.
    bytes.setBigUint64(offsetOf(traces.address + 8), 2n ** 39n, true);
    const found = await read(bytes);
    expect(found.count).toBeLessThanOrEqual(traces.entries);
  });
});
