/** A struct's fields by their ids. */
export type Struct = ReadonlyMap<number, Thrift>;
export type Thrift = boolean | number | Uint8Array | Struct | readonly Thrift[];

// Types of the compact protocol (thrift-compact-protocol.md).
const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** Structs and lists in each other: Parquet's own have six. */
const MOST_DEEP = 16;
const MOST_VARINT_BYTES = 10;

/**
 * Reads one struct of the compact protocol. Lists are held against the bytes that are left before there is room made for them,
 * and depth is bounded: a footer of a few bytes can ask for any amount of memory.
 */
export class ThriftReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Where the next struct begins. */
  get position(): number {
    return this.#at;
  }

  /** @throws Error where it is broken */
  readStruct(depth = 0): Struct {
    if (depth > MOST_DEEP) throw new Error(`structs are nested more than ${MOST_DEEP} deep`);
    const fields = new Map<number, Thrift>();
    for (let id = 0; ; ) {
      const head = this.#byte();
      const type = head & 0x0f;
      if (type === STOP) return fields;
      const step = head >> 4;
      id = step === 0 ? this.#signed() : id + step;
      fields.set(id, type === TRUE || type === FALSE ? type === TRUE : this.#value(type, depth));
    }
  }

  #value(type: number, depth: number): Thrift {
    switch (type) {
      case TRUE:
      case FALSE: // of a list: a byte each
        return this.#byte() === TRUE;
      case BYTE:
        return (this.#byte() << 24) >> 24;
      case I16:
      case I32:
      case I64:
        return this.#signed();
      case DOUBLE:
        return new DataView(this.#take(8).slice().buffer).getFloat64(0, true);
      case BINARY:
        return this.#take(this.#unsigned());
      case LIST:
        return this.#list(depth + 1);
      case STRUCT:
        return this.readStruct(depth + 1);
      default:
        throw new Error(`unknown type ${type} of a field`);
    }
  }

  #list(depth: number): Thrift[] {
    if (depth > MOST_DEEP) throw new Error(`lists are nested more than ${MOST_DEEP} deep`);
    const head = this.#byte();
    const count = head >> 4 === 15 ? this.#unsigned() : head >> 4;
    const left = this.#bytes.length - this.#at;
    if (count > left) throw new Error(`a list of ${count} has ${left} bytes`);
    const values: Thrift[] = [];
    for (let index = 0; index < count; index += 1) values.push(this.#value(head & 0x0f, depth));
    return values;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Error("it ends within a struct");
    this.#at += 1;
    return byte;
  }

  #take(count: number): Uint8Array {
    const left = this.#bytes.length - this.#at;
    if (count > left) throw new Error(`${count} bytes are said to follow where ${left} are left`);
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  #unsigned(): number {
    const value = this.#varint();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error(`${value} is out of range`);
    return Number(value);
  }

  /** Zigzag: the sign is the lowest bit. */
  #signed(): number {
    const value = this.#varint();
    const signed = (value >> 1n) ^ -(value & 1n);
    if (BigInt.asIntN(54, signed) !== signed) throw new Error(`${signed} is out of range`);
    return Number(signed);
  }

  #varint(): bigint {
    let value = 0n;
    for (let index = 0; index < MOST_VARINT_BYTES; index += 1) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new Error(`a number has more than ${MOST_VARINT_BYTES} bytes`);
  }
}
