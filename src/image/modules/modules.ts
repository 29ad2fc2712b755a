import type { FileMapping } from "../../elf/index.ts";
import { type Address, address, type Range } from "../../terms/index.ts";
import type { Core } from "../core.ts";
import { readLinkMap } from "./link-map.ts";
import { loadBias, loadedSpan } from "./load-bias.ts";
import { type MemoryElf, MemoryElfReader } from "./memory-elf.ts";

/**
 * A file in the process's memory, or the vdso. [start, end) spans its mappings, the gaps between them, and its
 * .bss where its program headers are known.
 */
export interface Module extends Range {
  /** As the process saw it; `[vdso]` for the vdso, which is no file. Untrusted. */
  readonly path: string;
  /** The file had been deleted or replaced: what is at the path now is not this. */
  readonly deleted: boolean;
  /** Sorted by start; empty where they are known from the link map or the auxiliary vector alone. */
  readonly mappings: readonly FileMapping[];
  /** Whether it is an ELF file; null where its first page is not saved. */
  readonly isElf: boolean | null;
  /** In lower-case hex, from memory; null where it has none or it is not saved. */
  readonly buildId: string | null;
  /**
   * Address in memory minus address in the file; null where memory does not say: `loadBias` computes it from
   * `mappings` and the file's own segments.
   */
  readonly loadBias: bigint | null;
}

/** The path of the vdso, which is no file. */
export const VDSO = "[vdso]";

/** Most machines' pages; only used where neither NT_AUXV nor the module's segments say. */
const USUAL_PAGE_BYTES = 4096;
/** Without headers: a mapping of an earlier part of the file after a wider gap than this is another module. */
const WIDEST_GAP = 4n << 20n;

/** More than any program maps; a hostile core names half a million files. */
const MOST_MODULES = 1 << 14;

/** Bytes of a page of the machine that made the core. */
export function pageBytesOf(core: Core): number {
  return core.notes.auxiliary?.pageBytes ?? USUAL_PAGE_BYTES;
}

/**
 * The modules of a core, sorted by start: from NT_FILE, else from the dynamic linker's list, and the vdso.
 * Files that are mapped as data are among them: `isElf` tells, where it is known.
 */
export function readModules(core: Core): Module[] {
  const reader = new MemoryElfReader(core.image, core.warnings);
  const vdso = readVdso(core, reader);
  const modules = core.notes.mappings === null ? fromLinkMap(core, reader) : groupMappings(core, reader);
  if (vdso) modules.push(vdso);
  return modules.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

/**
 * The module that an address belongs to: one that maps it, else one that spans it (.bss, a gap), the nearest
 * start first. `modules` as `readModules` returns them.
 */
export function findModule(modules: readonly Module[], at: bigint): Module | null {
  let spanning: Module | null = null;
  for (const module of modules) {
    if (at < module.start) break;
    if (at >= module.end) continue;
    if (module.mappings.some(({ start, end }) => start <= at && at < end)) return module;
    spanning = module;
  }
  return spanning;
}

interface Group {
  readonly mappings: FileMapping[];
  readonly elf: MemoryElf | null | "unknown";
  readonly loadBias: bigint | null;
  /** Where its headers say that it ends; null where they are not known. */
  readonly end: bigint | null;
}

/** Joins the mappings of one file at one bias. They may have gaps and other files between them. */
function groupMappings(core: Core, reader: MemoryElfReader): Module[] {
  const groups: Group[] = [];
  const latest = new Map<string, Group>();
  for (const mapping of core.image.mappings) {
    const key = `${mapping.deleted ? "-" : "+"}${mapping.path}`;
    const group = latest.get(key);
    if (group && continues(group, mapping)) {
      group.mappings.push(mapping);
    } else if (groups.length === MOST_MODULES) {
      core.warnings.add(
        "module count",
        `mapped files are more than ${MOST_MODULES}; the rest are no modules`,
      );
    } else {
      const started = startGroup(core, reader, mapping);
      groups.push(started);
      latest.set(key, started);
    }
  }
  return groups.map((group, index) =>
    finishGroup(core, group, groups[index + 1]?.mappings[0]?.start ?? null),
  );
}

function startGroup(core: Core, reader: MemoryElfReader, mapping: FileMapping): Group {
  const elf = mapping.fileOffset === 0n ? reader.read(mapping) : "unknown";
  if (elf === null || elf === "unknown") return { mappings: [mapping], elf, loadBias: null, end: null };
  const bias = loadBias(elf.segments, [mapping], pageBytesOf(core));
  const span = bias === null ? null : loadedSpan(elf.segments, bias, pageBytesOf(core));
  return { mappings: [mapping], elf, loadBias: bias, end: span?.end ?? null };
}

function continues(group: Group, mapping: FileMapping): boolean {
  if (group.end !== null) return mapping.start < group.end;
  const last = group.mappings.at(-1);
  if (last === undefined) return true;
  return mapping.fileOffset > last.fileOffset || mapping.start - last.end < WIDEST_GAP;
}

function finishGroup(core: Core, group: Group, nextStart: bigint | null): Module {
  const { mappings, elf } = group;
  const [first] = mappings;
  const last = mappings.at(-1);
  if (first === undefined || last === undefined) throw new RangeError("module has no mapping");
  const isElf = elf === "unknown" ? null : elf !== null;
  const known = elf === null || elf === "unknown" ? null : elf;
  // Headers are not to be believed beyond where the next file begins.
  const claimed = group.end ?? 0n;
  const limit = nextStart === null || nextStart < last.end ? null : nextStart;
  const end = limit !== null && claimed > limit ? limit : claimed;
  return {
    path: first.path,
    deleted: first.deleted,
    mappings,
    start: first.start,
    end: (end > last.end ? end : last.end) as Address,
    isElf,
    buildId: known?.buildId ?? null,
    loadBias: known === null ? null : loadBias(known.segments, mappings, pageBytesOf(core)),
  };
}

/** No NT_FILE: what the dynamic linker lists, each with the headers nearest below its dynamic section. */
function fromLinkMap(core: Core, reader: MemoryElfReader): Module[] {
  const modules: Module[] = [];
  const vdso = core.notes.auxiliary?.vdso ?? null;
  for (const object of readLinkMap(core) ?? []) {
    const found = findHeaders(core, reader, object.dynamic, object.loadBias);
    if (found !== null && found.start === vdso) continue;
    const segment = core.image.segmentAt(object.dynamic);
    if (found === null && segment === null) continue;
    modules.push({
      path: object.name === "" ? executablePath(core) : object.name,
      deleted: false,
      mappings: [],
      start: address(found?.start ?? segment?.start ?? 0n),
      end: (found?.end ?? segment?.end ?? 0n) as Address,
      isElf: true,
      buildId: found?.elf.buildId ?? null,
      loadBias: object.loadBias,
    });
  }
  return modules;
}

/** A module has a dozen segments at most between its first page and its dynamic section. */
const MOST_SEGMENTS_BACK = 32;

function findHeaders(
  core: Core,
  reader: MemoryElfReader,
  dynamic: bigint,
  bias: bigint,
): { elf: MemoryElf; start: bigint; end: bigint } | null {
  const { image } = core;
  const last = image.table.lastAtOrBelow(dynamic);
  for (let index = last; index >= 0 && index > last - MOST_SEGMENTS_BACK; index -= 1) {
    const segment = image.segment(index);
    const elf = reader.read(segment);
    if (elf === null || elf === "unknown") continue;
    const span = loadedSpan(elf.segments, bias, pageBytesOf(core));
    if (span?.start === segment.start && dynamic < span.end) return { elf, ...span };
  }
  return null;
}

/** The path that the program was started by, from its stack; else its short name. */
export function executablePath(core: Core): string {
  const at = core.notes.auxiliary?.execName ?? null;
  const path = at === null ? null : core.image.readText(at);
  return path !== null && path !== "" ? path : (core.notes.process?.name ?? "");
}

function readVdso(core: Core, reader: MemoryElfReader): Module | null {
  const at = core.notes.auxiliary?.vdso ?? null;
  const segment = at === null ? null : core.image.segmentAt(at);
  if (at === null || segment === null || core.image.mappingAt(at) !== null) return null;
  const elf = reader.read({ start: at, end: segment.end });
  const known = elf === null || elf === "unknown" ? null : elf;
  const first = known === null ? null : loadedSpan(known.segments, 0n, pageBytesOf(core));
  return {
    path: VDSO,
    deleted: false,
    mappings: [],
    start: at,
    end: segment.end,
    isElf: elf === "unknown" ? null : known !== null,
    buildId: known?.buildId ?? null,
    loadBias: first === null ? null : at - first.start,
  };
}
