import { fstatSync } from "node:fs";
import { isFileSource } from "../../bytes/index.ts";
import { type ElfFile, type FileMapping, type Segment, SegmentType } from "../../elf/index.ts";
import type { Core } from "../core.ts";
import { loadBias, loadedSpan } from "./load-bias.ts";
import { type Module, pageBytesOf } from "./modules.ts";

/** Whether a file is the one that was loaded as a module, and how that is known. */
export interface ModuleMatch {
  readonly matches: boolean;
  /** By what, or why not: a clause whose subject is the file. */
  readonly why: string;
  /** Address in memory minus address in the file; null where the file does not match. */
  readonly loadBias: bigint | null;
}

/**
 * Compares a file with a module: by their build IDs where memory has the module's, which settles it; else the file
 * must hold what was mapped, have load segments where most mappings say, and not be newer than the core.
 */
export function matchModule(core: Core, module: Module, file: ElfFile): ModuleMatch {
  const no = (why: string): ModuleMatch => ({ matches: false, why, loadBias: null });
  const { header } = file;
  if (header.machine !== core.header.machine || header.class !== core.header.class) {
    return no(`is for ${header.machineName}, the core is from ${core.header.machineName}`);
  }
  const page = pageBytesOf(core);
  const bias = module.loadBias ?? loadBias(file.segments, module.mappings, page);
  if (module.buildId !== null) {
    if (file.buildId === null) return no(`has no build ID, the module in memory has ${module.buildId}`);
    if (file.buildId !== module.buildId) {
      return no(`has the build ID ${file.buildId}, the module in memory has ${module.buildId}`);
    }
    return bias === null
      ? no("is mapped nowhere as its segments say")
      : { matches: true, why: "build ID", loadBias: bias };
  }
  if (module.isElf === true && file.buildId !== null) {
    return no(`has the build ID ${file.buildId}, the module in memory has none`);
  }
  if (module.deleted) return no("replaced the one that was loaded, which had been deleted");
  if (bias === null) return no("has no load segment where it is mapped");
  if (module.mappings.length === 0) {
    const span = loadedSpan(file.segments, bias, page);
    return span?.start === module.start
      ? { matches: true, why: "place", loadBias: bias }
      : no("has its load segments elsewhere");
  }
  if (isNewer(core, file)) return no("is newer than the core, and no build ID tells whether it is the same");
  const misfit = findMisfit(module.mappings, file, bias, BigInt(page));
  return misfit === null ? { matches: true, why: "layout", loadBias: bias } : no(misfit);
}

/** What keeps a file from being the one that was mapped; null for nothing. */
function findMisfit(
  mappings: readonly FileMapping[],
  file: ElfFile,
  bias: bigint,
  page: bigint,
): string | null {
  const size = BigInt(file.source.size);
  const fileEnd = size + ((page - (size % page)) % page);
  let explained = 0;
  for (const mapping of mappings) {
    const mappedEnd = mapping.fileOffset + (mapping.end - mapping.start);
    if (mappedEnd > fileEnd) return `has ${size} bytes, ${mappedEnd} of it were mapped`;
    if (file.segments.some((segment) => explains(segment, mapping, bias, page))) explained += 1;
  }
  // Not all: libffi maps a page of itself once more for its trampolines.
  return 2 * explained > mappings.length ? null : "has other load segments than were mapped";
}

function explains(segment: Segment, mapping: FileMapping, bias: bigint, page: bigint): boolean {
  const { fileOffset } = segment;
  const inFile = BigInt(segment.extent.bytes) + segment.missingBytes;
  const into = mapping.fileOffset - (fileOffset - (fileOffset % page));
  return (
    segment.type === SegmentType.LOAD &&
    into >= 0n &&
    mapping.fileOffset < fileOffset + inFile &&
    mapping.start === bias + (segment.start - (segment.start % page)) + into
  );
}

function isNewer(core: Core, file: ElfFile): boolean {
  const { source } = core.image;
  if (!isFileSource(source) || !isFileSource(file.source)) return false;
  return fstatSync(file.source.fd).mtimeMs > fstatSync(source.fd).mtimeMs;
}
