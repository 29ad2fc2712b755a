import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ByteSource } from "../../src/bytes/index.ts";
import { Image, type MemoryLayer, openRaw, SavedMemory } from "../../src/image/index.ts";
import { address } from "../../src/terms/index.ts";
import { filled, openPlan } from "./open-plan.ts";

/** A layer of single bytes: byte i is at `start` + i, null for none. It counts what is asked of it. */
class Bytes implements MemoryLayer {
  reads = 0;
  readonly start: bigint;
  readonly bytes: readonly (number | null)[];
  readonly path: string;

  constructor(start: bigint, bytes: readonly (number | null)[], path = "layer") {
    this.start = start;
    this.bytes = bytes;
    this.path = path;
  }

  read(at: bigint, into: Uint8Array): number {
    this.reads += 1;
    for (let done = 0; done < into.length; done += 1) {
      const byte = this.#at(at + BigInt(done));
      if (byte === null) return done;
      into[done] = byte;
    }
    return into.length;
  }

  nextFrom(at: bigint, end: bigint): bigint {
    for (let next = at; next < end; next += 1n) if (this.#at(next) !== null) return next;
    return end;
  }

  originAt(at: bigint) {
    return this.#at(at) === null
      ? null
      : ({ kind: "file", path: this.path, offset: Number(at - this.start) } as const);
  }

  #at(at: bigint): number | null {
    return at < this.start ? null : (this.bytes[Number(at - this.start)] ?? null);
  }
}

const ones = (count: number, byte: number): number[] => Array(count).fill(byte);

function readAt(image: Image, at: bigint, bytes: number): number[] {
  const into = new Uint8Array(bytes);
  return [...into.subarray(0, image.read(at, into))];
}

describe("an Image over a layer", () => {
  const { image } = openPlan([filled(0x1000n, 4, 1, { memoryBytes: 8n }), filled(0x100an, 4, 3)], {
    mappings: [{ start: 0x1000n, end: 0x2000n, path: "/lib/text.so" }],
  });

  it("reads saved memory first, and the layer where that has nothing, over their borders", () => {
    const over = image.over(new Bytes(0x1000n, ones(16, 2)));
    expect(readAt(over, 0x1000n, 100)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 2, 2]);
    expect(readAt(over, 0x1005n, 2)).toEqual([2, 2]);
    expect(readAt(over, 0x1009n, 3)).toEqual([2, 3, 3]);
    expect(over.readWord(0x1002n)).toBe(0x0202_0202_0202_0101n);
    expect(over.readFields(0x1000n, 16).u32(8)).toBe(0x0303_0202);
    expect(over.readText(0x1003n, 3)).toBe("\x01\x02\x02");
  });

  it("leaves what is saved alone: the image below has none of the layer", () => {
    const layer = new Bytes(0x1000n, ones(16, 2));
    image.over(layer);
    expect(readAt(image, 0x1000n, 100)).toEqual([1, 1, 1, 1]);
    expect(image.faultAt(0x1004n)?.reason).toBe("not saved");
    expect(image.originAt(0x1004n)).toBeNull();
    expect(layer.reads).toBe(0);
  });

  it("says where a byte comes from, and why it is not there", () => {
    const over = image.over(new Bytes(0x1004n, [2, null, 2, 2], "/lib/text.so"));
    expect(over.originAt(0x1003n)).toEqual({ kind: "saved" });
    expect(over.originAt(0x1004n)).toEqual({ kind: "file", path: "/lib/text.so", offset: 0 });
    expect(over.faultAt(0x1004n)).toBeNull();
    expect(over.originAt(0x1005n)).toBeNull();
    expect(over.faultAt(0x1005n)).toEqual({ address: 0x1005n, reason: "not saved" });
    expect(over.faultAt(0x2000n)?.reason).toBe("not mapped");
    expect(() => over.readFields(0x1004n, 2)).toThrow("address 0x1005 is not saved");
  });

  it("tells what was cut off", () => {
    const cut = openPlan([filled(0x1000n, 4, 1, { fileBytes: 1n << 20n, memoryBytes: 1n << 21n })]).image;
    expect(cut.faultAt(0x1000n + (1n << 20n) - 1n)?.reason).toBe("cut off");
    expect(cut.faultAt(0x1000n + (1n << 20n))?.reason).toBe("not saved");
    const at = 0x1000n + (1n << 20n) - 1n;
    expect(cut.over(new Bytes(at, [7])).faultAt(at)).toBeNull();
  });

  it("asks a lower layer for nothing that an upper one has", () => {
    const [upper, lower] = [new Bytes(0x1006n, [5, 5]), new Bytes(0x1000n, ones(20, 6))];
    const over = image.over(upper).over(lower);
    expect(readAt(over, 0x1002n, 10)).toEqual([1, 1, 6, 6, 5, 5, 6, 6, 3, 3]);
    lower.reads = 0;
    expect(readAt(over, 0x1000n, 4)).toEqual([1, 1, 1, 1]);
    expect(readAt(over, 0x1006n, 2)).toEqual([5, 5]);
    expect(lower.reads).toBe(0);
  });

  it("reads what a model of single bytes reads, whatever overlaps", () => {
    const row = fc.array(fc.option(fc.integer({ min: 0, max: 255 })), { maxLength: 24 });
    const segment = fc.record({
      start: fc.bigInt(0n, 20n),
      saved: fc.integer({ min: 0, max: 6 }),
      more: fc.integer({ min: 0, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 3 }), fc.array(row, { maxLength: 3 }), (segments, rows) => {
        const saved = openPlan(
          segments.map(({ start, saved, more }, index) =>
            filled(start, saved, index + 1, { memoryBytes: BigInt(saved + more) }),
          ),
        ).image;
        const over = rows.reduce((below, bytes) => below.over(new Bytes(0n, bytes)), saved);
        const model = Array.from({ length: 40 }, (_, at) => {
          const own = readAt(saved, BigInt(at), 1)[0];
          return own ?? rows.map((bytes) => bytes[at] ?? null).find((byte) => byte !== null) ?? null;
        });
        for (let at = 0; at < 40; at += 1) {
          const end = model.indexOf(null, at);
          expect(readAt(over, BigInt(at), 40)).toEqual(model.slice(at, end < 0 ? 40 : end));
          expect(over.faultAt(BigInt(at)) === null).toBe(model[at] !== null);
        }
      }),
      { numRuns: 200 },
    );
  });
});

it("a page that cannot be read ends a read, and is no error of the program", () => {
  const PAGE = 4096;
  // As /proc/PID/mem does it: the second page is there, and cannot be read.
  const source: ByteSource = {
    name: "memory",
    size: 3 * PAGE,
    read(position, into) {
      const page = Math.floor(position / PAGE);
      if (page === 1) return 0;
      const bytes = Math.min(into.length, (page === 0 ? PAGE : 3 * PAGE) - position);
      into.fill(page + 1, 0, bytes);
      return bytes;
    },
    close() {},
  };
  const image = openRaw(source, address(0x10000n));
  expect(readAt(image, 0x10ffen, 100)).toEqual([1, 1]);
  expect(readAt(image, 0x11000n, 100)).toEqual([]);
  expect(image.readWord(0x11ffcn)).toBeNull();
  expect(readAt(image, 0x12000n, 2)).toEqual([3, 3]);
  expect(() => image.readFields(0x10ff8n, 16)).toThrow("address 0x10ff8 is not saved");
  // What stands below it is not what is there.
  expect(readAt(image.over(new Bytes(0x11000n, ones(16, 9))), 0x10ffen, 100)).toEqual([1, 1]);
});

it("a read that finds nothing does not look through all segments", () => {
  const { table, source } = openPlan(
    Array.from({ length: 2000 }, (_, index) =>
      filled(BigInt(index) * 0x2000n, 0, 0, { memoryBytes: 0x1000n }),
    ),
  ).image;
  let looked = 0;
  const starts = new Proxy(table.starts, {
    get(target, key) {
      if (typeof key === "string" && /^\d+$/.test(key)) looked += 1;
      const value: unknown = Reflect.get(target, key);
      return value;
    },
  });
  const counted = Object.assign(Object.create(table), { starts });
  const image = new Image(new SavedMemory(source, counted), { class: 64, endian: "little" });
  expect(readAt(image.over(new Bytes(0n, [])), 0x1000n, 0x2000)).toEqual([]);
  expect(looked).toBeGreaterThan(0);
  expect(looked).toBeLessThan(64);
});
