import type { Heap, PyObject } from "./heap.ts";
import type { Types } from "./types.ts";

const DIGIT_BITS = 30n;

/** Makes numbers, texts and bytes: objects that hold no others. */
export class Values {
  readonly #heap: Heap;
  readonly #types: Types;

  constructor(heap: Heap, types: Types) {
    this.#heap = heap;
    this.#types = types;
  }

  /** PyLongObject: digits of 30 bits; their count has the sign up to 3.11, and stands above three bits of tag since. */
  int(value: number | bigint): PyObject {
    const { memory, minor } = this.#heap;
    const digits: number[] = [];
    const whole = BigInt(value);
    for (let rest = whole < 0n ? -whole : whole; rest > 0n; rest >>= DIGIT_BITS)
      digits.push(Number(rest & ((1n << DIGIT_BITS) - 1n)));
    // Since 3.11 sys.getsizeof tells of one digit at least.
    const told = 24 + 4 * Math.max(minor >= 11 ? 1 : 0, digits.length);
    const object = this.#heap.make(this.#types.get("int"), told);
    const sign = whole < 0n ? 2 : whole === 0n ? 1 : 0;
    const tagged = digits.length * 8 + sign;
    memory.u64(object.address + 16, minor >= 12 ? tagged : whole < 0n ? -digits.length : digits.length);
    digits.forEach((digit, index) => {
      memory.u32(object.address + 24 + 4 * index, digit);
    });
    return object;
  }

  /** PyFloatObject. */
  float(value: number): PyObject {
    const object = this.#heap.make(this.#types.get("float"), 24);
    this.#heap.memory.f64(object.address + 16, value);
    return object;
  }

  /** PyComplexObject. */
  complex(real: number, imaginary: number): PyObject {
    const object = this.#heap.make(this.#types.get("complex"), 32);
    this.#heap.memory.f64(object.address + 16, real);
    this.#heap.memory.f64(object.address + 24, imaginary);
    return object;
  }

  /** PyBytesObject: the data behind length and hash, and a NUL. */
  bytes(content: Uint8Array): PyObject {
    const object = this.#heap.make(this.#types.get("bytes"), 33 + content.length);
    this.#heap.memory.u64(object.address + 16, content.length);
    this.#heap.memory.u64(object.address + 24, -1);
    this.#heap.memory.bytes(object.address + 32, content);
    return object;
  }

  /** PyByteArrayObject: length, ob_alloc, ob_bytes, ob_start; from 3.15 on ob_bytes_object, which has the bytes. */
  bytearray(content: Uint8Array, room = content.length + 1): PyObject {
    const { memory, structs, minor } = this.#heap;
    const header = minor >= 15 ? 32 : 0;
    const bytes = minor >= 15 ? header + room + 1 : room;
    const object = this.#heap.make(this.#types.get("bytearray"), structs.bytearrayBytes, bytes);
    const table = this.#heap.table(bytes);
    const start = table.start + header;
    if (header > 0) {
      this.#heap.bufferSlack += table.bytes - bytes;
      memory.u64(table.start, 1);
      memory.u64(table.start + 8, this.#types.get("bytes").address);
      memory.u64(table.start + 16, room);
      memory.u64(table.start + 24, -1);
      memory.u64(object.address + 56, table.start);
    }
    memory.bytes(start, content);
    memory.u64(object.address + 16, content.length);
    memory.u64(object.address + 24, room);
    memory.u64(object.address + 32, start);
    memory.u64(object.address + 40, start);
    return object;
  }

  /**
   * A compact str: PyASCIIObject and its text, or PyCompactUnicodeObject and characters of 1, 2 or 4 bytes.
   * @param interned as `state` has it: 1 in the table of interned ones, 2 or 3 there for ever
   */
  str(text: string, interned = 0): PyObject {
    const { structs, memory } = this.#heap;
    const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
    const most = points.reduce((a, b) => Math.max(a, b), 0);
    const kind = most < 0x100 ? 1 : most < 0x1_0000 ? 2 : 4;
    const isAscii = most < 0x80;
    const header = isAscii ? structs.strAscii : structs.strCompact;
    const object = this.#heap.make(this.#types.get("str"), header + (points.length + 1) * kind);
    this.#head(object, points.length, interned + kind * 4 + 0x20 + (isAscii ? 0x40 : 0) + this.#ready());
    memory.bytes(object.address + header, encode(points, kind));
    return object;
  }

  /** The same of 1-byte characters with its text in a block of its own: sys.getsizeof counts it, the balance's tables do not. */
  looseStr(text: string): PyObject {
    const { structs, memory } = this.#heap;
    const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
    const object = this.#heap.make(this.#types.get("str"), structs.strWhole);
    object.bytes += points.length + 1;
    this.#head(object, points.length, 4 + 0x40 + this.#ready());
    const { start } = this.#heap.table(points.length + 1);
    memory.bytes(start, encode(points, 1));
    memory.u64(object.address + structs.strData, start);
    memory.u64(object.address + structs.strUtf8Length, points.length);
    memory.u64(object.address + structs.strUtf8, start);
    return object;
  }

  /** Keeps the str's UTF-8 in a block of its own. sys.getsizeof counts it; that is no table of the balance's. */
  keepUtf8(object: PyObject, utf8: Uint8Array): void {
    const { structs, memory } = this.#heap;
    const { start } = this.#heap.table(utf8.length + 1);
    memory.bytes(start, utf8);
    memory.u64(object.address + structs.strUtf8Length, utf8.length);
    memory.u64(object.address + structs.strUtf8, start);
    object.bytes += utf8.length + 1;
  }

  /** Length, hash and state of PyASCIIObject. */
  #head(object: PyObject, length: number, state: number): void {
    this.#heap.memory.u64(object.address + 16, length);
    this.#heap.memory.u64(object.address + 24, -1);
    this.#heap.memory.u32(object.address + 32, state);
  }

  /** Up to 3.11 a bit says that the str is ready. */
  #ready(): number {
    return this.#heap.minor < 12 ? 0x80 : 0;
  }
}

function encode(points: readonly number[], kind: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(points.length * kind));
  points.forEach((point, index) => {
    if (kind === 1) view.setUint8(index, point);
    else if (kind === 2) view.setUint16(index * 2, point, true);
    else view.setUint32(index * 4, point, true);
  });
  return new Uint8Array(view.buffer);
}
