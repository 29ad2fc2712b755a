import type { ElfLayout } from "../../src/elf/index.ts";
import { buildElf, buildNotes, type SectionPlan, type SegmentPlan } from "./build-elf.ts";
import { ByteWriter } from "./byte-writer.ts";

export interface SymbolPlan {
  readonly name: string;
  readonly value: bigint;
  readonly size: bigint;
  readonly type: number;
  readonly binding: number;
  readonly section: number;
}

/** The contents of a symbol table and of its strings. */
export function buildSymbols(
  layout: ElfLayout,
  symbols: readonly SymbolPlan[],
): { table: Uint8Array; names: Uint8Array } {
  const names = new ByteWriter(layout).u8(0);
  const table = new ByteWriter(layout);
  for (const { name, value, size, type, binding, section } of symbols) {
    table.u32(names.length);
    if (layout.class === 64)
      table
        .u8((binding << 4) | type)
        .u8(0)
        .u16(section)
        .u64(value)
        .u64(size);
    else
      table
        .u32(Number(value))
        .u32(Number(size))
        .u8((binding << 4) | type)
        .u8(0)
        .u16(section);
    names.text(name);
  }
  return { table: table.done(), names: names.done() };
}

export interface ModulePlan extends ElfLayout {
  readonly buildId?: Uint8Array;
  readonly symbols?: readonly SymbolPlan[];
  readonly debugLink?: { readonly name: string; readonly crc32: number };
  readonly segments?: readonly SegmentPlan[];
}

/** A shared library: a build ID in a note section, symbols, a debug link. */
export function buildModule(plan: ModulePlan): Uint8Array {
  const sections: SectionPlan[] = [];
  if (plan.buildId) {
    const data = buildNotes(plan, [
      { owner: "GNU", type: 1, descriptor: new Uint8Array(16) },
      { owner: "GNU", type: 3, descriptor: plan.buildId },
    ]);
    sections.push({ name: ".note.gnu.build-id", type: 7, data, alignment: 4n });
  }
  if (plan.symbols) {
    const { table, names } = buildSymbols(plan, plan.symbols);
    const link = sections.length + 2;
    sections.push({ name: ".symtab", type: 2, data: table, link, entryBytes: plan.class === 64 ? 24n : 16n });
    sections.push({ name: ".strtab", type: 3, data: names });
  }
  if (plan.debugLink) {
    const { name, crc32 } = plan.debugLink;
    sections.push({
      name: ".gnu_debuglink",
      type: 1,
      data: new ByteWriter(plan).text(name).align(4).u32(crc32).done(),
    });
  }
  return buildElf({ ...plan, type: 3, sections, segments: plan.segments ?? [] });
}
