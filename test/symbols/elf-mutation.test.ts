import { expect, it } from "vitest";
import { bytesSource } from "../../src/bytes/index.ts";
import { memorySource, readModules } from "../../src/image/index.ts";
import { readModuleSymbols, readSymbolFile } from "../../src/symbols/index.ts";
import { CoregramError } from "../../src/terms/index.ts";
import { openMade } from "../image/open-plan.ts";

const MUTANTS = 3000;
/** No symbol table of a file of a few kilobytes holds more. */
const MOST_SYMBOLS = 1000;

/** A small real ELF file with sections and symbols: the vdso in a core. */
function readVdso(): Uint8Array {
  const core = openMade("kernel-x86-64");
  const vdso = readModules(core).find(({ path }) => path === "[vdso]");
  if (!vdso) throw new Error("core has no vdso");
  const source = memorySource(core.image, vdso, "vdso");
  const bytes = new Uint8Array(source.size);
  return bytes.subarray(0, source.read(0, bytes));
}

/** Numbers that are the same on every run (Numerical Recipes' LCG). */
function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

it("reads thousands of broken ELF files, or refuses them as ours", async () => {
  const whole = readVdso();
  const { symbols } = await readSymbolFile(bytesSource("vdso", whole), 0n);
  expect(symbols).toBeGreaterThan(3);
  const random = makeRandom(4);
  const extremes = [0, 1, 0x7f, 0x80, 0xff];
  let refused = 0;
  for (let i = 0; i < MUTANTS; i++) {
    const bytes = whole.slice(0, random(8) === 0 ? random(whole.length) : whole.length);
    const changes = 1 + random(12);
    for (let change = 0; change < changes && bytes.length > 0; change++) {
      // Headers at the start, section headers at the end: most of what matters.
      const near = [
        random(64),
        bytes.length - 1 - random(Math.min(bytes.length, 1200)),
        random(bytes.length),
      ];
      const at = near[random(3)] ?? 0;
      bytes[at] = random(2) === 0 ? (extremes[random(extremes.length)] ?? 0) : random(256);
    }
    try {
      const map = await readSymbolFile(bytesSource("mutant", bytes), 0x7f0000000000n);
      expect(map.symbols).toBeLessThan(MOST_SYMBOLS);
    } catch (error) {
      expect(error).toBeInstanceOf(CoregramError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(MUTANTS / 100);
  expect(refused).toBeLessThan(MUTANTS);
});

it("names nothing of modules whose files are not there, and says nothing", async () => {
  const core = openMade("kernel-x86-64");
  const modules = readModules(core);
  const { table, notes, modules: found } = await readModuleSymbols(core, modules, { root: "/nowhere" });
  expect(notes).toEqual([]);
  expect(found.filter(({ matches }) => matches === true).map(({ module }) => module.path)).toEqual([
    "[vdso]",
  ]);
  const vdso = modules.find(({ path }) => path === "[vdso]");
  for (const { address } of table.symbols()) {
    expect(vdso !== undefined && vdso.start <= address && address < vdso.end).toBe(true);
  }
  expect(table.length).toBeGreaterThan(3);
});
