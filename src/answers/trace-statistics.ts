import type { Traceback, TracedMemory, TraceFrame } from "../runtimes/index.ts";

/** What traces are added up by, as `Snapshot.statistics()` has it: line is its `lineno`, file its `filename`. */
export type TraceBy = "line" | "file" | "traceback";

export interface StatisticsOptions {
  readonly by: TraceBy;
  /** Whether a block counts at each frame of its traceback. */
  readonly cumulative: boolean;
  /** Only blocks of this domain; null for all. */
  readonly domain: number | null;
  /** Frames of a traceback that count, the most recent ones; null for all. */
  readonly frames: number | null;
}

/** What was traced, now or when a snapshot was taken. */
export type Traced = Pick<TracedMemory, "groups" | "tracebacks">;

/** A place, and what was allocated there. */
export interface TraceStatistic {
  /** The most recent first; of a line one, of a file one without its line. */
  readonly frames: readonly PlaceFrame[];
  readonly totalFrames: number;
  readonly count: number;
  readonly bytes: number;
}

/** A frame as a row shows it. */
export interface PlaceFrame {
  readonly file: string | null;
  readonly line: number | null;
}

const UNREAD: TraceFrame = { file: null, line: 0 };

/**
 * Adds traces up as `Snapshot.statistics()` does (Lib/tracemalloc.py), in its order: by bytes, blocks and frames, the
 * largest first.
 */
export function traceStatistics(memory: Traced, options: StatisticsOptions): TraceStatistic[] {
  const { by, cumulative, domain, frames: most } = options;
  const places = new Places(by);
  for (const { domain: own, traceback, count, bytes } of memory.groups) {
    if (domain !== null && own !== domain) continue;
    const whole = memory.tracebacks[traceback] ?? { frames: [], totalFrames: 0 };
    const kept = most === null ? whole.frames : whole.frames.slice(0, most);
    const frames = kept.length === 0 ? [UNREAD] : kept;
    if (by === "traceback") places.add({ ...whole, frames }, count, bytes);
    else
      for (const frame of cumulative ? frames : frames.slice(0, 1))
        places.add({ frames: [frame], totalFrames: 1 }, count, bytes);
  }
  return places.all().sort(compareStatistics);
}

/** The order of `Snapshot.statistics()`: the largest first; frames are compared from the oldest on. */
function compareStatistics(a: TraceStatistic, b: TraceStatistic): number {
  return b.bytes - a.bytes || b.count - a.count || compareFrames(b.frames, a.frames);
}

/** As Python compares tuples of (file, line), the oldest frame first. */
export function compareFrames(a: readonly PlaceFrame[], b: readonly PlaceFrame[]): number {
  for (let back = 1; back <= Math.min(a.length, b.length); back += 1) {
    const [first, second] = [a.at(-back), b.at(-back)];
    const order =
      compareTexts(first?.file ?? "", second?.file ?? "") || (first?.line ?? 0) - (second?.line ?? 0);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** By code points, as Python does; JavaScript's `<` goes by units of UTF-16. */
function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === length) return a.length - b.length;
  return (a.codePointAt(at) ?? 0) - (b.codePointAt(at) ?? 0);
}

/** `FILE:LINE`; of a traceback its frames, the most recent first. */
export function placeName(frames: readonly PlaceFrame[]): string {
  return frames
    .map(({ file, line }) => (line === null ? (file ?? "?") : `${file ?? "?"}:${line}`))
    .join(" < ");
}

interface Sum {
  readonly frames: readonly PlaceFrame[];
  readonly totalFrames: number;
  count: number;
  bytes: number;
}

/** Sums by place. */
class Places {
  readonly #by: TraceBy;
  /** Frames of one place are one object: numbers stand for them. */
  readonly #numbers = new Map<TraceFrame, number>();
  readonly #sums = new Map<unknown, Sum>();

  constructor(by: TraceBy) {
    this.#by = by;
  }

  add({ frames, totalFrames }: Traceback, count: number, bytes: number): void {
    const key = this.#keyOf(frames);
    const sum = this.#sums.get(key);
    if (sum === undefined) {
      const shown = this.#by === "file" ? frames.map(({ file }) => ({ file, line: null })) : frames;
      this.#sums.set(key, { frames: shown, totalFrames, count, bytes });
    } else {
      sum.count += count;
      sum.bytes += bytes;
    }
  }

  all(): TraceStatistic[] {
    return [...this.#sums.values()];
  }

  #keyOf(frames: readonly TraceFrame[]): unknown {
    const [first] = frames;
    if (this.#by === "line") return first;
    if (this.#by === "file") return first?.file;
    return frames
      .map((frame) => {
        const number = this.#numbers.get(frame) ?? this.#numbers.size;
        this.#numbers.set(frame, number);
        return number;
      })
      .join(" ");
  }
}
