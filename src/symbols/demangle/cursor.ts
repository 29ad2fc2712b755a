import { NotMangled } from "./printer.ts";

const MOST_DEPTH = 256;

/** Reads a mangled name from left to right. */
export class Cursor {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** What is left. */
  get rest(): string {
    return this.#text.slice(this.#at);
  }

  peek(ahead = 0): string {
    return this.#text[this.#at + ahead] ?? "";
  }

  startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  /** Steps over a text where it comes next. */
  take(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** @throws NotMangled where the text does not come next */
  expect(text: string): void {
    if (!this.take(text)) throw new NotMangled(`no ${text}`);
  }

  /** The next characters, exactly so many. */
  read(count: number): string {
    const text = this.#text.slice(this.#at, this.#at + count);
    if (text.length < count) throw new NotMangled("ends early");
    this.#at += count;
    return text;
  }

  /** The characters that are of a set, possibly none. */
  readWhile(test: RegExp): string {
    const start = this.#at;
    while (!this.isAtEnd && test.test(this.peek())) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  /** A decimal number. */
  number(): number {
    const digits = this.readWhile(DIGIT);
    if (digits === "" || digits.length > 9) throw new NotMangled("no number");
    return Number(digits);
  }

  /** Runs a part of the parser one level further down. */
  nest<T>(parse: () => T): T {
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH) throw new NotMangled("too deep");
    const result = parse();
    this.#depth -= 1;
    return result;
  }
}

const DIGIT = /[0-9]/;
