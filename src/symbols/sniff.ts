import { type MapFormat, Verdict } from "./format.ts";
import { SymbolTableBuilder } from "./table-builder.ts";

/** Lines put aside until it is clear what format they are in. */
export class Sample {
  #bytes = new Uint8Array(2 ** 16);
  #used = 0;
  readonly #starts: number[] = [];
  readonly #numbers: number[] = [];

  /** Bytes of the lines that were added. */
  get bytes(): number {
    return this.#used;
  }

  get lines(): number {
    return this.#starts.length;
  }

  add(bytes: Uint8Array, start: number, end: number, number: number): void {
    const needed = this.#used + end - start;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(2 * needed);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(bytes.subarray(start, end), this.#used);
    this.#starts.push(this.#used);
    this.#numbers.push(number);
    this.#used = needed;
  }

  forEach(onLine: (bytes: Uint8Array, start: number, end: number, number: number) => void): void {
    this.#starts.forEach((start, i) => {
      onLine(this.#bytes, start, this.#starts[i + 1] ?? this.#used, this.#numbers[i] ?? 0);
    });
  }
}

/**
 * The format that understands most lines of the sample, the first in the list where several do. Lines that
 * look more like another format's count for one only where it leaves none over and there is nothing else.
 * Null where no format understands any.
 */
export function sniffFormat(formats: readonly MapFormat[], sample: Sample): MapFormat | null {
  let best: MapFormat | null = null;
  let most = 0;
  let fallback: MapFormat | null = null;
  for (const format of formats) {
    const counts = [0, 0, 0, 0];
    const reader = format.open(new SymbolTableBuilder(), () => {});
    sample.forEach((bytes, start, end, number) => {
      const verdict = reader.read(bytes, start, end, number);
      counts[verdict] = (counts[verdict] ?? 0) + 1;
    });
    const understood = counts[Verdict.understood] ?? 0;
    if (understood > most) {
      most = understood;
      best = format;
    }
    if (sample.lines > 0 && counts[Verdict.weak] === sample.lines) fallback ??= format;
  }
  return best ?? fallback;
}
