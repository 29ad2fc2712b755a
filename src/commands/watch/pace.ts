/**
 * Of one processor core, what a watcher takes at the most. While it looks, a process on the other half of that core, and with
 * the same memory, does two thirds of its work: it is to lose less than 3 % of all.
 */
const MOST_SHARE = 0.04;
/** The same of its looks at what conditions are about, which are so far apart at the least and at the most. */
const TICK_SHARE = 0.01;
const [SHORTEST_TICK_MILLIS, LONGEST_TICK_MILLIS] = [50, 1000];

/** Milliseconds after a look that took so much processor time; what grows fast is not to be missed, whatever it takes. */
export function tickAfter(cpuMillis: number): number {
  return Math.min(LONGEST_TICK_MILLIS, Math.max(SHORTEST_TICK_MILLIS, cpuMillis / TICK_SHARE));
}

/**
 * From the beginning of a round to that of the next: what was asked for, and more where the rounds take so much
 * processor time that it would be more than 4 % of a core. Each so many rounds one is dear, the first one among them: what it
 * takes is spread over all of them.
 */
export class Pace {
  readonly #asked: number;
  readonly #rounds: number;
  #costs: readonly number[] = [];
  /** Milliseconds that the rounds have had that have ended, in the first cycle. */
  #given = 0;

  /** @param rounds of a cycle: dear ones come every so often */
  constructor(askedMillis: number, rounds: number) {
    this.#asked = askedMillis;
    this.#rounds = Math.max(1, rounds);
  }

  /** Milliseconds, where the round that is going on takes so much processor time. */
  interval(cpuMillis: number): number {
    const costs = this.#with(cpuMillis);
    const sum = costs.reduce((all, cost) => all + cost, 0);
    const isFirstCycle = this.#costs.length < this.#rounds;
    const left = isFirstCycle ? this.#rounds - this.#costs.length : this.#rounds;
    // Of rounds to come the least is supposed: what that lacks the last one of the cycle has.
    const coming = isFirstCycle && costs.length > 1 ? (left - 1) * Math.min(...costs) : 0;
    const due = (sum + coming) / MOST_SHARE - (isFirstCycle ? this.#given : 0);
    return Math.ceil(Math.max(this.#asked, due / left));
  }

  /** Keeps what a round took that has ended. */
  keep(cpuMillis: number): void {
    const interval = this.interval(cpuMillis);
    this.#costs = this.#with(cpuMillis);
    this.#given += interval;
  }

  #with(cpuMillis: number): number[] {
    const costs = [...this.#costs, cpuMillis];
    return costs.slice(Math.max(0, costs.length - this.#rounds));
  }
}
