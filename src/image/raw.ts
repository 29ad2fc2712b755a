import type { ByteSource } from "../bytes/index.ts";
import { type ElfLayout, SegmentFlag, SegmentType, Warnings } from "../elf/index.ts";
import { type Address, CoregramError, formatAddress } from "../terms/index.ts";
import { Image } from "./image.ts";
import { SavedMemory } from "./saved-memory.ts";
import { SegmentTableBuilder } from "./segment-table.ts";

/**
 * A file of plain memory, such as a heap, as one segment `rw-` from `base` on.
 * @throws CoregramError `usage` where it would leave the address space
 */
export function openRaw(
  source: ByteSource,
  base: Address,
  layout: ElfLayout = { class: 64, endian: "little" },
): Image {
  const top = layout.class === 64 ? 1n << 64n : 1n << 32n;
  if (base + BigInt(source.size) > top) {
    throw new CoregramError(
      "usage",
      `base ${formatAddress(base)} and ${source.size} bytes leave the address space`,
    );
  }
  const builder = new SegmentTableBuilder();
  builder.add({
    index: 0,
    type: SegmentType.LOAD,
    flags: SegmentFlag.READ | SegmentFlag.WRITE,
    start: base,
    memoryBytes: BigInt(source.size),
    extent: { offset: 0, bytes: source.size },
    fileOffset: 0n,
    missingBytes: 0n,
    alignment: 1n,
  });
  return new Image(new SavedMemory(source, builder.build(new Warnings())), layout);
}
