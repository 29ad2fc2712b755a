import { type ElfHeader, type FileMapping, type Segment, SegmentFlag, SegmentType } from "../../elf/index.ts";
import type { Range } from "../../terms/index.ts";
import type { Image } from "../image.ts";

/** Where a load segment of a file lies in memory: [start, end) whole pages, of which [start, fileEnd) show the file. */
export interface Place {
  readonly start: bigint;
  readonly end: bigint;
  readonly fileEnd: bigint;
  /** Of the page that `start` shows. */
  readonly fileOffset: bigint;
  /** p_flags. */
  readonly flags: number;
}

/** More than any linker makes. */
const MOST_PLACES = 128;

/** Where the load segments lie at a bias (Linux fs/binfmt_elf.c, elf_map; glibc elf/dl-map-segments.h). */
export function placesOf(segments: readonly Segment[], bias: bigint, pageBytes: number): Place[] {
  const page = BigInt(pageBytes);
  const floor = (at: bigint) => at - (at % page);
  const ceil = (at: bigint) => floor(at + page - 1n);
  return segments
    .filter(({ type }) => type === SegmentType.LOAD)
    .slice(0, MOST_PLACES)
    .map(({ start, memoryBytes, extent, missingBytes, fileOffset, flags }) => {
      const fileBytes = BigInt(extent.bytes) + missingBytes;
      return {
        start: bias + floor(start),
        end: bias + ceil(start + memoryBytes),
        fileEnd: fileBytes === 0n ? bias + floor(start) : bias + ceil(start + fileBytes),
        fileOffset: floor(fileOffset),
        flags,
      };
    });
}

/** The place that shows the file's byte at `fileOffset` at the address. */
export function placeAt(places: readonly Place[], at: bigint, fileOffset: bigint): Place | null {
  return (
    places.find(
      (place) =>
        place.start <= at && at < place.fileEnd && fileOffset - place.fileOffset === at - place.start,
    ) ?? null
  );
}

/** The places that a mapping shows, one after the other, and where the first address is that none has. */
export function placesUnder(
  places: readonly Place[],
  mapping: FileMapping,
): { readonly under: readonly Place[]; readonly end: bigint } {
  const under: Place[] = [];
  let at: bigint = mapping.start;
  while (at < mapping.end) {
    const place = placeAt(places, at, mapping.fileOffset + (at - mapping.start));
    if (place === null) break;
    under.push(place);
    at = place.fileEnd;
  }
  return { under, end: at };
}

/**
 * Whether an ELF file that is mapped from its start on was loaded. Programs also map ELF files as data, their own among
 * them, to read build IDs or debug information: flat, in one piece, or a part of it.
 * @param mappings of the file that begin with the one of its offset 0
 */
export function isLoaded(
  image: Image,
  header: ElfHeader,
  places: readonly Place[],
  bias: bigint,
  mappings: readonly FileMapping[],
): boolean {
  const [first] = mappings;
  if (first === undefined) return false;
  if (header.type === "executable" ? bias !== 0n : header.type !== "shared") return false;
  const { under, end } = placesUnder(places, first);
  const others = places.filter((place) => place.fileEnd > place.start && !under.includes(place));
  // musl maps a library in one piece first, whose holes stay: one that is where it should be proves more.
  if (others.length > 0) return mappings.some((mapping) => showsAny(others, mapping));
  return under.length > 0 && end >= first.end && areAllowed(image, first, under);
}

function showsAny(places: readonly Place[], { start, fileOffset }: FileMapping): boolean {
  return placeAt(places, start, fileOffset) !== null;
}

/** Whether all may be executed that is to be, where the core says what may. */
function areAllowed(image: Image, range: Range, places: readonly Place[]): boolean {
  const segment = image.segmentAt(range.start);
  return (
    segment === null ||
    segment.permissions.endsWith("x") ||
    places.every(({ flags }) => (flags & SegmentFlag.EXECUTE) === 0)
  );
}
