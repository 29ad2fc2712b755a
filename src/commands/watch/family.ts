import { processTree, readUsage } from "../../image/index.ts";
import { Watched } from "./watched.ts";

/**
 * The processes that are watched: one, and where that is wanted what it has started. Those live on here when it ends: so do
 * workers whose master went first.
 */
export class Family {
  readonly #children: boolean;
  readonly #living = new Map<number, Watched>();

  constructor(pid: number, children: boolean) {
    this.#children = children;
    this.#living.set(pid, new Watched(pid));
  }

  get size(): number {
    return this.#living.size;
  }

  /** As they are now: they may end while the list is walked. */
  all(): Watched[] {
    return [...this.#living.values()];
  }

  get(pid: number): Watched | undefined {
    return this.#living.get(pid);
  }

  delete(pid: number): void {
    this.#living.delete(pid);
  }

  /** Looks for what those that live have started, but for this program and what it starts: it would stop itself. */
  findChildren(): void {
    if (!this.#children) return;
    for (const found of processTree([...this.#living.keys()], process.pid)) {
      // A zombie has ended, and stays a child until its parent has waited for it.
      if (this.#living.has(found) || readUsage(found) === null) continue;
      this.#living.set(found, new Watched(found));
    }
  }
}
