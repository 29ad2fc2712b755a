import type { Target } from "../image/index.ts";
import type { Listener } from "../terms/index.ts";
import type { CoreAmounts } from "./amounts.ts";
import type { ModuleOptions } from "./options.ts";
import { requireElfCore } from "./subject.ts";
import {
  compareFrames,
  type PlaceFrame,
  placeName,
  type StatisticsOptions,
  type TraceBy,
  type Traced,
  type TraceStatistic,
  traceStatistics,
} from "./trace-statistics.ts";
import { readTraces } from "./traces.ts";

/** Places by their names, `FILE:LINE`, or all frames of a traceback. */
export type NamedPlaces = ReadonlyMap<string, readonly PlaceFrame[]>;

/** Whether it is traces that are compared by it. */
export function isTraceBy(by: string): by is TraceBy {
  return by === "line" || by === "file" || by === "traceback";
}

/** What was allocated where in a target, by what tracemalloc wrote down there; the places by their names are put with the others. */
export async function traceAmounts(
  target: Target,
  by: TraceBy,
  places: Map<string, readonly PlaceFrame[]>,
  options: ModuleOptions,
  listener: Listener,
): Promise<CoreAmounts> {
  const memory = await target.ask((contents) =>
    readTraces(requireElfCore(contents), target.name, options, false, listener),
  );
  return amountsOf(memory, { by, cumulative: false, domain: null, frames: null }, places);
}

/** What was allocated where; the places by their names are put with the others. */
export function amountsOf(
  traced: Traced,
  options: StatisticsOptions,
  places: Map<string, readonly PlaceFrame[]>,
): CoreAmounts {
  return amountsOfPlaces(traceStatistics(traced, options), places);
}

/** The same of places that are added up. */
export function amountsOfPlaces(
  statistics: readonly Pick<TraceStatistic, "frames" | "count" | "bytes">[],
  places: Map<string, readonly PlaceFrame[]>,
): CoreAmounts {
  const amounts = statistics.map(({ frames, count, bytes }) => {
    const name = placeName(frames);
    places.set(name, frames);
    return { name, count, bytes };
  });
  return {
    ...{ amounts, leftOutBytes: 0, memory: 0, suspects: null, addressed: null },
    ...{ typeNames: new Map(), balance: null },
  };
}

/** A place's growth, as far as its order goes. */
interface PlaceGrowth {
  readonly name: string;
  readonly newCount: number;
  readonly countDiff: number;
  readonly newBytes: number;
  readonly bytesDiff: number;
}

/** The order of `Snapshot.compare_to()`: by |difference of bytes|, bytes, |difference of blocks|, blocks, frames, the largest first. */
export function compareGrowth(places: NamedPlaces): (a: PlaceGrowth, b: PlaceGrowth) => number {
  return (a, b) =>
    Math.abs(b.bytesDiff) - Math.abs(a.bytesDiff) ||
    b.newBytes - a.newBytes ||
    Math.abs(b.countDiff) - Math.abs(a.countDiff) ||
    b.newCount - a.newCount ||
    compareFrames(places.get(b.name) ?? [], places.get(a.name) ?? []);
}
