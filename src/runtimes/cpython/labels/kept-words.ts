import type { WordName } from "./held-names.ts";

const FIRST_SLOTS = 64;
const KINDS = ["item", "attribute", "local", "closure"] as const;
/** Codes of the kinds, after those of `KINDS`; a fixed name's value is its place in a list. */
const INDEX = 4;
const FIXED = 5;

/**
 * The words of one container by address, the first of each. In columns: half a million entries of a dict as objects
 * in a Map take five times as long to put in, and as much again to collect.
 */
export class KeptWords {
  /** One more than an entry's place; 0 is free. Open addressing, at most half full. */
  #slots = new Uint32Array(FIRST_SLOTS);
  #addresses = new Float64Array(FIRST_SLOTS / 2);
  #kinds = new Uint8Array(FIRST_SLOTS / 2);
  /** The address of a key, an index, or the place of a fixed name. */
  #values = new Float64Array(FIRST_SLOTS / 2);
  readonly #fixed: WordName[] = [];
  #size = 0;
  // Picked anew each time, so that nobody can make a core whose words all fall together.
  readonly #factor = oddNumber();
  readonly #other = oddNumber();

  /** Different addresses. */
  get size(): number {
    return this.#size;
  }

  /** The name of the word, or undefined where it is none of these. */
  get(address: number): WordName | undefined {
    const entry = (this.#slots[this.#slotOf(address)] ?? 0) - 1;
    if (entry < 0) return undefined;
    const kind = this.#kinds[entry] ?? 0;
    const value = this.#values[entry] ?? 0;
    if (kind === FIXED) return this.#fixed[value];
    if (kind === INDEX) return { kind: "index", index: value };
    return { kind: KINDS[kind] ?? "item", key: value };
  }

  /** Keeps the word's name, unless it has one. What could not be read (NaN) is one address like any other. */
  add(word: number, name: WordName): void {
    const address = Number.isNaN(word) ? -1 : word;
    const slot = this.#slotOf(address);
    if (this.#slots[slot] !== 0) return;
    const entry = this.#size++;
    this.#slots[slot] = entry + 1;
    this.#addresses[entry] = address;
    switch (name.kind) {
      case "nothing":
      case "fixed":
        this.#kinds[entry] = FIXED;
        this.#values[entry] = this.#placeOf(name);
        break;
      case "index":
        this.#kinds[entry] = INDEX;
        this.#values[entry] = name.index;
        break;
      default:
        this.#kinds[entry] = KINDS.indexOf(name.kind);
        this.#values[entry] = name.key;
    }
    if (2 * this.#size >= this.#slots.length) this.#grow();
  }

  // The keys of a dict are all called alike, by the same object.
  #placeOf(name: WordName): number {
    const last = this.#fixed.length - 1;
    return this.#fixed[last] === name ? last : this.#fixed.push(name) - 1;
  }

  /** Where the address is, or would be. */
  #slotOf(address: number): number {
    const mask = this.#slots.length - 1;
    const mixed = Math.imul(address | 0, this.#factor) + Math.imul((address / 2 ** 32) | 0, this.#other);
    let slot = (mixed ^ (mixed >>> 16)) & mask;
    for (;;) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0 || this.#addresses[entry - 1] === address) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const room = this.#slots.length;
    this.#slots = new Uint32Array(2 * room);
    this.#addresses = widened(this.#addresses, new Float64Array(room));
    this.#kinds = widened(this.#kinds, new Uint8Array(room));
    this.#values = widened(this.#values, new Float64Array(room));
    for (let entry = 0; entry < this.#size; ++entry)
      this.#slots[this.#slotOf(this.#addresses[entry] ?? 0)] = entry + 1;
  }
}

function oddNumber(): number {
  return Math.floor(Math.random() * 2 ** 31) * 2 + 1;
}

function widened<Column extends Float64Array | Uint8Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
