/** What somebody at a terminal may do to a watcher. */
export class Control {
  #isEnding = false;
  #isHeld = false;
  #isDue = false;
  #wake: () => void = () => {};

  /** Whether it is to end. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** Whether it looks at nothing until it is let go on; conditions are still looked after. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Whether the next look is wanted at once; asking takes the wish away. */
  takeDue(): boolean {
    const isDue = this.#isDue;
    this.#isDue = false;
    return isDue;
  }

  end(): void {
    this.#isEnding = true;
    this.#wake();
  }

  toggleHeld(): void {
    this.#isHeld = !this.#isHeld;
    this.#wake();
  }

  lookNow(): void {
    this.#isDue = true;
    this.#wake();
  }

  /** Waits so long, or until one of the above is called. */
  sleep(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
