/**
 * What a value is to whoever looks for changes of one container: the container itself, what holds it under the
 * attribute's name, a namesake of something unknown, one made of the container with more or less in it, an item of it, how many
 * items it has, what goes through its items or keys, a key of which there are few, a function that adds to its first argument, takes from it, measures or only
 * reads it, another object; null where nothing is known.
 */
export type Seen =
  | {
      readonly kind:
        | "container"
        | "holder"
        | "namesake"
        | "more"
        | "less"
        | "item"
        | "length"
        | "keys"
        | "fixed"
        | "pushes"
        | "takes"
        | "measures"
        | "reads"
        | "super"
        | "type";
    }
  | { readonly kind: "object"; readonly address: number }
  /** A method of the container, taken but not called; `change` as `Change` has it, `isKeyed` whether it adds what its first argument names. */
  | {
      readonly kind: "method";
      readonly change: "adds" | "removes" | "may add";
      readonly isKeyed: boolean;
      readonly at: number;
    }
  | null;

export const CONTAINER: Seen = { kind: "container" };
export const HOLDER: Seen = { kind: "holder" };
export const NAMESAKE: Seen = { kind: "namesake" };
export const MORE: Seen = { kind: "more" };
export const LESS: Seen = { kind: "less" };
export const ITEM: Seen = { kind: "item" };
export const LENGTH: Seen = { kind: "length" };
export const KEYS: Seen = { kind: "keys" };
/** A constant, a remainder, or a key that it has: what is stored by it again and again takes one place, or one of a few. */
export const FIXED: Seen = { kind: "fixed" };
export const PUSHES: Seen = { kind: "pushes" };
export const TAKES: Seen = { kind: "takes" };
export const MEASURES: Seen = { kind: "measures" };
export const READS: Seen = { kind: "reads" };
/** `super` itself. */
export const SUPER: Seen = { kind: "super" };
/** `type` itself. */
export const TYPE: Seen = { kind: "type" };

const MOST_VALUES = 256;

/** The interpreter's stack as far as it is known; below that there may be more. */
export class SeenStack {
  readonly #values: Seen[];

  constructor(values: readonly Seen[] = []) {
    this.#values = [...values];
  }

  push(value: Seen): void {
    if (this.#values.length >= MOST_VALUES) this.#values.shift();
    this.#values.push(value);
  }

  pop(): Seen {
    return this.#values.pop() ?? null;
  }

  /** The value so many below the top, which is 0. */
  peek(depth: number): Seen {
    return this.#values.at(-1 - depth) ?? null;
  }

  swap(depth: number): void {
    const top = this.#values.length - 1;
    const other = top - depth;
    if (other < 0) {
      // What comes up is not known, nor how many are between.
      if (depth > 0) this.drop(1, 1);
      return;
    }
    const value = this.#values[top] ?? null;
    this.#values[top] = this.#values[other] ?? null;
    this.#values[other] = value;
  }

  /** The top goes below so many others. */
  rotate(below: number): void {
    if (this.#values.length <= below) this.clear();
    else this.#values.splice(this.#values.length - 1 - below, 0, this.pop());
  }

  /** Takes values away, and puts unknown ones there. */
  drop(pops: number, pushes: number): void {
    this.#values.length = Math.max(0, this.#values.length - pops);
    for (let i = 0; i < Math.min(pushes, MOST_VALUES); i += 1) this.push(null);
  }

  clear(): void {
    this.#values.length = 0;
  }

  copy(): SeenStack {
    return new SeenStack(this.#values);
  }

  /** What is known both ways. */
  join(other: SeenStack): SeenStack {
    const values: Seen[] = [];
    const most = Math.min(this.#values.length, other.#values.length);
    for (let depth = most - 1; depth >= 0; depth -= 1) {
      const value = this.peek(depth);
      values.push(isSame(value, other.peek(depth)) ? value : null);
    }
    return new SeenStack(values);
  }
}

function isSame(one: Seen, other: Seen): boolean {
  if (one === null || other === null) return one === other;
  if (one.kind === "object") return other.kind === "object" && one.address === other.address;
  if (one.kind === "method") return other.kind === "method" && one.at === other.at;
  return one.kind === other.kind;
}
