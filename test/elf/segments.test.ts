import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readHeader, readSegments, type Segment, visitSegments, Warnings } from "../../src/elf/index.ts";
import { buildElf, type ElfPlan, LAYOUTS, type SegmentPlan } from "./build-elf.ts";
import { CORES, memoryBytes, readCoreBytes } from "./memory-bytes.ts";

const PLAN = { class: 64, endian: "little" } as const;

function read(bytes: Uint8Array, limit?: number) {
  const warnings = new Warnings();
  const source = memoryBytes(bytes);
  const header = readHeader(source, warnings);
  if (header === null) throw new Error("not ELF");
  const segments: Segment[] = [];
  visitSegments(source, header, warnings, (segment) => segments.push(segment), limit);
  return { segments, warnings: warnings.list(), source, header };
}

const readPlan = (plan: Partial<ElfPlan>) => read(buildElf({ ...PLAN, ...plan }));

describe("visitSegments", () => {
  it.each(LAYOUTS)("reads back what was written, class $class, $endian endian", (layout) => {
    const address = layout.class === 64 ? fc.bigInt(0n, (1n << 63n) - 1n) : fc.bigInt(0n, (1n << 31n) - 1n);
    const plan = fc.record({
      type: fc.constantFrom(1, 2, 4, 6),
      flags: fc.integer({ min: 0, max: 7 }),
      start: address,
      data: fc.uint8Array({ maxLength: 20 }),
      more: fc.bigInt(0n, 5000n),
      alignment: fc.constantFrom(0n, 1n, 4096n),
    });
    fc.assert(
      fc.property(fc.array(plan, { maxLength: 8 }), (plans) => {
        const wanted = plans.map(({ more, ...rest }) => ({
          ...rest,
          memoryBytes: BigInt(rest.data.length) + more,
        }));
        const bytes = buildElf({ ...layout, segments: wanted });
        const { segments, warnings } = read(bytes);
        expect(warnings).toEqual([]);
        expect(
          segments.map(({ type, flags, start, memoryBytes, alignment, extent }) => ({
            type,
            flags,
            start,
            memoryBytes,
            alignment,
            data: bytes.slice(extent.offset, extent.offset + extent.bytes),
          })),
        ).toEqual(wanted);
      }),
      { numRuns: 50 },
    );
  });

  it("says how much of each segment a truncated file holds", () => {
    const data = new Uint8Array(100).fill(7);
    const whole = buildElf({
      ...PLAN,
      segments: [
        { type: 1, data },
        { type: 1, start: 4096n, data },
      ],
    });
    const { segments } = read(whole.slice(0, -130));
    expect(segments.map(({ extent, missingBytes }) => [extent.bytes, missingBytes])).toEqual([
      [70, 30n],
      [0, 100n],
    ]);
  });

  it.each<[string, SegmentPlan, bigint, number, string]>([
    [
      "cuts one that leaves the address space",
      { type: 1, start: (1n << 64n) - 16n, memoryBytes: 32n },
      16n,
      0,
      "leaves the address space",
    ],
    ["keeps one that ends with it", { type: 1, start: (1n << 64n) - 16n, memoryBytes: 16n }, 16n, 0, ""],
    [
      "cuts a file part longer than memory",
      { type: 1, data: new Uint8Array(8), memoryBytes: 4n },
      4n,
      4,
      "8 bytes in the file for 4 in memory",
    ],
    ["survives 2^63 bytes", { type: 1, fileBytes: 1n << 63n, memoryBytes: 1n << 63n }, 1n << 63n, 0, ""],
    [
      "survives an offset of 2^64 - 1",
      { type: 1, offset: (1n << 64n) - 1n, fileBytes: 9n, memoryBytes: 9n },
      9n,
      0,
      "",
    ],
  ])("%s", (_, segment, memoryBytes, fileBytes, warning) => {
    const { segments, warnings } = readPlan({ segments: [segment] });
    expect(segments[0]?.memoryBytes).toBe(memoryBytes);
    expect(segments[0]?.extent.bytes).toBe(fileBytes);
    if (warning) expect(warnings.join()).toContain(warning);
    else expect(warnings).toEqual([]);
  });

  it("reads more than 65,535", () => {
    const segments = Array.from({ length: 70_000 }, (_, index) => ({
      type: 1,
      start: BigInt(index) << 12n,
      memoryBytes: 4096n,
    }));
    const { segments: found, warnings } = readPlan({ segments, extended: true });
    expect(found.length).toBe(70_000);
    expect(found.at(-1)?.start).toBe(69_999n << 12n);
    expect(warnings).toEqual([]);
  });

  it("finds the end of the table by the first segment's bytes where the count is lost", () => {
    const data = new Uint8Array(300);
    const segments = Array.from({ length: 9 }, (_, index) => ({
      type: 1,
      start: BigInt(index) << 12n,
      data,
    }));
    const whole = buildElf({ ...PLAN, segments, extended: true });
    expect(read(whole.slice(0, -64)).segments.length).toBe(9);
  });

  it("reads no more than the file holds of 4,294,967,295, and says so", () => {
    const { segments, warnings, source } = readPlan({
      segments: [{ type: 1, memoryBytes: 1n }],
      extended: true,
      segmentCount: 0xffff_ffff,
    });
    expect(segments.length).toBeLessThanOrEqual(2);
    expect(source.asked).toBeLessThan(1000);
    expect(warnings.join()).toContain("of 4294967295 program headers read: the file ends before the rest");
  });

  it("stops at the limit, and says so", () => {
    const bytes = buildElf({ ...PLAN, segments: [{ type: 1 }, { type: 1 }, { type: 1 }] });
    const { segments, warnings } = read(bytes, 2);
    expect(segments.length).toBe(2);
    expect(warnings).toEqual(["2 of 3 program headers read: more than 2 are not read"]);
  });

  it.skipIf(spawnSync("readelf", ["-v"]).error !== undefined)(
    "agrees with readelf on every core here",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "segments-"));
      try {
        for (const name of CORES) {
          const bytes = readCoreBytes(name);
          const path = join(folder, name);
          writeFileSync(path, bytes);
          const lines = execFileSync("readelf", ["-lW", path], { encoding: "utf8" }).split("\n");
          const theirs = lines.flatMap((line) => {
            const match = /^ {2}(LOAD|NOTE) +0x(\S+) 0x(\S+) 0x\S+ 0x(\S+) 0x(\S+) (...)/.exec(line);
            return match
              ? [
                  match
                    .slice(1)
                    .map((field) => field.replace(/^0+(?=.)/, ""))
                    .join(" "),
                ]
              : [];
          });
          const { segments } = read(bytes);
          const ours = segments.map((segment) =>
            [
              segment.type === 1 ? "LOAD" : "NOTE",
              segment.fileOffset.toString(16),
              segment.start.toString(16),
              segment.extent.bytes.toString(16),
              segment.memoryBytes.toString(16),
              (segment.flags & 4 ? "R" : " ") +
                (segment.flags & 2 ? "W" : " ") +
                (segment.flags & 1 ? "E" : " "),
            ].join(" "),
          );
          expect(ours).toEqual(theirs);
          expect(ours.length).toBeGreaterThan(5);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

describe("readSegments", () => {
  it("returns them all", () => {
    const bytes = buildElf({ ...PLAN, segments: [{ type: 1 }, { type: 4 }] });
    const { header, source } = read(bytes);
    expect(readSegments(source, header, new Warnings()).map(({ type }) => type)).toEqual([1, 4]);
  });
});
