import { subjectOf } from "../bytes/index.ts";
import { type Core, readModules, type Target } from "../image/index.ts";
import { type TracedMemory, tracedMemory } from "../runtimes/index.ts";
import { CoregramError, type Listener } from "../terms/index.ts";
import { withHeap } from "./heap.ts";
import { noRuntime } from "./no-runtime.ts";
import { DEFAULT_LIMIT, type ModuleOptions, rootOf, type ThreadOptions } from "./options.ts";
import type { Frame, TraceRow, TracesTotals } from "./results/index.ts";
import { coreWord, inputOf, requireElfCore } from "./subject.ts";
import { joinTraces } from "./trace-join.ts";
import { type TraceBy, type TraceStatistic, traceStatistics } from "./trace-statistics.ts";

export interface TracesOptions extends ModuleOptions, ThreadOptions {
  /** What a row is, a line by default. By type and by owner the heap is read as well, and rows have a line, too. */
  readonly by?: TraceBy | "type" | "owner" | undefined;
  /** Whether a block counts at each frame of its traceback, as `statistics(…, cumulative=True)` has it: by line and file. */
  readonly cumulative?: boolean | undefined;
  /** Only blocks of this domain: 0 is Python's own. Not by type and owner, as frames. */
  readonly domain?: number | undefined;
  /** Frames of a traceback that count, the most recent ones; all that were kept by default. */
  readonly frames?: number | undefined;
  /** Rows at the most, 10 by default; Infinity for all. */
  readonly limit?: number | undefined;
}

/**
 * Where memory was allocated, by what tracemalloc wrote down in the process: its own tables, read out of the core.
 * @throws CoregramError `format` where the target is no ELF core, has no CPython that can be read, or its tracemalloc was not
 * tracing; `io` or `changed` where it cannot be read
 */
export async function answerTraces(
  target: Target,
  options: TracesOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/traces@1">> {
  const { by = "line" } = options;
  if (by === "type" || by === "owner") return joinedTraces(target, { ...options, by }, listener);
  return target.ask(async (contents) => {
    const core = requireElfCore(contents);
    const memory = await readTraces(core, target.name, options, false, listener);
    const isCumulative = options.cumulative === true && by !== "traceback";
    const all = traceStatistics(memory, {
      by,
      cumulative: isCumulative,
      domain: options.domain ?? null,
      frames: options.frames ?? null,
    });
    const limit = options.limit ?? DEFAULT_LIMIT;
    return {
      schema: "coregram/traces@1",
      input: inputOf(target),
      totals: { ...totalsOf(memory), by, isCumulative, untraced: null, ...restOf(all, limit) },
      rows: all.slice(0, limit).map((statistic) => rowOf(statistic, by)),
    };
  });
}

/** By the objects in the blocks: their types, and who holds them. */
function joinedTraces(
  target: Target,
  options: TracesOptions & { readonly by: "type" | "owner" },
  listener: Listener,
): Promise<Frame<"coregram/traces@1">> {
  return withHeap(target, options, listener, async (heap, _totals, contents) => {
    const memory = await readTraces(requireElfCore(contents), target.name, options, true, listener);
    const { by, limit = DEFAULT_LIMIT } = options;
    const { rows, untraced } =
      memory.blocks === null
        ? { rows: [], untraced: null }
        : joinTraces(heap, memory, memory.blocks, by === "owner");
    return {
      schema: "coregram/traces@1",
      input: inputOf(target),
      totals: { ...totalsOf(memory), by, isCumulative: false, untraced, ...restOf(rows, limit) },
      rows: rows.slice(0, limit).map((row) => ({
        ...row,
        averageBytes: Math.round(row.bytes / row.count),
        frames: null,
        totalFrames: null,
      })),
    };
  });
}

function restOf(all: readonly { readonly count: number; readonly bytes: number }[], limit: number) {
  const rest = all.slice(limit);
  return {
    restRows: rest.length,
    restCount: rest.reduce((sum, { count }) => sum + count, 0),
    restBytes: rest.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/**
 * What tracemalloc wrote down in a core's process; what is to be said of it is said.
 * @throws CoregramError as above
 */
export async function readTraces(
  core: Core,
  name: string,
  options: ModuleOptions,
  wantsBlocks: boolean,
  listener: Listener,
): Promise<TracedMemory> {
  const memory = await tracedMemory(core, rootOf(options), wantsBlocks);
  if ("reason" in memory) throw noRuntime(name, memory.reason, core, readModules(core));
  for (const text of memory.remarks) listener({ kind: "warning", target: name, text });
  if (!memory.isTracing) {
    const was = memory.wasLoaded ? "tracemalloc was loaded, but not tracing" : "tracemalloc was not tracing";
    throw new CoregramError(
      "format",
      `${subjectOf(name)}: ${was}, and nothing is left of what it may have traced before: start the process with PYTHONTRACEMALLOC=1; coregram owners ${coreWord(name)} needs none`,
    );
  }
  return memory;
}

type Described = Omit<
  TracesTotals,
  "by" | "isCumulative" | "untraced" | "restRows" | "restCount" | "restBytes"
>;

function totalsOf(memory: TracedMemory): Described {
  const domains = new Map<number, { traces: number; bytes: number }>();
  for (const { domain, count, bytes } of memory.groups) {
    const { traces, bytes: before } = domains.get(domain) ?? { traces: 0, bytes: 0 };
    domains.set(domain, { traces: traces + count, bytes: before + bytes });
  }
  return {
    runtime: memory.runtime,
    isTracing: memory.isTracing,
    traces: memory.count,
    bytes: memory.bytes,
    missing: Math.max(0, memory.said - memory.count),
    tracedBytes: memory.ownBytes,
    peakBytes: memory.peakBytes,
    limit: memory.limit,
    tracebacks: memory.tracebacks.length,
    tablesBytes: memory.tablesBytes,
    overheadBytes: memory.overheadBytes,
    domains: [...domains].map(([domain, sums]) => ({ domain, ...sums })),
  };
}

function rowOf({ frames, totalFrames, count, bytes }: TraceStatistic, by: TraceBy): TraceRow {
  const [first] = frames;
  return {
    bytes,
    count,
    averageBytes: Math.round(bytes / count),
    file: first?.file ?? null,
    line: first?.line ?? null,
    type: null,
    path: null,
    frames: by === "traceback" ? frames.map(({ file, line }) => ({ file, line })) : null,
    totalFrames: by === "traceback" ? totalFrames : null,
  };
}
