import type { WatchedCgroup } from "../../answers/results/index.ts";
import type { Condition } from "./condition.ts";

/** What is known of a process at a moment. */
export interface Reading {
  readonly pid: number;
  /** Milliseconds of a clock that never goes back. */
  readonly at: number;
  /** When the last sample was taken. */
  readonly sampledAt: number;
  readonly rssBytes: number;
  readonly cgroup: WatchedCgroup | null;
  /** Percent. */
  readonly pressure: number | null;
  /** Live objects of a type in the last sample; null where there is none yet. */
  readonly countOf: (type: string) => number | null;
}

/** A condition that has come to hold, and of which process an answer is due. */
export interface Fired {
  readonly pid: number;
  readonly condition: Condition;
}

interface State {
  isHolding: boolean;
  /** Of growth, what was seen within the last minute, the oldest first; before these at most one that is older. */
  readonly points: { readonly at: number; readonly value: number }[];
  pid: number;
}

const MINUTE = 60_000;
/** Points of a minute. */
const MOST_POINTS = 120;
/** What no longer holds has to be so far below, or each wave around the value would be a moment of its own. */
const BELOW = 0.95;

/** Whether conditions hold. One that does is told once, and again only after it did not hold in between. */
export class Triggers {
  readonly #conditions: readonly Condition[];
  readonly #states = new Map<string, State>();

  constructor(conditions: readonly Condition[]) {
    this.#conditions = conditions;
  }

  /**
   * What has come to hold. What several processes share (a cgroup, pressure) is told of the one that has most memory.
   * @param readings of all processes that are watched
   */
  look(readings: readonly Reading[]): Fired[] {
    const bySize = [...readings].sort((a, b) => b.rssBytes - a.rssBytes);
    const seen = new Set<string>();
    const fired: Fired[] = [];
    for (const reading of bySize)
      for (const condition of this.#conditions) {
        const key = keyOf(condition, reading);
        if (key === null || seen.has(key)) continue;
        seen.add(key);
        if (this.#holdsAnew(key, condition, reading)) fired.push({ pid: reading.pid, condition });
      }
    return fired;
  }

  /** Forgets a process that has ended. */
  forget(pid: number): void {
    for (const [key, state] of this.#states)
      if (state.pid === pid && !key.startsWith("shared ")) this.#states.delete(key);
  }

  #holdsAnew(key: string, condition: Condition, reading: Reading): boolean {
    const value = amountOf(condition, reading);
    if (value === null) return false;
    const state = this.#states.get(key) ?? { isHolding: false, points: [], pid: reading.pid };
    this.#states.set(key, state);
    const at = typeof condition.subject === "object" ? reading.sampledAt : reading.at;
    const amount = condition.is === "growth" ? growthOf(state, at, value) : value;
    const was = state.isHolding;
    state.isHolding = amount > (was ? BELOW : 1) * condition.value;
    return state.isHolding && !was;
  }
}

/**
 * By how much it is more than it was at some time of the last minute; where there was no look for longer, so much of what
 * it grew since as is of a minute.
 */
function growthOf(state: State, at: number, value: number): number {
  const { points } = state;
  while (points[1] !== undefined && at - points[1].at >= MINUTE) points.shift();
  const growth = points.map((then) => ((value - then.value) * MINUTE) / Math.max(MINUTE, at - then.at));
  const last = points.at(-1);
  if (last === undefined || at - last.at >= MINUTE / MOST_POINTS) points.push({ at, value });
  return Math.max(0, ...growth);
}

/** What has a state of its own; null where there is nothing to compare. */
function keyOf({ text, subject }: Condition, { pid, cgroup }: Reading): string | null {
  if (subject === "cgroup") return cgroup === null ? null : `shared ${cgroup.path} ${text}`;
  if (subject === "pressure") return `shared ${cgroup?.path ?? ""} ${text}`;
  return `${pid} ${text}`;
}

function amountOf({ subject, unit }: Condition, reading: Reading): number | null {
  if (subject === "rss") return reading.rssBytes;
  if (subject === "pressure") return reading.pressure;
  if (subject !== "cgroup") return reading.countOf(subject.type);
  const { cgroup } = reading;
  if (cgroup === null || unit === "bytes") return cgroup?.usedBytes ?? null;
  return cgroup.limitBytes === null ? null : (100 * cgroup.usedBytes) / Math.max(1, cgroup.limitBytes);
}
