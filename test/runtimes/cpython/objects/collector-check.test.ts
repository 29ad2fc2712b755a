import { expect, it } from "vitest";
import { openFile } from "../../../../src/bytes/index.ts";
import { LARGE_POOL_BYTES, SMALL_POOL_BYTES } from "../../../../src/kernel/abi/pool.ts";
import { makeScratch, readAll } from "../../../bytes/scratch.ts";
import { openCoreFile, pathOf, readSource } from "../../read-core.ts";

const scratch = makeScratch();

/** Where the byte at an address stands in a core, by its program headers. */
function placeOf(core: Buffer, address: number): number {
  const first = Number(core.readBigUInt64LE(32));
  for (let at = first; at < first + core.readUInt16LE(56) * 56; at += 56) {
    const into = address - Number(core.readBigUInt64LE(at + 16));
    if (core.readUInt32LE(at) === 1 && into >= 0 && into < Number(core.readBigUInt64LE(at + 32)))
      return Number(core.readBigUInt64LE(at + 8)) + into;
  }
  throw new Error(`0x${address.toString(16)} is not saved`);
}

it.each([
  { version: "3.9", poolBytes: SMALL_POOL_BYTES },
  { version: "3.13", poolBytes: LARGE_POOL_BYTES },
  { version: "3.15", poolBytes: LARGE_POOL_BYTES },
])(
  "of $version, what the collector has in its lists and no block holds is said",
  async ({ version, poolBytes }) => {
    const whole = await openCoreFile(pathOf(`cores/py-${version}.core.xz`));
    const bytes = await readAll(whole);
    const read = async () => {
      const source = openFile(scratch.put(`harmed-${version}`, bytes));
      try {
        const reading = await readSource(source, { root: null });
        if ("reason" in reading) throw new Error(reading.reason);
        return reading;
      } finally {
        source.close();
      }
    };
    whole.close();
    const { objects, python } = await read();
    expect(python.remarks).toEqual([]);
    const mains = new Set(
      [...python.names].filter(([, { name }]) => /^__main__\.(Plain|Slotted)$/.test(name)).map(([at]) => at),
    );
    const pools = new Set<number>();
    for (let object = 0; object < objects.count; object += 1) {
      const type = python.types[objects.type(object)]?.type.address ?? 0;
      const at = objects.address(object);
      if (mains.has(type)) pools.add(at - (at % poolBytes));
    }
    expect(pools.size).toBeGreaterThan(2);
    // A pool that uses no blocks is none.
    for (const pool of pools) bytes.writeBigUInt64LE(0n, placeOf(bytes, pool));
    const { python: harmed } = await read();
    expect(harmed.remarks.join("\n")).toMatch(
      /of [\d,]+ objects that the collector has in its lists [\d,]+ were not found: blocks were missed, or are damaged/,
    );
  },
);
