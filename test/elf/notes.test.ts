import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  noteAlignment,
  readHeader,
  readNotes,
  readSegments,
  SegmentType,
  Warnings,
} from "../../src/elf/index.ts";
import { buildNotes, LAYOUTS } from "./build-elf.ts";
import { CORES, memoryBytes, readCoreBytes } from "./memory-bytes.ts";

const LITTLE = { class: 64, endian: "little" } as const;

function read(
  bytes: Uint8Array,
  alignment: 4 | 8 = 4,
  layout: (typeof LAYOUTS)[number] = LITTLE,
  limit?: number,
) {
  const warnings = new Warnings();
  const extent = { offset: 0, bytes: bytes.length };
  const notes = [...readNotes(memoryBytes(bytes), layout, extent, alignment, warnings, limit)];
  return {
    notes: notes.map(({ owner, type, descriptor: { offset, bytes: length } }) => ({
      owner,
      type,
      descriptor: bytes.slice(offset, offset + length),
    })),
    warnings: warnings.list(),
  };
}

describe("readNotes", () => {
  it.each(
    LAYOUTS.flatMap((layout) => [4, 8].map((alignment) => ({ layout, alignment: alignment as 4 | 8 }))),
  )(
    "reads back what was written, $layout.class $layout.endian, aligned to $alignment",
    ({ layout, alignment }) => {
      const plan = fc.record({
        owner: fc.stringMatching(/^[A-Z]{0,9}$/),
        type: fc.integer({ min: 0, max: 0xffff_ffff }),
        descriptor: fc.uint8Array({ maxLength: 40 }),
      });
      fc.assert(
        fc.property(fc.array(plan, { maxLength: 10 }), (plans) => {
          expect(read(buildNotes(layout, plans, alignment), alignment, layout)).toEqual({
            notes: plans,
            warnings: [],
          });
        }),
        { numRuns: 50 },
      );
    },
  );

  it("keeps what came before a note that runs over the end", () => {
    const first = { owner: "CORE", type: 1, descriptor: Uint8Array.of(1, 2, 3) };
    const bytes = buildNotes(LITTLE, [first, { owner: "CORE", type: 2, descriptor: new Uint8Array(100) }]);
    const { notes, warnings } = read(bytes.slice(0, -20));
    expect(notes).toEqual([first]);
    expect(warnings).toEqual(["note at 24 ends at 144, its segment at 124"]);
  });

  it.each([
    ["name", 0],
    ["descriptor", 4],
  ])("stops at a %s of 4 GiB", (_, at) => {
    const bytes = buildNotes(LITTLE, [{ owner: "GNU", type: 3, descriptor: new Uint8Array(20) }]);
    bytes.fill(0xff, at, at + 4);
    expect(read(bytes).notes).toEqual([]);
    expect(read(bytes).warnings.length).toBe(1);
  });

  it("stops at the limit, and says so", () => {
    const { notes, warnings } = read(new Uint8Array(12 * 5), 4, LITTLE, 3);
    expect(notes.length).toBe(3);
    expect(warnings.join()).toContain("more than 3");
  });

  it("keeps 64 bytes of a long owner and finds the note after it", () => {
    const owner = "X".repeat(70_000);
    const { notes } = read(
      buildNotes(LITTLE, [
        { owner, type: 1, descriptor: Uint8Array.of(9) },
        { owner: "B", type: 2, descriptor: Uint8Array.of(8) },
      ]),
    );
    expect(notes.map((note) => [note.owner, note.descriptor[0]])).toEqual([
      ["X".repeat(64), 9],
      ["B", 8],
    ]);
  });

  it("aligns to 8 where the segment says 8, and to 4 otherwise", () => {
    expect([0n, 1n, 4n, 8n, 16n, 1n << 63n].map(noteAlignment)).toEqual([4, 4, 4, 8, 4, 4]);
  });

  it.skipIf(spawnSync("readelf", ["-v"]).error !== undefined)(
    "agrees with readelf on every core here",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "notes-"));
      try {
        for (const name of CORES) {
          const bytes = readCoreBytes(name);
          const path = join(folder, name);
          writeFileSync(path, bytes);
          const { stdout } = spawnSync("readelf", ["-nW", path], { encoding: "utf8" });
          const theirs = [...stdout.matchAll(/^ {2}(\w+) +0x([0-9a-f]{8})\t/gm)].map(
            ([, owner, length]) => `${owner} ${length}`,
          );
          const source = memoryBytes(bytes);
          const warnings = new Warnings();
          const header = readHeader(source, warnings);
          if (header === null) throw new Error("not ELF");
          const ours = readSegments(source, header, warnings).flatMap(({ type, extent }) =>
            type === SegmentType.NOTE
              ? [...readNotes(source, header, extent, 4, warnings)].map(
                  ({ owner, descriptor }) => `${owner} ${descriptor.bytes.toString(16).padStart(8, "0")}`,
                )
              : [],
          );
          expect(ours).toEqual(theirs);
          expect(ours.length).toBeGreaterThan(2);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
