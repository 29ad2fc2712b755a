import type { ProcessUsage } from "../image/index.ts";
import type { TypeTotals } from "../runtimes/index.ts";
import { formatAddress } from "../terms/index.ts";
import type { Frame, WatchedCgroup, WatchRow, WatchTotals } from "./results/index.ts";
import type { OwnersPast, WatchSample } from "./watch.ts";

/** What is known of a look at a process beside what was read of its memory. */
export interface WatchLook {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Null where it has ended. */
  readonly usage: ProcessUsage | null;
  readonly cgroup: WatchedCgroup | null;
  readonly pressure: number | null;
  /** Why there is no sample, although it is alive. */
  readonly problem: string | null;
  readonly moment: WatchTotals["moment"];
  readonly tookMillis: number;
  readonly cpuMillis: number;
  readonly intervalMillis: number;
}

/** Live objects and their bytes. */
interface Amount {
  readonly count: number;
  readonly bytes: number;
}

/** Of a sample, what later ones are compared with. */
interface Kept {
  readonly types: ReadonlyMap<string, Amount>;
  readonly freeBytes: number;
}

/** What was seen of a process: of all samples the first and the last, whatever their number. */
export class WatchHistory {
  readonly #pid: number;
  #name = "";
  #frames = 0;
  #firstAt: number | null = null;
  #firstRss: number | null = null;
  #lastRss: number | null = null;
  #first: Kept | null = null;
  #last: Kept | null = null;
  #owners: OwnersPast | null = null;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Whether there was no frame yet. */
  get isEmpty(): boolean {
    return this.#frames === 0;
  }

  /** Owners of the first sample that has any, and of the last. */
  get owners(): OwnersPast | null {
    return this.#owners;
  }

  /** How many live objects of a type the last sample has: by its name, or the end of it; null without a sample. */
  countOf(type: string): number | null {
    if (this.#last === null) return null;
    let sum = 0;
    for (const [key, { count }] of this.#last.types) {
      const name = key.slice(key.indexOf(" ") + 1);
      if (name === type || name.endsWith(`.${type}`)) sum += count;
    }
    return sum;
  }

  /**
   * The frame of a look; from then on later ones are compared with it.
   * @param limit rows at the most
   */
  frame(look: WatchLook, sample: WatchSample | null, limit: number): Frame<"coregram/watch@1"> {
    const { at, usage, cgroup, pressure, problem, moment, tookMillis, cpuMillis, intervalMillis } = look;
    if (usage !== null) this.#name = usage.name;
    this.#frames += 1;
    this.#firstAt ??= at;
    const rss = usage?.rssBytes ?? null;
    const rows = sample === null ? [] : this.#rows(sample.types, limit);
    const rest = (key: "count" | "bytes") => sumOf(sample?.types ?? [], key) - sumOf(rows, key);
    const frame: Frame<"coregram/watch@1"> = {
      schema: "coregram/watch@1",
      input: { path: `--pid ${this.#pid}`, pid: this.#pid, name: this.#name },
      totals: {
        sample: this.#frames,
        time: new Date(at).toISOString(),
        millisSinceFirst: Math.max(0, at - this.#firstAt),
        state:
          usage === null ? "ended" : usage.isStopped ? "stopped" : this.#frames === 1 ? "first" : "running",
        problem,
        rssBytes: rss,
        rssDiff: minus(rss, this.#lastRss),
        rssSinceFirst: minus(rss, this.#firstRss),
        swapBytes: usage?.swapBytes ?? null,
        cgroup,
        pressurePercent: pressure === null ? null : Math.round(pressure),
        runtime: sample?.runtime ?? null,
        types: sample?.types.length ?? 0,
        count: sumOf(sample?.types ?? [], "count"),
        bytes: sumOf(sample?.types ?? [], "bytes"),
        memoryBytes: sample?.memoryBytes ?? null,
        freeBytes: sample?.freeBytes ?? null,
        freeDiff: minus(sample?.freeBytes ?? null, this.#last?.freeBytes ?? null),
        restCount: rest("count"),
        restBytes: rest("bytes"),
        owners: sample?.owners?.rows ?? null,
        findings: sample?.owners?.findings ?? null,
        ...{ tookMillis, cpuMillis, intervalMillis, moment },
      },
      rows,
    };
    this.#keep(rss, sample);
    return frame;
  }

  #rows(types: readonly TypeTotals[], limit: number): WatchRow[] {
    return types.slice(0, limit).map((type) => {
      const { name, address, count, bytes } = type;
      const [last, first] = [changeSince(this.#last, type), changeSince(this.#first, type)];
      return {
        type: name,
        address: formatAddress(address),
        count,
        countDiff: last?.count ?? null,
        countSinceFirst: first?.count ?? null,
        bytes,
        bytesDiff: last?.bytes ?? null,
        bytesSinceFirst: first?.bytes ?? null,
      };
    });
  }

  #keep(rss: number | null, sample: WatchSample | null): void {
    this.#firstRss ??= rss;
    this.#lastRss = rss ?? this.#lastRss;
    if (sample === null) return;
    const types = new Map(
      sample.types.map((type) => [keyOf(type), { count: type.count, bytes: type.bytes }]),
    );
    this.#last = { types, freeBytes: sample.freeBytes };
    this.#first ??= this.#last;
    const before = sample.owners?.before;
    if (before !== undefined) this.#owners = { first: this.#owners?.first ?? before, last: before };
  }
}

/** A type that is made again may have another's address, and two types one name. */
function keyOf({ address, name }: Pick<TypeTotals, "address" | "name">): string {
  return `${address.toString(16)} ${name}`;
}

function changeSince(kept: Kept | null, type: TypeTotals): Amount | null {
  if (kept === null) return null;
  const { count, bytes } = kept.types.get(keyOf(type)) ?? { count: 0, bytes: 0 };
  return { count: type.count - count, bytes: type.bytes - bytes };
}

function minus(now: number | null, then: number | null): number | null {
  return now === null || then === null ? null : now - then;
}

function sumOf(amounts: readonly Amount[], key: "count" | "bytes"): number {
  return amounts.reduce((sum, amount) => sum + amount[key], 0);
}
