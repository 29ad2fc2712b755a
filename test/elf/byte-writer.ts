import type { ElfLayout } from "../../src/elf/index.ts";

/** Puts numbers one after the other, in a file's class and byte order. */
export class ByteWriter {
  readonly layout: ElfLayout;
  readonly #bytes: number[] = [];

  constructor(layout: ElfLayout) {
    this.layout = layout;
  }

  get length(): number {
    return this.#bytes.length;
  }

  number(value: bigint | number, bytes: number): this {
    const digits: number[] = [];
    for (
      let rest = BigInt.asUintN(8 * bytes, BigInt(value)), index = 0;
      index < bytes;
      index += 1, rest >>= 8n
    ) {
      digits.push(Number(rest & 0xffn));
    }
    if (this.layout.endian === "big") digits.reverse();
    this.#bytes.push(...digits);
    return this;
  }

  u8(value: number): this {
    return this.number(value, 1);
  }

  u16(value: number): this {
    return this.number(value, 2);
  }

  u32(value: number): this {
    return this.number(value, 4);
  }

  u64(value: bigint | number): this {
    return this.number(value, 8);
  }

  word(value: bigint | number): this {
    return this.number(value, this.layout.class / 8);
  }

  bytes(bytes: Uint8Array): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  /** UTF-8, with a NUL, and zeros up to `width` where it is given. */
  text(text: string, width = 0): this {
    this.bytes(new TextEncoder().encode(text));
    this.#bytes.push(0);
    const used = new TextEncoder().encode(text).length + 1;
    return this.zeros(Math.max(0, width - used));
  }

  zeros(bytes: number): this {
    for (let index = 0; index < bytes; index += 1) this.#bytes.push(0);
    return this;
  }

  align(to: number): this {
    return this.zeros((to - (this.#bytes.length % to)) % to);
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
