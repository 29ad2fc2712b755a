import type { ElfLayout } from "../../src/elf/index.ts";
import { ByteWriter } from "./byte-writer.ts";

export interface SegmentPlan {
  readonly type: number;
  readonly flags?: number;
  readonly start?: bigint;
  /** What the file holds of it. */
  readonly data?: Uint8Array;
  /** p_filesz and p_offset, where they should not be what the data's are. */
  readonly fileBytes?: bigint;
  readonly offset?: bigint;
  /** p_memsz; the data's length unless given. */
  readonly memoryBytes?: bigint;
  readonly alignment?: bigint;
}

export interface SectionPlan {
  readonly name: string;
  readonly type: number;
  readonly flags?: bigint;
  readonly start?: bigint;
  readonly data?: Uint8Array;
  readonly bytes?: bigint;
  readonly link?: number;
  readonly alignment?: bigint;
  readonly entryBytes?: bigint;
}

export interface ElfPlan extends ElfLayout {
  /** e_type: 4, a core, unless given. */
  readonly type?: number;
  readonly machine?: number;
  readonly segments?: readonly SegmentPlan[];
  /** After the null section; the names' own section is added last. */
  readonly sections?: readonly SectionPlan[];
  /** Put the number of program headers into section header 0, as for 65,535 and more. */
  readonly extended?: boolean;
  /** e_phnum or sh_info, where it should not be what it is. */
  readonly segmentCount?: number;
}

export const LAYOUTS: readonly ElfLayout[] = [
  { class: 64, endian: "little" },
  { class: 64, endian: "big" },
  { class: 32, endian: "little" },
  { class: 32, endian: "big" },
];

const NONE = new Uint8Array(0);

/** An ELF file: header, program headers, the segments' and the sections' bytes, section headers. */
export function buildElf(plan: ElfPlan): Uint8Array {
  const wide = plan.class === 64;
  const [headerBytes, segmentBytes, sectionBytes] = wide ? [64, 56, 64] : [52, 32, 40];
  const segments = plan.segments ?? [];
  const names = new ByteWriter(plan).u8(0);
  const wanted = plan.sections ?? [];
  const nameOffsets = wanted.map(({ name }) => {
    const at = names.length;
    names.text(name);
    return at;
  });
  const sections: SectionPlan[] =
    wanted.length > 0 ? [...wanted, { name: "", type: 3, data: names.done() }] : [];
  const pieces: Uint8Array[] = [];
  let at = headerBytes + segments.length * segmentBytes;
  const place = (data: Uint8Array) => {
    const offset = at;
    pieces.push(data);
    at += data.length;
    return BigInt(offset);
  };
  const segmentOffsets = segments.map(({ data }) => place(data ?? NONE));
  const sectionOffsets = sections.map(({ data }) => place(data ?? NONE));
  const hasSections = sections.length > 0 || plan.extended;
  const count = plan.segmentCount ?? segments.length;

  const head = new ByteWriter(plan);
  head
    .bytes(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, plan.endian === "little" ? 1 : 2, 1))
    .zeros(9);
  head
    .u16(plan.type ?? 4)
    .u16(plan.machine ?? 62)
    .u32(1)
    .word(0);
  head
    .word(segments.length > 0 || count > 0 ? headerBytes : 0)
    .word(hasSections ? at : 0)
    .u32(0);
  head
    .u16(headerBytes)
    .u16(segmentBytes)
    .u16(plan.extended ? 0xffff : count);
  head
    .u16(sectionBytes)
    .u16(hasSections ? sections.length + 1 : 0)
    .u16(sections.length);

  const tables = segments.map((segment, index) => {
    const data = segment.data ?? NONE;
    const writer = new ByteWriter(plan).u32(segment.type);
    if (wide) writer.u32(segment.flags ?? 4);
    writer
      .word(segment.offset ?? segmentOffsets[index] ?? 0n)
      .word(segment.start ?? (segment.type === 4 && plan.type === 3 ? (segmentOffsets[index] ?? 0n) : 0n))
      .word(0);
    writer.word(segment.fileBytes ?? data.length).word(segment.memoryBytes ?? data.length);
    if (!wide) writer.u32(segment.flags ?? 4);
    return writer.word(segment.alignment ?? 1n).done();
  });

  const tail = new ByteWriter(plan);
  if (hasSections) {
    tail.u32(0).u32(0).word(0).word(0).word(0).word(0).u32(0);
    tail
      .u32(plan.extended ? count : 0)
      .word(0)
      .word(0);
  }
  for (const [index, section] of sections.entries()) {
    tail
      .u32(nameOffsets[index] ?? 0)
      .u32(section.type)
      .word(section.flags ?? 0n)
      .word(section.start ?? 0n);
    tail.word(sectionOffsets[index] ?? 0n).word(section.bytes ?? section.data?.length ?? 0);
    tail
      .u32(section.link ?? 0)
      .u32(0)
      .word(section.alignment ?? 1n)
      .word(section.entryBytes ?? 0n);
  }
  return join([head.done(), ...tables, ...pieces, tail.done()]);
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

export interface NotePlan {
  readonly owner: string;
  readonly type: number;
  readonly descriptor: Uint8Array;
}

/** The contents of a PT_NOTE segment. */
export function buildNotes(layout: ElfLayout, notes: readonly NotePlan[], alignment: 4 | 8 = 4): Uint8Array {
  const writer = new ByteWriter(layout);
  for (const { owner, type, descriptor } of notes) {
    writer
      .u32(owner.length + 1)
      .u32(descriptor.length)
      .u32(type)
      .text(owner)
      .align(alignment);
    writer.bytes(descriptor).align(alignment);
  }
  return writer.done();
}

export interface MappingPlan {
  readonly start: bigint;
  readonly end: bigint;
  /** In pages of 4096 bytes. */
  readonly page?: number;
  readonly path: string;
}

/** The descriptor of NT_FILE. */
export function buildFileNote(layout: ElfLayout, mappings: readonly MappingPlan[]): Uint8Array {
  const writer = new ByteWriter(layout).word(mappings.length).word(4096);
  for (const { start, end, page } of mappings)
    writer
      .word(start)
      .word(end)
      .word(page ?? 0);
  for (const { path } of mappings) writer.text(path);
  return writer.done();
}
