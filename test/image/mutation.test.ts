import { describe, expect, it } from "vitest";
import { readSections, readSymbols } from "../../src/elf/index.ts";
import {
  describeNotSaved,
  openCore,
  readModules,
  readProcess,
  readThreads,
  savedExtents,
  writableExtents,
} from "../../src/image/index.ts";
import { CoregramError } from "../../src/terms/index.ts";
import { CORES, memoryBytes, readCoreBytes } from "../elf/memory-bytes.ts";
import { symbolSections } from "../elf/symbol-sections.ts";

/** Mulberry32: the same numbers for the same seed, everywhere. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const EXTREMES = [0x00, 0x01, 0x7f, 0x80, 0xff];

/** Changes up to 8 places, mostly in the headers and notes, and cuts some files short. Undone by the result. */
function mutate(
  bytes: Uint8Array,
  next: (below: number) => number,
): { mutated: Uint8Array; undo: () => void } {
  const changed: [number, Uint8Array][] = [];
  for (let count = 1 + next(8); count > 0; count -= 1) {
    const reach = [64, 64 + 56 * 8, 8192, bytes.length][next(4)] ?? 64;
    const at = next(reach);
    const width = [1, 2, 4, 8][next(4)] ?? 1;
    changed.push([at, bytes.slice(at, at + width)]);
    const value = next(2) === 0 ? (EXTREMES[next(EXTREMES.length)] ?? 0) : null;
    for (let index = at; index < Math.min(at + width, bytes.length); index += 1)
      bytes[index] = value ?? next(256);
  }
  return {
    mutated: next(8) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes,
    undo: () => {
      for (const [at, old] of changed.reverse()) bytes.set(old, at);
    },
  };
}

/** Reads all that there is to read. Returns what failed, as it may. */
function readAll(bytes: Uint8Array): string {
  const source = memoryBytes(bytes);
  try {
    const core = openCore(source);
    if (core === null) return "not a core";
    readModules(core);
    readThreads(core);
    readProcess(core);
    const { bytes: missing, kinds } = describeNotSaved(core.image);
    if (kinds.reduce((sum, kind) => sum + kind.bytes, 0n) !== missing) return "kinds do not add up";
    for (const scope of [savedExtents(core.image), writableExtents(core.image)]) {
      const { notMemory, notWritable, shared } = scope.leftOut;
      if (scope.bytes + notMemory + notWritable + shared !== source.size) return "scope does not add up";
      if (scope.extents.some(({ offset, bytes: length }) => offset < 0 || offset + length > source.size)) {
        return "extent leaves the file";
      }
    }
    const sections = readSections(source, core.header, core.warnings);
    for (const section of symbolSections(sections))
      readSymbols(source, core.header, sections, section, core.warnings);
    if (source.asked > 20_000_000) return `asked for ${source.asked} bytes`;
    return core.warnings.list().length > 0 ? "warned" : "read";
  } catch (error) {
    if (error instanceof CoregramError && error.code === "format") return "refused";
    throw error;
  }
}

describe("mutated cores", () => {
  it.each(CORES.map((name, index) => ({ name, seed: 4000 + index })))(
    "are read, warned of or refused: 400 of $name, seed $seed",
    ({ name, seed }) => {
      const next = random(seed);
      const bytes = readCoreBytes(name);
      const outcomes = new Map<string, number>();
      for (let run = 0; run < 400; run += 1) {
        const { mutated, undo } = mutate(bytes, next);
        const outcome = readAll(mutated);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        undo();
      }
      expect([...outcomes.keys()].sort()).toEqual(["not a core", "read", "refused", "warned"]);
    },
  );
});
