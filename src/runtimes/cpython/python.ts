import {
  bytesOutsidePools,
  CHUNKS_GUESSED,
  findArenas,
  findSegments,
  type Mallocng,
  MemoryReader,
  type MimallocSegment,
  mallocngSpans,
  type NamedAllocator,
  poolSpans,
  readMallocng,
  type Span,
  type Survey,
  spanAt,
  surveyMemory,
  writableSpans,
  zeroBytes,
} from "../../blocks/index.ts";
import { type Core, type Module, ModuleFiles, pageBytesOf, readThreads } from "../../image/index.ts";
import type { Crew } from "../../kernel/index.ts";
import { address, formatBytes, formatCount } from "../../terms/index.ts";
import type { Balance } from "../balance.ts";
import type { DetectOptions, NotDetected, TypeTotals } from "../runtime.ts";
import { disagreements, everywhere, readDebugOffsets } from "./layout/debug-offsets.ts";
import { detectLayout, mostReferences } from "./layout/detect.ts";
import { FREE_THREADED_LAYOUTS, LAYOUTS, type Layout } from "./layout/layout.ts";
import { balanceOf } from "./objects/balance.ts";
import { setBuffersApart } from "./objects/buffers.ts";
import { type Claims, claimMemory } from "./objects/claims.ts";
import { collectorRemark } from "./objects/collector-check.ts";
import { type CollectorState, findCollector } from "./objects/collector-state.ts";
import { type InternTable, setInternedApart } from "./objects/interned.ts";
import { findLoose } from "./objects/loose-objects.ts";
import { disjoint, findMapped, savedParts, sharedMemory } from "./objects/mapped.ts";
import { findObjects } from "./objects/objects.ts";
import { writePlan } from "./objects/plan.ts";
import { FREED, FREED_BYTES, LIVE, LIVE_BYTES, TALLY_WORDS } from "./objects/record-words.ts";
import type { Records } from "./objects/records.ts";
import { sizeDicts, sizeOthers } from "./objects/sizes.ts";
import { findStaticSpans, placeMarks, withoutBlocks } from "./objects/statics.ts";
import { kernelTableBytes, staticObjectBytes } from "./objects/table-bytes.ts";
import {
  hasClasses,
  isAllocatorKnown,
  looseRemark,
  replacedBy,
  spansOfModule,
} from "./objects/unknown-allocator.ts";
import { unknownVersion, withoutTypes } from "./refusals.ts";
import { ANY, ANY_FREE_THREADED } from "./structs/structs.ts";
import { findStackChunks } from "./threads/data-stacks.ts";
import { planTypes, type TypePlan } from "./types/kinds.ts";
import { nameTypes, type TypeName } from "./types/names.ts";
import { findTypeObjects, type TypeObjects } from "./types/type-objects.ts";
import { hasModules, unseenLayout, unseenRemark } from "./types/unseen.ts";

/** What a core says of its Python objects. Numbers are bytes or counts. */
export interface Python {
  readonly layout: Layout;
  readonly reader: MemoryReader;
  readonly survey: Survey;
  /** In the order of their addresses; records and the tally have their indices. */
  readonly types: readonly TypePlan[];
  /** The same types by their address. */
  readonly typeObjects: TypeObjects;
  /** By the address of a type. */
  readonly names: ReadonlyMap<number, TypeName>;
  readonly records: Records;
  readonly internTable: InternTable;
  /** What objects have mapped, by address and disjoint, as far as it is saved. */
  readonly mapped: readonly Span[];
  /** pymalloc's, by address. */
  readonly arenas: readonly Span[];
  /** musl's malloc; without groups where the process has another. */
  readonly mallocng: Mallocng;
  /** Null where it was not found. */
  readonly collector: CollectorState | null;
  readonly balance: Balance;
  /** Whose malloc it has where that is none whose blocks are known, by its module's name; null where there is no such name. */
  readonly replaced: NamedAllocator | null;
  /** Whether an allocator says which blocks were freed. */
  readonly isFreedKnown: boolean;
  /** What is to be said of the result, a line each. */
  readonly remarks: readonly string[];
}

/** The name of a type by its index; empty where there is none. */
export function typeNameOf({ types, names }: Pick<Python, "types" | "names">, type: number): string {
  return names.get(types[type]?.type.address ?? 0)?.name ?? "";
}

export interface ReadOptions extends DetectOptions {
  /** Those that are known, oldest first, if not all that there are. */
  readonly layouts?: readonly Layout[];
}

/**
 * Finds all types and objects of the CPython in a core. The records stay in the crew's memory.
 * @throws CoregramError as reading does, and `limit` where memory runs out
 */
export async function readPython(
  crew: Crew,
  core: Core,
  modules: readonly Module[],
  options: ReadOptions,
): Promise<Python | NotDetected> {
  if (core.header.class !== 64 || core.header.endian !== "little")
    return {
      reason: `a ${core.header.class}-bit ${core.header.endian}-endian process: objects are read of 64-bit little-endian ones`,
    };
  const reader = new MemoryReader(core.image);
  // Before types are looked for: without the GIL they begin with a longer header.
  const said = readDebugOffsets(reader, everywhere(findStaticSpans(core.image, modules, 0)));
  const isFreeThreaded = said?.isFreeThreaded ?? false;
  const any = isFreeThreaded ? ANY_FREE_THREADED : ANY;
  const survey = await surveyMemory(crew, core.image, options.progress, any.PyObject.sizeof);
  const types = findTypeObjects(reader, survey.candidates, any);
  if (types === null) return withoutTypes(said);
  const everyStatic = findStaticSpans(core.image, modules, types.root);
  const mallocng = readMallocng(core.image, reader, everyStatic.all);
  const groups = mallocngSpans(mallocng);
  const spans = withoutBlocks(everyStatic, groups);
  const debug = said !== null && spanAt([spans.own], said.address) !== null ? said : null;
  const known = isFreeThreaded ? FREE_THREADED_LAYOUTS : (options.layouts ?? LAYOUTS);
  const layout = detectLayout(reader, types, known) ?? unseenLayout(reader, types, known, debug);
  if (layout === null) return unknownVersion(types, debug, known);
  const files = new ModuleFiles(core, modules, options.root);
  try {
    // Objects are in saved memory, and junk must lead nowhere else: only these two look below it.
    const withFiles = new MemoryReader(core.image.over(files));
    const names = nameTypes(withFiles, layout, types);
    const newest = known.at(-1);
    const unseen = newest !== undefined && !known.includes(layout) ? newest : null;
    if (
      unseen !== null &&
      !(debug !== null && hasModules(reader, layout, types, (type) => names.get(type)?.name, debug))
    )
      return unknownVersion(types, debug, known);
    const plans = planTypes(layout, types, names);
    const statics = { spans, data: placeMarks(crew.memory, spans) };
    const plan = writePlan(crew, layout, plans, mostReferences(survey.bytes), statics.data);
    const arenas = findArenas(crew.memory, reader, survey, spans.own);
    const threads = readThreads(core);
    const isCode = (at: number) =>
      names.get(reader.u64(at + layout.structs.PyObject.ob_type))?.name === "builtins.code";
    const segments = isFreeThreaded ? findSegments(reader, writableSpans(core.image, "saved")) : [];
    const taken = [...arenas, ...segments, ...groups, ...spans.all].sort((a, b) => a.start - b.start);
    const isTaken = (at: number) => spanAt(taken, at) !== null;
    const dataStacks = findStackChunks(crew.memory, reader, survey, layout, isCode, isTaken);
    const inBlocks = await findObjects(
      crew,
      core.image,
      reader,
      survey,
      threads,
      plan,
      plans,
      layout,
      statics,
      segments,
      mallocng,
      [...arenas, ...segments, ...dataStacks],
    );
    const mapped = findMapped(crew.memory, reader, layout, types, names, plans, inBlocks, pageBytesOf(core));
    const allMapped = disjoint([...mapped, ...sharedMemory(core)]);
    const claims = claimMemory(core.image, modules, threads, {
      arenas,
      pools: poolSpans(crew.memory, survey),
      segments,
      groups,
      chunkSpans: inBlocks.chunkSpans,
      reservedSpans: inBlocks.reservedSpans,
      dataStacks,
      mapped: allMapped,
      statics: spans.all,
    });
    const loose = isAllocatorKnown(types, claims.unclaimedSpans)
      ? null
      : await findLoose(
          {
            crew,
            reader,
            survey,
            layout,
            plan,
            plans,
            spans: claims.unclaimedSpans,
          },
          inBlocks,
        );
    const records = loose?.records ?? inBlocks;
    if (loose !== null && !hasClasses(crew.memory, types, plans, records))
      return {
        reason: `CPython ${layout.version}, whose objects are in blocks of an allocator that is not known: most of its classes were not found there`,
      };
    const replaced = loose === null ? null : replacedBy(modules);
    const { unclaimedSpans } = claims;
    const theirs = [
      ...new Set([
        ...(loose?.spans ?? []),
        ...(replaced === null ? [] : spansOfModule(reader, spans.all, replaced, modules, unclaimedSpans)),
      ]),
    ];
    const otherTables = sizeOthers(crew.memory, withFiles, layout, plans, records);
    const large = await sizeDicts(crew, survey.pieces, plan, plans, records);
    const internTable = setInternedApart(crew.memory, reader, layout, records, large, spans);
    const buffers = setBuffersApart(crew.memory, reader, layout, plans, records);
    const inAll = (spansOf: readonly Span[], bytesIn: typeof zeroBytes) =>
      spansOf.reduce((sum, span) => sum + bytesIn(crew.memory, survey, span), 0);
    const ownMaps = savedParts(claims.map, mapped);
    const balance = balanceOf({
      records,
      claims,
      unusedArenas: inAll(arenas, bytesOutsidePools),
      untouchedStacks: inAll(claims.stacks, zeroBytes),
      untouchedTops: inAll(records.topSpans, zeroBytes),
      untouchedPages: inAll(
        segments.flatMap((segment) => [...freeSlices(segment)]),
        zeroBytes,
      ),
      untouchedMaps: inAll(savedParts(claims.map, allMapped), zeroBytes),
      untouchedRest: inAll(claims.unclaimedSpans, zeroBytes),
      tables: kernelTableBytes(plans, records) + otherTables,
      staticObjects: staticObjectBytes(new Uint32Array(crew.memory.buffer), layout, plans, records),
      internTable: internTable.bytes,
      buffers,
      loose: loose?.bytes ?? 0,
      otherAllocator: bytesOf(theirs) - inAll(theirs, zeroBytes) - (loose?.bytes ?? 0),
    });
    const collector = findCollector(reader, layout, spans, debug);
    const second =
      loose === null && collector !== null
        ? collectorRemark(crew.memory, reader, layout, collector, records, internTable.places)
        : null;
    const remarks = [
      ...(unseen === null ? [] : [unseenRemark(layout, unseen)]),
      ...(debug === null ? [] : disagreements(reader, debug, layout, types.all)),
      ...(loose === null ? remarksOn(survey, records, mallocng, balance) : [looseRemark(modules)]),
      ...defects(claims, balance),
      ...(second === null ? [] : [second]),
    ];
    return {
      layout,
      reader,
      survey,
      types: plans,
      typeObjects: types,
      names,
      records,
      internTable,
      mapped: ownMaps,
      arenas,
      mallocng,
      collector,
      balance,
      replaced,
      isFreedKnown: loose === null || survey.pools > 0 || inBlocks.sums.pages > 0,
      remarks,
    };
  } finally {
    files.close();
  }
}

/** Slices of a segment that are in no page. */
function* freeSlices({ infoEnd, end, pages }: MimallocSegment): Generator<Span> {
  let at = infoEnd;
  for (const { span } of pages) {
    if (span.start > at) yield { start: at, end: span.start };
    at = span.end;
  }
  if (end > at) yield { start: at, end };
}

function bytesOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}

function* remarksOn(
  survey: Survey,
  { sums, glibc }: Records,
  { groups, lostGroups }: Mallocng,
  balance: Balance,
): Generator<string> {
  if (survey.lostCandidates > 0) yield `${survey.lostCandidates} of what may be types were not looked at`;
  if (sums.lostPages > 0)
    yield `${formatCount(sums.lostPages)} of mimalloc's pages were being changed, or are damaged: left out`;
  if (lostGroups > 0)
    yield `${formatCount(lostGroups)} groups of musl's malloc were being changed, or are damaged: left out`;
  if (survey.pools === 0 && sums.pages === 0) yield withoutPools(balance);
  else if (survey.pools > 0 && groups.length === 0 && sums.chunks === 0 && sums.mappedBytes === 0)
    yield `no chunks of glibc's malloc: objects over 512 bytes are in ${formatBytes(balance.parts.unknown)} not told apart`;
  if (glibc.guessed.length > 0) yield CHUNKS_GUESSED;
  if (survey.tornPools > 0) yield `${survey.tornPools} pools were being changed, or are damaged: left out`;
  if (sums.lostChunkBytes > 0)
    yield `${sums.lostChunkBytes} bytes of malloc's chunks make no sense: not told apart`;
}

/** Parts add up to what is saved, and no byte is claimed twice: where that does not hold, the reader is wrong. */
function* defects({ map }: Claims, { saved, parts }: Balance): Generator<string> {
  const twice = map.overlaps.reduce((sum, { start, end }) => sum + end - start, 0);
  if (twice > 0) yield `${twice} bytes are claimed by two allocators: a defect of this reader`;
  const sum = Object.values(parts).reduce((all, bytes) => all + bytes, 0);
  if (sum !== saved) yield `the balance is off by ${sum - saved} bytes: a defect of this reader`;
}

/** PYTHONMALLOC=malloc leaves all to malloc, whose chunks are known; of any other allocator nothing is. */
function withoutPools({ parts: { objectBlocks, unknown } }: Balance): string {
  return unknown > objectBlocks
    ? `allocator unknown: ${formatBytes(unknown)} of blocks not told apart, the objects in them not counted`
    : "no pymalloc pools: all objects are malloc's, and of freed ones it leaves little to see";
}

/** The types that have or had instances, by bytes, then count, then name, then address. */
export function typeTotals({ types, names, isFreedKnown, records: { tally } }: Python): TypeTotals[] {
  const totals: TypeTotals[] = [];
  types.forEach(({ type }, index) => {
    const own = index * TALLY_WORDS;
    const [count = 0, bytes = 0] = [tally[own + LIVE], tally[own + LIVE_BYTES]];
    const [freedCount = 0, freedBytes = 0] = [tally[own + FREED], tally[own + FREED_BYTES]];
    if (count === 0 && freedCount === 0) return;
    const { name, from } = names.get(type.address) ?? { name: "", from: "none" };
    totals.push({
      address: address(BigInt(type.address)),
      name,
      isInferred: from !== "self",
      count,
      bytes,
      freedCount: isFreedKnown ? freedCount : null,
      freedBytes: isFreedKnown ? freedBytes : null,
    });
  });
  return totals.sort(
    (a, b) =>
      b.bytes - a.bytes ||
      b.count - a.count ||
      (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) ||
      (a.address < b.address ? -1 : 1),
  );
}
