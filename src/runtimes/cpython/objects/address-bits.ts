/** Bytes of addresses that a page of bits stands for: 2 ** PAGE_BITS. */
const PAGE_BITS = 20;

/** A set of addresses that are multiples of 8, each as its upper and its lower 32 bits; it is asked for far more than it has. */
export class AddressBits {
  readonly #pages = new Map<number, Uint8Array>();
  #number = -1;
  #page: Uint8Array | undefined;

  add(high: number, low: number): void {
    this.#turnTo(high, low);
    if (this.#page === undefined) {
      this.#page = new Uint8Array(2 ** (PAGE_BITS - 6));
      this.#pages.set(this.#number, this.#page);
    }
    const bit = (low & (2 ** PAGE_BITS - 1)) >>> 3;
    this.#page[bit >>> 3] = (this.#page[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }

  has(high: number, low: number): boolean {
    if ((low & 7) !== 0) return false;
    this.#turnTo(high, low);
    if (this.#page === undefined) return false;
    const bit = (low & (2 ** PAGE_BITS - 1)) >>> 3;
    return ((this.#page[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }

  /** Neighbours are asked for one after the other, mostly. */
  #turnTo(high: number, low: number): void {
    const number = high * 2 ** (32 - PAGE_BITS) + (low >>> PAGE_BITS);
    if (number === this.#number) return;
    this.#number = number;
    this.#page = this.#pages.get(number);
  }
}
