/** Of one processor core, what a watcher takes at the most. */
const MOST_SHARE = 0.05;

/**
 * From the beginning of a round to that of the next: what was asked for, and more where the rounds take so much
 * processor time that it would be more than 5 % of a core.
 */
export class Pace {
  readonly #asked: number;
  readonly #rounds: number;
  #costs: readonly number[] = [];

  /** @param rounds of which the mean is taken: dear ones come every so often */
  constructor(askedMillis: number, rounds: number) {
    this.#asked = askedMillis;
    this.#rounds = Math.max(1, rounds);
  }

  /** Milliseconds, where the round that is going on takes so much processor time. */
  interval(cpuMillis: number): number {
    const costs = this.#with(cpuMillis);
    const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
    return Math.ceil(Math.max(this.#asked, mean / MOST_SHARE));
  }

  /** Keeps what a round took that has ended. */
  keep(cpuMillis: number): void {
    this.#costs = this.#with(cpuMillis);
  }

  #with(cpuMillis: number): number[] {
    const costs = [...this.#costs, cpuMillis];
    return costs.slice(Math.max(0, costs.length - this.#rounds));
  }
}
