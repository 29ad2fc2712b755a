import type { Span } from "./span.ts";

/** Two claims to the same bytes, which is a defect of whoever made the later one. */
export interface Overlap extends Span {
  readonly kept: string;
  readonly refused: string;
}

/**
 * Who has which bytes of an address space, each byte once: what nobody claims is the rest, and no sum is ever made up by
 * subtraction (as bloaty's range map accounts for a file). A claim to what is claimed already is refused for those bytes and
 * kept as an overlap.
 */
export class RangeMap<Label extends string> {
  // Disjoint, in the order of their addresses.
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #labels: Label[] = [];
  readonly #overlaps: Overlap[] = [];

  /** Refused claims, in the order in which they were made. */
  get overlaps(): readonly Overlap[] {
    return this.#overlaps;
  }

  /** Claims [start, end). Returns the bytes that nobody had claimed before. */
  claim(start: number, end: number, label: Label): number {
    let bytes = 0;
    let index = this.#firstEndingAfter(start);
    for (let at = start; at < end; ) {
      const next = Math.min(end, this.#starts[index] ?? end);
      if (next > at) {
        this.#insert(index, at, next, label);
        bytes += next - at;
        index += 1;
        at = next;
        continue;
      }
      const until = Math.min(end, this.#ends[index] ?? end);
      this.#overlaps.push({ start: at, end: until, kept: this.#labels[index] ?? label, refused: label });
      at = until;
      index += 1;
    }
    return bytes;
  }

  /** Claims in [start, end), cut to it, in the order of their addresses. */
  *within(start: number, end: number): Generator<Span & { readonly label: Label }> {
    for (let index = this.#firstEndingAfter(start); index < this.#labels.length; index += 1) {
      const from = this.#starts[index] ?? end;
      const label = this.#labels[index];
      if (from >= end || label === undefined) return;
      yield { start: Math.max(start, from), end: Math.min(end, this.#ends[index] ?? end), label };
    }
  }

  /** What of [start, end) nobody has. */
  *rest(start: number, end: number): Generator<Span> {
    let at = start;
    for (let index = this.#firstEndingAfter(start); at < end; index += 1) {
      const next = Math.min(end, this.#starts[index] ?? end);
      if (next > at) yield { start: at, end: next };
      at = this.#ends[index] ?? end;
    }
  }

  #insert(index: number, start: number, end: number, label: Label): void {
    this.#starts.splice(index, 0, start);
    this.#ends.splice(index, 0, end);
    this.#labels.splice(index, 0, label);
  }

  #firstEndingAfter(at: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ends[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
