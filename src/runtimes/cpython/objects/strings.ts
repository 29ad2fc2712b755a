import type { MemoryReader } from "../../../blocks/index.ts";
import type { KernelMemory } from "../../../kernel/index.ts";
import type { DuplicateStrings, StringGroup, StringTotals } from "../../contents.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { type Python, typeNameOf } from "../python.ts";
import { KIND, type TypePlan } from "../types/kinds.ts";
import { hasFlag } from "../types/type-objects.ts";
import { readText } from "../values/text-values.ts";
import { recordsOf } from "./live-records.ts";
import { LIVE, TALLY_WORDS } from "./record-words.ts";

const MOST_TEXT = 200;
/** Contents are compared up to that many times the bytes of the core: only those that overlap reach it. */
const MOST_PASSES = 4;
const LEAST_BUDGET = 2 ** 24;

/** The table is half empty: only contents that were made to collide need more. */
const MOST_PROBES = 1024;

/** Where the content of a str or bytes lies. */
export interface Content {
  data: number;
  bytes: number;
  /** Bytes of a character; 0 for bytes objects. */
  width: number;
}

/** str and bytes objects by their contents: 40 bytes an object, in typed arrays. */
export class StringGroups implements DuplicateStrings {
  readonly #python: Python;
  readonly #slots: Uint32Array;
  readonly #hashes: Uint32Array;
  readonly #checks: Uint32Array;
  readonly #types: Uint32Array;
  readonly #firsts: Float64Array;
  readonly #counts: Uint32Array;
  readonly #bytes: Float64Array;
  readonly #largest: Float64Array;
  #distinct = 0;
  #budget: number;
  readonly totals: StringTotals;

  constructor(memory: KernelMemory, python: Python) {
    const kinds = python.types.map(isText);
    const { tally } = python.records;
    const most = kinds.reduce(
      (sum, is, index) => sum + (is ? (tally[index * TALLY_WORDS + LIVE] ?? 0) : 0),
      0,
    );
    this.#python = python;
    this.#budget = LEAST_BUDGET + MOST_PASSES * python.balance.saved;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * most + 2)));
    this.#hashes = new Uint32Array(most);
    this.#checks = new Uint32Array(most);
    this.#types = new Uint32Array(most);
    this.#firsts = new Float64Array(most);
    this.#counts = new Uint32Array(most);
    this.#bytes = new Float64Array(most);
    this.#largest = new Float64Array(most);
    let count = 0;
    let bytes = 0;
    let notCompared = 0;
    for (const record of recordsOf(memory, python.records, (type) => kinds[type] === true)) {
      count += 1;
      bytes += record.bytes;
      if (!this.#add(record.address, record.type, record.bytes)) notCompared += 1;
    }
    let groups = 0;
    let wastedBytes = 0;
    for (let group = 0; group < this.#distinct; group += 1) {
      if ((this.#counts[group] ?? 0) < 2) continue;
      groups += 1;
      wastedBytes += this.#wasted(group);
    }
    this.totals = { count, bytes, distinct: this.#distinct, groups, wastedBytes, notCompared };
  }

  /** The contents that are there more than once, at most `most` of them, by wasted bytes or by count, then the other. */
  duplicates(order: "bytes" | "count", most: number): StringGroup[] {
    const many: number[] = [];
    for (let group = 0; group < this.#distinct; group += 1)
      if ((this.#counts[group] ?? 0) > 1) many.push(group);
    const wasted = (a: number, b: number) => this.#wasted(b) - this.#wasted(a);
    const count = (a: number, b: number) => (this.#counts[b] ?? 0) - (this.#counts[a] ?? 0);
    const [first, second] = order === "bytes" ? [wasted, count] : [count, wasted];
    const address = (group: number) => this.#firsts[group] ?? 0;
    many.sort((a, b) => first(a, b) || second(a, b) || address(a) - address(b));
    return many.slice(0, most).map((group) => this.#group(group));
  }

  #wasted(group: number): number {
    return (this.#bytes[group] ?? 0) - (this.#largest[group] ?? 0);
  }

  #group(group: number): StringGroup {
    const { reader, layout, types } = this.#python;
    const address = this.#firsts[group] ?? 0;
    const type = types[this.#types[group] ?? 0]?.type;
    return {
      typeName: typeNameOf(this.#python, this.#types[group] ?? 0),
      text: type === undefined ? null : readText(reader, layout, type, address, MOST_TEXT),
      length: reader.u64(address + layout.structs.PyVarObject.ob_size),
      count: this.#counts[group] ?? 0,
      bytes: this.#bytes[group] ?? 0,
      wastedBytes: this.#wasted(group),
      address,
    };
  }

  /** False where its content cannot be read. */
  #add(address: number, type: number, bytes: number): boolean {
    const { reader, layout, types } = this.#python;
    const plan = types[type];
    const content = plan === undefined ? null : contentOf(reader, layout, plan, address);
    if (content === null || content.bytes > this.#budget) return false;
    this.#budget -= content.bytes;
    const hash = hashContent(reader, content, type);
    if (hash === null) return false;
    const mask = this.#slots.length - 1;
    let slot = hash.first & mask;
    for (let probes = 0; probes < MOST_PROBES; probes += 1, slot = (slot + 1) & mask) {
      const group = (this.#slots[slot] ?? 0) - 1;
      if (group < 0) {
        this.#slots[slot] = this.#start(address, type, hash.first, hash.second) + 1;
        this.#count(this.#distinct - 1, bytes);
        return true;
      }
      if (this.#hashes[group] !== hash.first || this.#checks[group] !== hash.second) continue;
      if (!this.#isEqual(group, type, content)) continue;
      this.#count(group, bytes);
      return true;
    }
    return false;
  }

  #start(address: number, type: number, hash: number, check: number): number {
    const group = this.#distinct;
    this.#hashes[group] = hash;
    this.#checks[group] = check;
    this.#types[group] = type;
    this.#firsts[group] = address;
    this.#distinct += 1;
    return group;
  }

  #count(group: number, bytes: number): void {
    this.#counts[group] = (this.#counts[group] ?? 0) + 1;
    this.#bytes[group] = (this.#bytes[group] ?? 0) + bytes;
    this.#largest[group] = Math.max(this.#largest[group] ?? 0, bytes);
  }

  /** 64 bits of hash are equal already: this is for those who make them so. */
  #isEqual(group: number, type: number, content: Content): boolean {
    const { reader, layout, types } = this.#python;
    if (this.#types[group] !== type) return false;
    const plan = types[type];
    const other = plan === undefined ? null : contentOf(reader, layout, plan, this.#firsts[group] ?? 0);
    if (other === null || other.bytes !== content.bytes || other.width !== content.width) return false;
    const words = content.bytes - (content.bytes % 4);
    for (let at = 0; at < words; at += 4)
      if (reader.u32(content.data + at) !== reader.u32(other.data + at)) return false;
    for (let at = words; at < content.bytes; at += 1)
      if (reader.u8(content.data + at) !== reader.u8(other.data + at)) return false;
    return true;
  }
}

/** Whether objects of the type are str or bytes. */
export function isText({ kind, type }: TypePlan): boolean {
  return kind === KIND.str || hasFlag(type, FLAG.bytes);
}

/** Null where the object makes no sense. */
export function contentOf(reader: MemoryReader, layout: Layout, plan: TypePlan, at: number): Content | null {
  const { PyVarObject, PyBytesObject, PyASCIIObject, PyCompactUnicodeObject, PyUnicodeObject } =
    layout.structs;
  // A str's length stands there as well.
  const length = reader.u64(at + PyVarObject.ob_size);
  if (!(length < 2 ** 40)) return null;
  if (plan.kind !== KIND.str) return { data: at + PyBytesObject.ob_sval, bytes: length, width: 0 };
  const state = reader.u8(at + PyASCIIObject.state);
  const width = (state >> 2) & 7;
  if (width !== 1 && width !== 2 && width !== 4) return null;
  const isCompact = (state & 0x20) !== 0;
  const isAscii = (state & 0x40) !== 0;
  const data = !isCompact
    ? reader.u64(at + PyUnicodeObject.data)
    : at + (isAscii ? PyASCIIObject.sizeof : PyCompactUnicodeObject.sizeof);
  return { data, bytes: length * width, width };
}

/** Contents from this size on are read in pieces, and not word by word through the reader's small cache. */
const LARGE_CONTENT = 1024;
const PIECE_BYTES = 2 ** 13;

/** Two hashes of 32 bits; null where some of the content is not saved. */
export function hashContent(
  reader: MemoryReader,
  { data, bytes, width }: Content,
  type: number,
): { first: number; second: number } | null {
  const hash = new ContentHash(bytes, width, type);
  if (bytes < LARGE_CONTENT) {
    const words = bytes - (bytes % 4);
    for (let at = 0; at < bytes; at += at < words ? 4 : 1) {
      const word = at < words ? reader.u32(data + at) : reader.u8(data + at);
      if (Number.isNaN(word)) return null;
      hash.add(word);
    }
    return hash.end();
  }
  for (let done = 0; done < bytes; done += PIECE_BYTES) {
    const wanted = Math.min(PIECE_BYTES, bytes - done);
    const piece = reader.bytes(data + done, wanted);
    if (piece.length < wanted) return null;
    const view = new DataView(piece.buffer);
    const words = wanted - (wanted % 4);
    for (let at = 0; at < words; at += 4) hash.add(view.getUint32(at, true));
    for (let at = words; at < wanted; at += 1) hash.add(view.getUint8(at));
  }
  return hash.end();
}

class ContentHash {
  #first: number;
  #second: number;

  constructor(bytes: number, width: number, type: number) {
    this.#first = Math.imul(bytes + width, 0x9e3779b1) ^ type;
    this.#second = Math.imul(bytes ^ type, 0x85ebca77) + width;
  }

  add(word: number): void {
    const first = Math.imul((this.#first ^ word) >>> 0, 0x85ebca6b);
    this.#first = first ^ (first >>> 15);
    this.#second = Math.imul(((this.#second << 13) | (this.#second >>> 19)) + word, 0xc2b2ae35);
  }

  end(): { first: number; second: number } {
    const first = Math.imul(this.#first ^ (this.#first >>> 13), 0xc2b2ae35);
    return { first: (first ^ (first >>> 16)) >>> 0, second: (this.#second ^ (this.#second >>> 16)) >>> 0 };
  }
}
