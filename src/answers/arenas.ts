import {
  type ArenaUse,
  allBytes,
  arenaUses,
  CHUNKS_GUESSED,
  findGlibc,
  MemoryReader,
  mallocngSpans,
  mallocngUse,
  readMallocng,
  slotStates,
  surveyMemory,
  writableData,
  zeroBytes,
} from "../blocks/index.ts";
import { type Core, type Module, readModules, readThreads, type Target } from "../image/index.ts";
import { Crew, type Progress } from "../kernel/index.ts";
import { detectRuntime } from "../runtimes/index.ts";
import { formatAddress, type Listener } from "../terms/index.ts";
import { warnOf } from "./coverage.ts";
import { noRuntime } from "./no-runtime.ts";
import { DEFAULT_LIMIT, type ModuleOptions, rootOf, type ThreadOptions, threadsOf } from "./options.ts";
import { stageProgress } from "./progress.ts";
import type { ArenaRow, Frame } from "./results/index.ts";
import { describeFound } from "./runtime.ts";
import { inputOf, memoryTotals, requireElfCore } from "./subject.ts";

export interface ArenasOptions extends ModuleOptions, ThreadOptions {
  /** The order of the rows: by bytes (the default), or by how many blocks are in use. */
  readonly sort?: "bytes" | "count" | undefined;
  /** Rows at the most, 10 by default; Infinity for all. */
  readonly limit?: number | undefined;
}

/**
 * What malloc and pymalloc have of memory, an arena a row. A process needs no runtime for it: then malloc's are all.
 * @throws CoregramError `format` where the target is no ELF core, or there is neither a runtime nor glibc's malloc in it,
 * `io` or `changed` where it cannot be read
 */
export async function answerArenas(
  target: Target,
  options: ArenasOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/arenas@1">> {
  return target.ask(async (contents) => {
    const core = requireElfCore(contents);
    const { runtime, uses } = await findUses(target.name, core, options, listener);
    const rows = uses.map(arenaRow);
    const order = options.sort === "count" ? "usedCount" : "bytes";
    rows.sort((a, b) => b[order] - a[order]);
    const shown = rows.slice(0, options.limit ?? DEFAULT_LIMIT);
    const sums = addUp(rows);
    const totals = {
      ...memoryTotals(contents.image),
      runtime,
      arenas: rows.length,
      ...sums,
      restBytes: sums.bytes - addUp(shown).bytes,
    };
    return { schema: "coregram/arenas@1", input: inputOf(target), totals, rows: shown };
  });
}

async function findUses(
  name: string,
  core: Core,
  options: ModuleOptions & ThreadOptions,
  listener: Listener,
): Promise<{ runtime: string | null; uses: ArenaUse[] }> {
  const modules = readModules(core);
  const crew = new Crew(threadsOf(options));
  try {
    const stage = stageProgress(listener, name);
    const progress = stage("finding objects");
    const found = await detectRuntime(crew, core, modules, { root: rootOf(options), progress });
    if (!("reason" in found)) {
      listener({ kind: "note", target: name, text: describeFound(found) });
      warnOf(found, name, listener);
      return { runtime: found.runtime, uses: found.arenas(crew) };
    }
    // The reason that there is no runtime is one for malloc as well.
    if (core.header.class !== 64 || core.header.endian !== "little")
      throw noRuntime(name, found.reason, core, modules);
    const uses = await mallocAlone(crew, core, modules, stage("finding arenas"));
    if (uses.length === 0)
      throw noRuntime(name, `${found.reason}; no malloc of glibc's or musl's`, core, modules);
    listener({ kind: "note", target: name, text: `malloc alone: ${found.reason}` });
    if (uses.some(({ kind }) => kind === "guessed"))
      listener({ kind: "warning", target: name, text: CHUNKS_GUESSED });
    return { runtime: null, uses };
  } finally {
    await crew.close();
  }
}

/** malloc's arenas of a process that is known by nothing else. */
async function mallocAlone(
  crew: Crew,
  core: Core,
  modules: readonly Module[],
  progress: Progress,
): Promise<ArenaUse[]> {
  const { image } = core;
  const survey = await surveyMemory(crew, image, progress);
  const statics = [...writableData(image, modules)].map(({ span }) => span);
  const reader = new MemoryReader(image);
  const mallocng = readMallocng(image, reader, statics);
  const others = mallocngSpans(mallocng);
  const glibc = findGlibc(crew.memory, image, reader, survey, readThreads(core), statics, others);
  const musl = mallocngUse(
    mallocng,
    (group) => slotStates(reader, group),
    (span) => zeroBytes(crew.memory, survey, span),
  );
  return [...arenaUses(crew.memory, image, modules, survey, glibc), ...(musl === null ? [] : [musl])];
}

function arenaRow({ allocator, kind, address: at, ...use }: ArenaUse): ArenaRow {
  return {
    allocator,
    arena: kind,
    address: at === null ? null : formatAddress(BigInt(at)),
    bytes: allBytes(use),
    ...use,
  };
}

function addUp(rows: readonly ArenaRow[]) {
  const sum = (key: Exclude<keyof ArenaRow, "allocator" | "arena" | "address">) =>
    rows.reduce((total, row) => total + (row[key] ?? 0), 0);
  return {
    bytes: sum("bytes"),
    usedCount: sum("usedCount"),
    usedBytes: sum("usedBytes"),
    tcacheCount: sum("tcacheCount"),
    tcacheBytes: sum("tcacheBytes"),
    fastbinCount: sum("fastbinCount"),
    fastbinBytes: sum("fastbinBytes"),
    freeCount: sum("freeCount"),
    freeBytes: sum("freeBytes"),
    topBytes: sum("topBytes"),
    trimBytes: sum("trimBytes"),
    untouchedBytes: sum("untouchedBytes"),
    headerBytes: sum("headerBytes"),
    foreignBytes: sum("foreignBytes"),
    damagedBytes: sum("damagedBytes"),
    reservedBytes: sum("reservedBytes"),
  };
}
