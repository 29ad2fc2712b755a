/** Bytes of addresses that a page of bits stands for: 2 ** PAGE_BITS. */
const PAGE_BITS = 20;

/** A set of addresses that are multiples of 8, which is asked for far more than it has. */
export class AddressBits {
  readonly #pages = new Map<number, Uint8Array>();
  #number = -1;
  #page: Uint8Array | undefined;

  add(at: number): void {
    const number = Math.floor(at / 2 ** PAGE_BITS);
    const page = this.#pages.get(number) ?? new Uint8Array(2 ** (PAGE_BITS - 6));
    this.#pages.set(number, page);
    const bit = (at % 2 ** PAGE_BITS) / 8;
    page[bit >>> 3] = (page[bit >>> 3] ?? 0) | (1 << (bit & 7));
  }

  has(high: number, low: number): boolean {
    if ((low & 7) !== 0) return false;
    const number = high * 2 ** (32 - PAGE_BITS) + (low >>> PAGE_BITS);
    if (number !== this.#number) {
      this.#number = number;
      this.#page = this.#pages.get(number);
    }
    if (this.#page === undefined) return false;
    const bit = (low & (2 ** PAGE_BITS - 1)) >>> 3;
    return ((this.#page[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}
