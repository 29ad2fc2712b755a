import { createHmac } from "node:crypto";

/** Hex digits of a name's hash that are shown: two of 10,000 names are taken for one in a core of a hundred. */
const DIGITS = 8;
/** What stands for a name, so that nothing is redacted twice. */
const REDACTED = /^_{0,2}(?:name|Name|NAME|key|text|file|symbol)_[0-9a-f]{8}$/;

/** Stand-ins for names: a keyed hash, which without the key tells nothing of the name, not even whether it was guessed. */
export class Hashed {
  readonly #key: Uint8Array;
  readonly #known = new Map<string, string>();

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** Tells keys apart: of one key it is the same in all reports. */
  get keyId(): string {
    return this.#digits("key", "");
  }

  /**
   * A name of code: `Name_91bc07d3` of a class, `NAME_…` of a constant, `_name_…` of what is private, so that it reads as
   * such. A file's own name has that of the module in it.
   */
  name(text: string): string {
    const [, private_ = "", rest = ""] = /^(_{0,2})(.*)$/s.exec(text) ?? [];
    const style =
      /^\P{Ll}*\p{Lu}\P{Ll}*$/u.test(rest) && rest.length > 1
        ? "NAME"
        : /^\p{Lu}/u.test(rest)
          ? "Name"
          : "name";
    return this.#standIn(text, `${private_}${style}`, "name");
  }

  /** What a dict has an item under. */
  key(text: string): string {
    return this.#standIn(text, "key", "key");
  }

  /** A text that people chose: what a thread is called. */
  text(text: string): string {
    return this.#standIn(text, "text", "text");
  }

  /** A file on the command line. */
  file(text: string): string {
    return this.#standIn(text, "file", "file");
  }

  /** A name of native code. */
  symbol(text: string): string {
    return this.#standIn(text, "symbol", "symbol");
  }

  #standIn(text: string, style: string, kind: string): string {
    return REDACTED.test(text) ? text : `${style}_${this.#digits(kind, text)}`;
  }

  #digits(kind: string, text: string): string {
    const whole = `${kind}\0${text}`;
    const known = this.#known.get(whole);
    if (known !== undefined) return known;
    // Lone surrogates have no UTF-8: as UTF-16 no two texts are one.
    const digits = createHmac("sha256", this.#key).update(whole, "utf16le").digest("hex").slice(0, DIGITS);
    if (this.#known.size < MOST_KNOWN) this.#known.set(whole, digits);
    return digits;
  }
}

const MOST_KNOWN = 100_000;
