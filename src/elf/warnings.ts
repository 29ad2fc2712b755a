/**
 * What is wrong with a file and can be lived with. A hostile file is wrong a million times over, so of every
 * kind the first message is kept and the rest are counted.
 */
export class Warnings {
  readonly #kinds = new Map<string, { first: string; more: number }>();

  /** `kind` groups what is alike; the message is a clause, subject first, with the numbers. */
  add(kind: string, message: string): void {
    const known = this.#kinds.get(kind);
    if (known) known.more += 1;
    else this.#kinds.set(kind, { first: message, more: 0 });
  }

  /** One line a kind, in the order of their first occurrence. */
  list(): string[] {
    return [...this.#kinds.values()].map(({ first, more }) =>
      more > 0 ? `${first} (and ${more} more like it)` : first,
    );
  }
}
