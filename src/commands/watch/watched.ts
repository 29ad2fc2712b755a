import type { MomentPast } from "../../answers/moment.ts";
import type { WatchedCgroup } from "../../answers/results/index.ts";
import { WatchHistory } from "../../answers/watch-history.ts";
import {
  findMemoryCgroup,
  type ProcessUsage,
  programOf,
  readCgroup,
  readPressure,
  readUsage,
} from "../../image/index.ts";
import { startTimeOf } from "../pause/start-time.ts";
import type { Reading } from "./triggers.ts";

/** What the system says of a process, which takes a third of a millisecond. */
export interface Glance {
  readonly usage: ProcessUsage;
  readonly cgroup: WatchedCgroup | null;
  /** Percent; null where the kernel does not tell. */
  readonly pressure: number | null;
}

/** A process that is watched. */
export class Watched {
  readonly pid: number;
  /** Of the program that it is now. */
  history: WatchHistory;
  /** Its looks so far. */
  looks = 0;
  /** Whether it was read which of its names are those of libraries. */
  areNamesKnown = false;
  /** When its last sample was taken, in milliseconds of a clock that never goes back. */
  sampledAt = 0;
  /** The last moment of it that was answered. */
  moment: MomentPast | null = null;
  readonly #startTime: string | null;
  #program: string | null;
  /** What was warned of already, without its numbers. */
  readonly #said = new Set<string>();

  constructor(pid: number) {
    this.pid = pid;
    this.history = new WatchHistory(pid);
    this.#startTime = startTimeOf(pid);
    this.#program = programOf(pid);
  }

  /** Whether it has become another program since it was last asked: what was seen of the one before is forgotten then. */
  hasNewProgram(): boolean {
    const program = programOf(this.pid);
    if (program === null || program === this.#program) return false;
    const isNew = this.#program !== null;
    this.#program = program;
    if (!isNew) return false;
    this.history = new WatchHistory(this.pid);
    this.areNamesKnown = false;
    this.moment = null;
    return true;
  }

  /** Whether nothing was shown of it yet. */
  get isUnseen(): boolean {
    return this.looks === 0 && this.history.isEmpty;
  }

  /** Whether it has ended, also where another has its number by now. */
  get hasEnded(): boolean {
    return startTimeOf(this.pid) !== this.#startTime || readUsage(this.pid) === null;
  }

  /** Null where it has ended. */
  glance(): Glance | null {
    const usage = this.hasEnded ? null : readUsage(this.pid);
    if (usage === null) return null;
    // A process may be moved to another.
    const cgroup = findMemoryCgroup(this.pid);
    const use = cgroup === null ? null : readCgroup(cgroup);
    return {
      usage,
      cgroup: cgroup === null || use === null ? null : { path: cgroup.path, ...use },
      pressure: readPressure(cgroup),
    };
  }

  /** What conditions are compared with. */
  reading({ usage, cgroup, pressure }: Glance, at: number): Reading {
    const countOf = (type: string) => this.history.countOf(type);
    const { pid, sampledAt } = this;
    return { pid, at, sampledAt, rssBytes: usage.rssBytes, cgroup, pressure, countOf };
  }

  /** Whether a warning is new: one that differs from an earlier one in numbers alone is not. */
  isNews(warning: string): boolean {
    const text = warning.replaceAll(/\d[\d.,]*/g, "0");
    if (this.#said.has(text)) return false;
    this.#said.add(text);
    return true;
  }
}
