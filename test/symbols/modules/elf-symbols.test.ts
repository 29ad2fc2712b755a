import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { openFile } from "../../../src/bytes/index.ts";
import {
  type ElfHeader,
  type ElfSymbols,
  type Section,
  StringTable,
  SymbolType,
} from "../../../src/elf/index.ts";
import {
  readSymbolFile,
  readSymbolMap,
  type SymbolTable,
  SymbolTableBuilder,
} from "../../../src/symbols/index.ts";
import { addElfSymbols } from "../../../src/symbols/modules/elf-symbols.ts";
import { address } from "../../../src/terms/index.ts";

const header: ElfHeader = {
  class: 64,
  endian: "little",
  type: "shared",
  machine: 62,
  machineName: "x86-64",
  segments: { offset: 0, count: 0, entryBytes: 56 },
  sections: { offset: 0, count: 0, entryBytes: 64 },
  sectionNames: 0,
};

function section(index: number, flags: bigint, start: bigint, memoryBytes: bigint): Section {
  return {
    index,
    name: `s${index}`,
    type: 1,
    flags,
    start: address(start),
    memoryBytes,
    extent: { offset: 0, bytes: 0 },
    link: 0,
    alignment: 1n,
    entryBytes: 0n,
  };
}

const sections = [
  section(0, 0n, 0n, 0n),
  section(1, 6n, 0x1000n, 0x100n),
  section(2, 0x403n, 0x2000n, 0x100n),
  section(3, 0n, 0n, 0x10000n),
  section(4, 3n, 0x3000n, 0x100n),
];

type Plan = readonly [name: string, value: bigint, size: bigint, section: number, type?: number];

function table(plans: readonly Plan[], bias = 0n, head: Partial<ElfHeader> = {}): SymbolTable {
  let text = "\0";
  const offsets = plans.map(([name]) => {
    const at = text.length;
    text += `${name}\0`;
    return at;
  });
  const symbols: ElfSymbols = {
    count: plans.length,
    values: BigUint64Array.from(plans, ([, value]) => value),
    sizes: BigUint64Array.from(plans, ([, , size]) => size),
    types: Uint8Array.from(plans, ([, , , , type]) => type ?? SymbolType.OBJECT),
    bindings: new Uint8Array(plans.length),
    sections: Uint16Array.from(plans, ([, , , index]) => index),
    nameOffsets: Uint32Array.from(offsets),
    names: new StringTable(Buffer.from(text, "latin1")),
  };
  const builder = new SymbolTableBuilder();
  addElfSymbols(builder, { ...header, ...head }, sections, symbols, bias);
  return builder.build();
}

describe("addElfSymbols", () => {
  it("names places in memory, and nothing else", () => {
    const found = table([
      ["code", 0x1010n, 8n, 1, SymbolType.FUNC],
      ["undefined", 0x1020n, 8n, 0],
      ["absolute", 0x1030n, 8n, 0xfff1],
      ["thread_local", 0x2000n, 8n, 2, SymbolType.TLS],
      ["in_tls_section", 0x2010n, 8n, 2, SymbolType.NOTYPE],
      ["not_loaded", 0x10n, 8n, 3],
      ["below", 0xfffn, 1n, 1],
      ["_end_of_it", 0x1100n, 0n, 1],
      ["in_no_section", 0x1050n, 8n, 77],
      ["file.c", 0x1060n, 0n, 1, SymbolType.FILE],
      ["", 0x1070n, 8n, 1],
      ["$x", 0x1080n, 0n, 1, SymbolType.NOTYPE],
      ["versioned@@V_2", 0x3000n, 16n, 4],
    ]);
    expect(found.length).toBe(2);
    expect(found.find(0x1017n, false)).toEqual({ name: "code", offset: 7n, size: 8n });
    expect(found.find(0x300fn, false)?.name).toBe("versioned");
  });

  it("chooses among the names of an address as gdb does", () => {
    const same = (names: readonly [string, bigint][]) =>
      table(names.map(([name, size]) => [name, 0x1000n, size, 1] as const)).find(0x1000n, false)?.name;
    expect(
      same([
        ["aa_data", 4n],
        ["zz_data", 4n],
        ["mm_data", 4n],
      ]),
    ).toBe("zz_data");
    expect(
      same([
        ["__libc_malloc", 4n],
        ["malloc", 4n],
      ]),
    ).toBe("malloc");
    expect(
      same([
        ["zz_label", 0n],
        ["sized", 4n],
        ["another_label", 0n],
      ]),
    ).toBe("sized");
    expect(
      same([
        ["a_label", 0n],
        ["b_label", 0n],
      ]),
    ).toBe("b_label");
  });

  it("adds the bias, which may be negative, and wraps by the file's class", () => {
    const one: Plan[] = [["one", 0x1000n, 16n, 1]];
    expect(table(one, 0x7fff00000000n).find(0x7fff0000100fn, false)?.name).toBe("one");
    expect(table(one, -0x800n).find(0x800n, false)?.name).toBe("one");
    expect(table(one, 0xfffff000n, { class: 32 }).find(0n, false)?.name).toBe("one");
  });

  it("takes bit 0 of an ARM function for what it is", () => {
    const thumb: Plan[] = [["thumb", 0x1001n, 16n, 1, SymbolType.FUNC]];
    expect(table(thumb, 0n, { class: 32, machine: 40 }).find(0x1000n, false)?.name).toBe("thumb");
    expect(table(thumb).find(0x1000n, false)).toBeNull();
  });
});

function run(tool: string, ...args: string[]): string | null {
  try {
    return execFileSync(tool, args, {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return null;
  }
}

const binary = process.execPath;
describe.skipIf(run("readelf", "--version") === null)(`readSymbolFile of ${binary}`, () => {
  it("names what readelf's text of the same file names, at a bias too", async () => {
    const text = run("readelf", "-sW", binary) ?? "";
    const map = await readSymbolMap([new TextEncoder().encode(text)], "x");
    const source = openFile(binary);
    const bias = 0x555500000000n;
    const file = await readSymbolFile(source, bias);
    source.close();
    expect(file.format).toMatch(/^ELF (?:symtab|dynsym)$/);
    const ranges = file.table.namedRanges(false);
    let compared = 0;
    let wrong = 0;
    for (let i = 0; i < ranges.length; i += 2) {
      const ours = file.table.find(ranges[i] ?? 0n, false);
      const theirs = map.table.find((ranges[i] ?? 0n) - bias, false);
      compared++;
      if (!theirs || theirs.offset !== ours?.offset) wrong++;
    }
    expect(compared).toBeGreaterThan(1000);
    expect(wrong).toBe(0);
    // readelf lists labels at the end of sections too.
    expect(map.symbols - file.symbols).toBeLessThan(20);
  });
});
