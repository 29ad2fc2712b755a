import { type ElfFile, type FileMapping, SegmentFlag } from "../../elf/index.ts";
import { formatAddress } from "../../terms/index.ts";
import type { Image } from "../image.ts";
import { type Place, placesOf, placesUnder } from "./layout.ts";

/** Of a load segment; one that differs does so in its first pages or nearly everywhere. */
const MOST_COMPARED_BYTES = 1 << 20;
const PIECE_BYTES = 1 << 16;

/** What keeps a file from being the one that was mapped; null for nothing. Without mappings bytes alone tell. */
export function findMisfit(
  image: Image,
  mappings: readonly FileMapping[],
  file: ElfFile,
  bias: bigint,
  pageBytes: number,
): string | null {
  const places = placesOf(file.segments, bias, pageBytes);
  return (
    findTooShort(image, mappings, file, places, BigInt(pageBytes)) ??
    findUnexplained(image, mappings, places) ??
    findMissing(image, mappings, places) ??
    findOtherBytes(image, file, places)
  );
}

function findTooShort(
  image: Image,
  mappings: readonly FileMapping[],
  file: ElfFile,
  places: readonly Place[],
  page: bigint,
): string | null {
  const size = BigInt(file.source.size);
  const fileEnd = size + ((page - (size % page)) % page);
  for (const mapping of mappings) {
    // The loader maps all of a module at once, and leaves what lies between its segments as it was, without access: where segments
    // are apart by 64 KiB, as on aarch64, that reaches behind the file's end.
    if (isHole(mapping, places) && image.segmentAt(mapping.start)?.permissions === "---") continue;
    const mappedEnd = mapping.fileOffset + (mapping.end - mapping.start);
    if (mappedEnd > fileEnd) return `has ${size} bytes, ${mappedEnd} of it were mapped`;
  }
  return null;
}

function findUnexplained(
  image: Image,
  mappings: readonly FileMapping[],
  places: readonly Place[],
): string | null {
  if (mappings.length === 0) return null;
  const explained = mappings.filter((mapping) => isExplained(image, mapping, places));
  if (!explained.some(({ fileOffset }) => fileOffset === 0n)) return "has its first load segment elsewhere";
  // libffi maps a page of itself once more, for its trampolines; a hole between segments keeps what was mapped first.
  const isAgain = ({ fileOffset, start, end }: FileMapping) =>
    explained.some(
      (other) =>
        other.fileOffset <= fileOffset &&
        fileOffset - other.fileOffset + (end - start) <= other.end - other.start,
    );
  const wrong = mappings.find(
    (mapping) => !explained.includes(mapping) && !isAgain(mapping) && !isHole(mapping, places),
  );
  return wrong === undefined
    ? null
    : `has other load segments than were mapped at ${formatAddress(wrong.start)}`;
}

/** Whether a mapping lies behind a load segment, and shows none. */
function isHole({ start, end }: FileMapping, places: readonly Place[]): boolean {
  return (
    places.some((place) => place.end <= start) &&
    places.every((place) => place.end <= start || place.start >= end)
  );
}

/** Whether a mapping shows load segments up to an end of one, or the next mapping does, with what they allow. */
function isExplained(image: Image, mapping: FileMapping, places: readonly Place[]): boolean {
  const { under, end } = placesUnder(places, mapping);
  const last = under.at(-1);
  if (last === undefined) return false;
  // musl leaves the hole up to the next segment as it mapped it first.
  if (end < mapping.end && !places.some(({ start }) => start === mapping.end)) return false;
  const segment = image.segmentAt(mapping.start);
  if (segment === null) return true;
  const [, write, execute] = segment.permissions;
  const may = under.reduce((flags, place) => flags | place.flags, 0);
  return (
    (write !== "w" || (may & SegmentFlag.WRITE) !== 0) &&
    (execute === "x") === ((may & SegmentFlag.EXECUTE) !== 0)
  );
}

/** Each load segment must be mapped to its end, if it is mapped at all and not replaced, as text in huge pages is. */
function findMissing(
  image: Image,
  mappings: readonly FileMapping[],
  places: readonly Place[],
): string | null {
  if (mappings.length === 0) return null;
  for (const { start, fileEnd, fileOffset } of places) {
    if (fileEnd === start) continue;
    const isMapped = mappings.some((mapping) => mapping.start < fileEnd && mapping.end > start);
    const isWhole = mappings.some(
      (mapping) =>
        mapping.start < fileEnd &&
        mapping.end >= fileEnd &&
        mapping.fileOffset - fileOffset === mapping.start - start,
    );
    if (isMapped ? !isWhole : image.segmentAt(start) === null) {
      return `has a load segment that was not mapped at ${formatAddress(start)}`;
    }
  }
  return null;
}

function findOtherBytes(image: Image, file: ElfFile, places: readonly Place[]): string | null {
  for (const { start, fileEnd, fileOffset, flags } of places) {
    if ((flags & SegmentFlag.WRITE) !== 0) continue;
    const left = fileEnd - start;
    const bytes = left < BigInt(MOST_COMPARED_BYTES) ? Number(left) : MOST_COMPARED_BYTES;
    for (let at = 0; at < bytes; at += PIECE_BYTES) {
      // The last page's rest is zeros in memory and whatever follows in the file.
      const saved = new Uint8Array(Math.min(PIECE_BYTES, bytes - at));
      const inFile = new Uint8Array(saved.length);
      const both = Math.min(
        image.saved.read(start + BigInt(at), saved),
        file.source.read(Number(fileOffset) + at, inFile),
      );
      if (Buffer.compare(saved.subarray(0, both), inFile.subarray(0, both)) !== 0) {
        return `has other bytes than were mapped at ${formatAddress(start + BigInt(at))}`;
      }
    }
  }
  return null;
}
