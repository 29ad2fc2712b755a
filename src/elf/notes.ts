import type { ByteSource } from "../bytes/index.ts";
import type { Extent } from "../terms/index.ts";
import type { ElfLayout } from "./layout.ts";
import { ELF_LIMITS } from "./limits.ts";
import type { Warnings } from "./warnings.ts";
import { Window } from "./window.ts";

/** One note: who defined it, of what type it is, and where in the file its descriptor lies. */
export interface Note {
  /** `CORE`, `LINUX`, `GNU`, …: at most 64 bytes of it, without the NUL. Untrusted. */
  readonly owner: string;
  readonly type: number;
  readonly descriptor: Extent;
}

const NOTE_HEADER_BYTES = 12;
const MOST_OWNER_BYTES = 64;

/** Notes are padded to 4 bytes, in files of 64 bit too; GNU property notes, which say so by p_align, to 8. */
export function noteAlignment(alignment: bigint): 4 | 8 {
  return alignment === 8n ? 8 : 4;
}

/**
 * The notes in [extent.offset, + extent.bytes), in order (gABI, "Note Section"). A note that leaves the extent
 * ends the walk with a warning; those before it stand.
 */
export function* readNotes(
  source: ByteSource,
  layout: ElfLayout,
  extent: Extent,
  alignment: 4 | 8,
  warnings: Warnings,
  limit: number = ELF_LIMITS.notes,
): Generator<Note> {
  const window = new Window(source, layout, extent.bytes);
  const align = (bytes: number) => Math.ceil(bytes / alignment) * alignment;
  let at = 0;
  for (let count = 0; at + NOTE_HEADER_BYTES <= extent.bytes; count += 1) {
    if (count === limit) {
      warnings.add("note count", `notes at ${extent.offset} are more than ${limit}; the rest are not read`);
      return;
    }
    const fields = window.at(extent.offset + at, NOTE_HEADER_BYTES + MOST_OWNER_BYTES);
    if (fields.length < NOTE_HEADER_BYTES) return;
    const ownerBytes = fields.u32(0);
    const descriptorBytes = fields.u32(4);
    const descriptor = at + align(NOTE_HEADER_BYTES + ownerBytes);
    const end = descriptor + descriptorBytes;
    if (end > extent.bytes) {
      warnings.add(
        "note end",
        `note at ${extent.offset + at} ends at ${extent.offset + end}, its segment at ${extent.offset + extent.bytes}`,
      );
      return;
    }
    yield {
      owner: fields.text(NOTE_HEADER_BYTES, Math.min(ownerBytes, MOST_OWNER_BYTES)),
      type: fields.u32(8),
      descriptor: { offset: extent.offset + descriptor, bytes: descriptorBytes },
    };
    at = align(end);
  }
}
