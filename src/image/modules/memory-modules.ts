import { SegmentFlag, SegmentType } from "../../elf/index.ts";
import type { Core } from "../core.ts";
import type { Image } from "../image.ts";
import { readDynamic } from "./dynamic.ts";
import { type Place, placesOf } from "./layout.ts";
import { loadedSpan } from "./load-bias.ts";
import { firstBias, type MemoryElf, type MemoryElfReader } from "./memory-elf.ts";

/** A module that is known by its ELF header in memory alone. */
export interface MemoryModule {
  readonly elf: MemoryElf;
  readonly start: bigint;
  readonly end: bigint;
  /** Address in memory minus address in the file. */
  readonly bias: bigint;
  readonly places: readonly Place[];
  /** Where its dynamic section is; null where it has none. */
  readonly dynamic: bigint | null;
  /** DT_SONAME; empty where it has none, or it is not saved. Untrusted. */
  readonly name: string;
  /** It asks for an interpreter, as libraries do not. */
  readonly isProgram: boolean;
}

const PT_INTERP = 3;
/** d_tag (gABI, "Dynamic Section"). */
const DT_STRTAB = 5n;
const DT_SONAME = 14n;
const MOST_NAME_BYTES = 4096;
/** Linux allows 65,530 mappings unless told otherwise; a hostile core has millions of segments. */
const MOST_SEGMENTS = 1 << 18;
const MOST_MODULES = 4096;

/**
 * The modules whose ELF headers begin a segment and whose load segments lie as the headers say, sorted by start. What
 * is mapped flat, as data, is none of them.
 */
export function readMemoryModules(core: Core, reader: MemoryElfReader, pageBytes: number): MemoryModule[] {
  const { image, warnings } = core;
  const modules: MemoryModule[] = [];
  const count = Math.min(image.segmentCount, MOST_SEGMENTS);
  if (count < image.segmentCount) {
    warnings.add("module headers", `ELF headers are looked for in the first ${count} segments only`);
  }
  for (let index = 0; index < count && modules.length < MOST_MODULES; index += 1) {
    const range = image.segment(index);
    const elf = range.extent.bytes === 0 ? null : reader.read(range);
    if (elf === null || elf === "unknown") continue;
    const bias = firstBias(elf.segments, range, pageBytes);
    const span = bias === null ? null : loadedSpan(elf.segments, bias, pageBytes);
    if (bias === null || span === null || span.start !== range.start) continue;
    const places = placesOf(elf.segments, bias, pageBytes);
    if (!isWhereItSays(image, elf, places, bias)) continue;
    modules.push({ elf, ...span, bias, places, ...describe(image, elf, bias) });
  }
  return modules;
}

function isWhereItSays(image: Image, { header }: MemoryElf, places: readonly Place[], bias: bigint): boolean {
  if (header.type === "executable" ? bias !== 0n : header.type !== "shared") return false;
  return places.every((place) => isAllowed(image, place)) && hasOwnSegments(image, places);
}

function isAllowed(image: Image, { start, end, flags }: Place): boolean {
  const segment = image.segmentAt(start);
  const isWritable = (flags & SegmentFlag.WRITE) !== 0;
  // gcore leaves read-only files out altogether.
  if (segment === null) return !isWritable || start === end;
  const [, write, execute] = segment.permissions;
  return (write !== "w" || isWritable) && (execute === "x") === ((flags & SegmentFlag.EXECUTE) !== 0);
}

/** Parts that may be executed or written are segments of their own; flat data is one. */
function hasOwnSegments(image: Image, places: readonly Place[]): boolean {
  const [first, ...others] = places;
  if (first === undefined) return false;
  const head = image.segmentAt(first.start);
  return others.every(
    ({ start, end, flags }) => start === end || flags === first.flags || head === null || start >= head.end,
  );
}

function describe(
  image: Image,
  { segments, header }: MemoryElf,
  bias: bigint,
): Pick<MemoryModule, "dynamic" | "name" | "isProgram"> {
  const isProgram = segments.some(({ type }) => type === PT_INTERP) || header.type === "executable";
  const found = segments.find(({ type }) => type === SegmentType.DYNAMIC);
  if (found === undefined) return { dynamic: null, name: "", isProgram };
  const dynamic = BigInt.asUintN(64, bias + found.start);
  const entries = readDynamic(image, dynamic);
  const [names, offset] = [entries.get(DT_STRTAB), entries.get(DT_SONAME)];
  if (names === undefined || offset === undefined) return { dynamic, name: "", isProgram };
  // glibc adds the bias to it on most machines, musl does not.
  const at = names < bias ? names + bias : names;
  return { dynamic, name: image.readText(at + offset, MOST_NAME_BYTES) ?? "", isProgram };
}
