import type { FileMapping } from "../elf/index.ts";
import type { Image } from "./image.ts";
import { isHugeByName, isSharedByName } from "./shared-names.ts";

/**
 * Why memory is not in the dump, as far as a core tells:
 * `file` shows a mapped file's contents (program text, libraries); `shared` is shared memory by its name;
 * `huge` are hugetlbfs pages; `anonymous` has no file that NT_FILE knows (never touched, or excluded);
 * `unknown` stands for all of these where there is no NT_FILE; `cut off` was saved, but the file ends before it.
 */
export type NotSavedKind = "file" | "shared" | "huge" | "anonymous" | "unknown" | "cut off";

/** Memory that is mapped and not saved: unknown, never zero. */
export interface NotSaved {
  readonly bytes: bigint;
  /** Parts that sum to `bytes`; none is empty. */
  readonly kinds: readonly { readonly kind: NotSavedKind; readonly bytes: bigint }[];
  /**
   * Bits that a coredump_filter must have to save this too, over the default's; 0 where none would help
   * (Linux Documentation/filesystems/proc.rst).
   */
  readonly filterBits: number;
}

/** Bits of /proc/PID/coredump_filter: 1 anonymous shared, 2 file private, 3 file shared, 5 and 6 huge pages. */
const FILTER_BITS: Readonly<Record<NotSavedKind, number>> = {
  file: (1 << 2) | (1 << 3),
  shared: (1 << 1) | (1 << 3),
  huge: (1 << 5) | (1 << 6),
  // Anonymous private memory is saved by default (bit 0): what is missing was never touched, or the program
  // asked for it to be left out (madvise(2), MADV_DONTDUMP), or the filter had been cleared.
  anonymous: 1 << 0,
  unknown: 0,
  "cut off": 0,
};
/** Bits 0, 1, 4 and 5: what Linux has unless told otherwise. */
export const DEFAULT_COREDUMP_FILTER = 0x33;

/** Adds up what is mapped, by program headers or by NT_FILE (gcore mentions some in the latter only), and not saved. */
export function describeNotSaved(image: Image): NotSaved {
  const totals = new Map<NotSavedKind, bigint>();
  const add = (kind: NotSavedKind, bytes: bigint) => {
    if (bytes > 0n) totals.set(kind, (totals.get(kind) ?? 0n) + bytes);
  };
  const addFiles = (start: bigint, end: bigint): bigint => {
    let covered = 0n;
    for (const mapping of image.mappingsIn(start, end)) {
      const bytes = (mapping.end < end ? mapping.end : end) - (mapping.start > start ? mapping.start : start);
      covered += bytes;
      add(kindOf(mapping), bytes);
    }
    return covered;
  };
  const { table } = image;
  const withoutFile = image.mappings.length > 0 ? "anonymous" : "unknown";
  let end = 0n;
  for (let index = 0; index < table.count; index += 1) {
    const start = table.starts[index] ?? 0n;
    addFiles(end, start);
    end = start + (table.sizes[index] ?? 0n);
    const missing = table.missing[index] ?? 0n;
    const unsaved = start + BigInt(table.saved[index] ?? 0) + missing;
    add("cut off", missing);
    if (unsaved < end) add(withoutFile, end - unsaved - addFiles(unsaved, end));
  }
  addFiles(end, 1n << 64n);
  const kinds = [...totals].map(([kind, bytes]) => ({ kind, bytes }));
  kinds.sort((a, b) => (a.bytes > b.bytes ? -1 : a.bytes < b.bytes ? 1 : a.kind < b.kind ? -1 : 1));
  return {
    bytes: kinds.reduce((sum, { bytes }) => sum + bytes, 0n),
    kinds,
    filterBits: kinds.reduce((bits, { kind }) => bits | FILTER_BITS[kind], 0) & ~DEFAULT_COREDUMP_FILTER,
  };
}

function kindOf(mapping: FileMapping): NotSavedKind {
  if (isHugeByName(mapping)) return "huge";
  return isSharedByName(mapping) ? "shared" : "file";
}
