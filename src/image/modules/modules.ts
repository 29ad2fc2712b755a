import type { FileMapping } from "../../elf/index.ts";
import { type Address, address, type Range } from "../../terms/index.ts";
import type { Core } from "../core.ts";
import { isLoaded, type Place, placeAt, placesOf } from "./layout.ts";
import { readLinkMap } from "./link-map.ts";
import { loadBias, loadedSpan } from "./load-bias.ts";
import { type MemoryElf, MemoryElfReader } from "./memory-elf.ts";
import { type MemoryModule, readMemoryModules } from "./memory-modules.ts";

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
  /** False for files that are mapped as data, ELF files among them; null where its first page is not saved. */
  readonly isLoaded: boolean | null;
  /** In lower-case hex, from memory; null where it has none or it is not saved: `lacksBuildId` tells. */
  readonly buildId: string | null;
  /** Whether memory shows that it has none. */
  readonly lacksBuildId: boolean;
  /** Where its load segments lie, .bss among them; empty where its headers are not known. */
  readonly places: readonly Place[];
  /**
   * Address in memory minus address in the file; null where memory does not say: `loadBias` computes it from
   * `mappings` and the file's own segments.
   */
  readonly loadBias: bigint | null;
}

/** The path of the vdso, which is no file. */
export const VDSO = "[vdso]";

/** Most machines' pages; only used where no note says. */
const USUAL_PAGE_BYTES = 4096;
/** Without headers: a mapping of an earlier part of the file after a wider gap than this is another module. */
const WIDEST_GAP = 4n << 20n;

/** More than any program maps; a hostile core names half a million files. */
const MOST_MODULES = 1 << 14;

/** Bytes of a page of the machine that made the core. */
export function pageBytesOf(core: Core): number {
  return core.notes.pageBytes ?? USUAL_PAGE_BYTES;
}

/**
 * The modules of a core, sorted by start: from NT_FILE, else from the dynamic linker's list and the ELF headers in
 * memory, and the vdso. Files that are mapped as data are among them: `isLoaded` tells, where it is known.
 */
export function readModules(core: Core): Module[] {
  const reader = new MemoryElfReader(core.image, core.warnings, pageBytesOf(core));
  const vdso = readVdso(core, reader);
  const modules =
    core.notes.mappings === null ? withoutFileNote(core, reader, vdso) : groupMappings(core, reader);
  if (vdso) modules.push(vdso);
  return modules.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

/**
 * The module that an address belongs to: one that maps it, else one that has a load segment there (.bss), or, where its
 * headers are not known, spans it; the nearest start first. `modules` as `readModules` returns them.
 */
export function findModule(modules: readonly Module[], at: bigint): Module | null {
  let spanning: Module | null = null;
  for (const module of modules) {
    if (at < module.start) break;
    if (at >= module.end) continue;
    if (module.mappings.some(({ start, end }) => start <= at && at < end)) return module;
    if (hasUnmapped(module, at)) spanning = module;
  }
  return spanning;
}

function hasUnmapped({ isLoaded, places }: Module, at: bigint): boolean {
  if (isLoaded === false) return false;
  return places.length === 0 || places.some(({ start, end }) => start <= at && at < end);
}

interface Group {
  readonly mappings: FileMapping[];
  readonly elf: MemoryElf | null | "unknown";
  /** Where its load segments lie; empty where its headers are not known. */
  readonly places: readonly Place[];
  /** Where its headers say that it ends; null where they are not known. */
  readonly end: bigint | null;
}

/** A file has a dozen mappings at most that belong to one load of it. */
const MOST_MAPPINGS = 64;

/** Joins the mappings of one file at one bias. They may have gaps and other files between them. */
function groupMappings(core: Core, reader: MemoryElfReader): Module[] {
  const groups: Group[] = [];
  const latest = new Map<string, Group>();
  const byFile = groupByFile(core.image.mappings);
  const seen = new Map<string, number>();
  for (const mapping of core.image.mappings) {
    const key = fileKey(mapping);
    const index = seen.get(key) ?? 0;
    seen.set(key, index + 1);
    const group = latest.get(key);
    if (group && continues(group, mapping)) {
      group.mappings.push(mapping);
    } else if (groups.length === MOST_MODULES) {
      core.warnings.add(
        "module count",
        `mapped files are more than ${MOST_MODULES}; the rest are no modules`,
      );
    } else {
      const started = startGroup(core, reader, byFile.get(key)?.slice(index, index + MOST_MAPPINGS) ?? []);
      groups.push({ ...started, mappings: [mapping] });
      latest.set(key, groups.at(-1) ?? started);
    }
  }
  return groups.map((group, index) =>
    finishGroup(core, group, groups[index + 1]?.mappings[0]?.start ?? null),
  );
}

function groupByFile(mappings: readonly FileMapping[]): Map<string, FileMapping[]> {
  const groups = new Map<string, FileMapping[]>();
  for (const mapping of mappings) {
    const key = fileKey(mapping);
    const group = groups.get(key);
    if (group) group.push(mapping);
    else groups.set(key, [mapping]);
  }
  return groups;
}

function fileKey({ deleted, path }: FileMapping): string {
  return `${deleted ? "-" : "+"}${path}`;
}

/** @param following mappings of one file, of which the group has the first */
function startGroup(core: Core, reader: MemoryElfReader, following: FileMapping[]): Group {
  const [mapping] = following;
  const none: Group = { mappings: [], elf: "unknown", places: [], end: null };
  if (mapping === undefined || mapping.fileOffset !== 0n) return none;
  const elf = reader.read(mapping, following);
  if (elf === null || elf === "unknown") return { ...none, elf };
  const bias = loadBias(elf.segments, [mapping], pageBytesOf(core));
  if (bias === null) return { ...none, elf };
  const span = loadedSpan(elf.segments, bias, pageBytesOf(core));
  return {
    mappings: [],
    elf,
    places: placesOf(elf.segments, bias, pageBytesOf(core)),
    end: span?.end ?? null,
  };
}

function continues(group: Group, mapping: FileMapping): boolean {
  if (group.end !== null) {
    if (mapping.start >= group.end) return false;
    return mapping.fileOffset !== 0n || placeAt(group.places, mapping.start, 0n) !== null;
  }
  const last = group.mappings.at(-1);
  if (last === undefined) return true;
  return mapping.fileOffset > last.fileOffset || mapping.start - last.end < WIDEST_GAP;
}

function finishGroup(core: Core, group: Group, nextStart: bigint | null): Module {
  const { mappings, elf } = group;
  const [first] = mappings;
  const last = mappings.at(-1);
  if (first === undefined || last === undefined) throw new RangeError("module has no mapping");
  const known = elf === null || elf === "unknown" ? null : elf;
  const bias = known === null ? null : loadBias(known.segments, mappings, pageBytesOf(core));
  const module = {
    path: first.path,
    deleted: first.deleted,
    mappings,
    start: first.start,
    isElf: elf === "unknown" ? null : known !== null,
    buildId: known?.buildId ?? null,
    lacksBuildId: known?.lacksBuildId ?? false,
  };
  const loaded =
    known !== null && bias !== null && isLoaded(core.image, known.header, group.places, bias, mappings);
  if (!loaded) {
    const isUnknown = elf === "unknown";
    return { ...module, isLoaded: isUnknown ? null : false, end: last.end, loadBias: null, places: [] };
  }
  // Headers are not to be believed beyond where the next file begins.
  const claimed = group.end ?? 0n;
  const limit = nextStart === null || nextStart < last.end ? null : nextStart;
  const end = limit !== null && claimed > limit ? limit : claimed;
  return {
    ...module,
    isLoaded: true,
    end: (end > last.end ? end : last.end) as Address,
    loadBias: bias,
    places: group.places,
  };
}

/** No NT_FILE: what the dynamic linker lists, and what else has ELF headers in memory and lies as they say. */
function withoutFileNote(core: Core, reader: MemoryElfReader, vdso: Module | null): Module[] {
  const inMemory = readMemoryModules(core, reader, pageBytesOf(core));
  const modules: Module[] = [];
  const named = new Set<bigint>(vdso === null ? [] : [vdso.start]);
  for (const object of readLinkMap(core, inMemory) ?? []) {
    const found = inMemory.find(
      ({ bias, start, end }) => bias === object.loadBias && start <= object.dynamic && object.dynamic < end,
    );
    const segment = core.image.segmentAt(object.dynamic);
    const start = found?.start ?? segment?.start ?? null;
    if (start === null || start === vdso?.start || (found && named.has(start))) continue;
    named.add(start);
    const path = object.name === "" ? executablePath(core) : object.name;
    modules.push(
      found
        ? fromMemory(found, path)
        : {
            ...{ path, deleted: false, mappings: [], isElf: true, isLoaded: true },
            ...{ start: address(start), end: (segment?.end ?? start) as Address },
            ...{ buildId: null, lacksBuildId: false, loadBias: object.loadBias, places: [] },
          },
    );
  }
  for (const found of inMemory) {
    if (named.has(found.start)) continue;
    modules.push(fromMemory(found, found.isProgram ? executablePath(core) : found.name));
  }
  return modules;
}

function fromMemory({ elf, start, end, bias, places }: MemoryModule, path: string): Module {
  return {
    ...{ path, deleted: false, mappings: [], isElf: true, isLoaded: true },
    ...{ start: address(start), end: end as Address, loadBias: bias, places },
    ...{ buildId: elf.buildId, lacksBuildId: elf.lacksBuildId },
  };
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
    isLoaded: elf === "unknown" ? null : known !== null,
    buildId: known?.buildId ?? null,
    lacksBuildId: known?.lacksBuildId ?? false,
    loadBias: first === null ? null : at - first.start,
    places: [],
  };
}
