import { NotMangled } from "./printer.ts";
import { decodePunycode } from "./punycode.ts";

interface Identifier {
  readonly disambiguator: number;
  readonly name: string;
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** The letters, numbers and identifiers of a Rust name; what is not there throws NotMangled. */
export class RustReader {
  readonly #text: string;
  /** Where to read next; back references move it. */
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#text.length;
  }

  /** What a pattern that starts with `^` finds here, at most so many characters. */
  match(pattern: RegExp, most: number): string {
    const found = pattern.exec(this.#text.slice(this.at, this.at + most))?.[0];
    if (found === undefined) throw new NotMangled("not there");
    this.at += found.length;
    return found;
  }

  take(letter: string): boolean {
    if (this.#text[this.at] !== letter) return false;
    this.at += 1;
    return true;
  }

  next(): string {
    const letter = this.#text[this.at];
    if (letter === undefined) throw new NotMangled("ends early");
    this.at += 1;
    return letter;
  }

  /** `_` is 0, `0_` is 1, … */
  base62(): number {
    let value = 0;
    for (let isFirst = true; ; isFirst = false) {
      const letter = this.next();
      if (letter === "_") return isFirst ? 0 : value + 1;
      const digit = DIGITS.indexOf(letter);
      if (digit < 0) throw new NotMangled("no number");
      // Hashes of crates have 64 bits; nobody asks what they are.
      value = Math.min(value * 62 + digit, 2 ** 52);
    }
  }

  tagged(tag: string): number {
    return this.take(tag) ? this.base62() + 1 : 0;
  }

  identifier(): Identifier {
    const disambiguator = this.tagged("s");
    const isPunycode = this.take("u");
    const digits = this.match(/^(?:0|[1-9][0-9]{0,6})/, 7);
    this.take("_");
    const name = this.#text.slice(this.at, this.at + Number(digits));
    if (name.length < Number(digits)) throw new NotMangled("ends early");
    this.at += name.length;
    if (!isPunycode) return { disambiguator, name };
    const border = name.lastIndexOf("_");
    const decoded = decodePunycode(border < 0 ? "" : name.slice(0, border), name.slice(border + 1));
    if (decoded === null) throw new NotMangled("no punycode");
    return { disambiguator, name: decoded };
  }
}
