import { getPriority, setPriority } from "node:os";

/** A tenth of what others get, where all want the processor: five times what a watcher takes where nobody else does. */
const LOOKING = 10;

/** Nobody stands before these (sched(7)). */
const FIRST = -20;

/**
 * How this program's main thread, which does the work, stands to others (nice(2)): it gives way to them while it looks, as they are what it is there for, and not
 * while one that is stopped waits for it. What may not take its priority back never gives it away.
 */
export class Priority {
  readonly #own = getPriority();
  #mayGiveWay: boolean;

  /** @param hasAnswers whether it will be needed again */
  constructor(hasAnswers: boolean) {
    this.#mayGiveWay = this.#own < LOOKING && (!hasAnswers || this.#mayRise());
  }

  giveWay(): void {
    if (!this.#mayGiveWay) return;
    try {
      setPriority(LOOKING);
    } catch {
      // A sandbox forbids it (systemd.exec(5), SystemCallFilter=~@resources).
      this.#mayGiveWay = false;
    }
  }

  takeBack(): void {
    if (this.#mayGiveWay) setPriority(this.#own);
  }

  /** Without CAP_SYS_NICE, or a limit that allows it (setrlimit(2), RLIMIT_NICE), nobody may: it is tried. */
  #mayRise(): boolean {
    try {
      setPriority(Math.max(FIRST, this.#own - 1));
      setPriority(this.#own);
      return true;
    } catch {
      return false;
    }
  }
}
