import type { MemoryReader } from "../../../blocks/index.ts";
import type { KernelMemory } from "../../../kernel/index.ts";
import type { Container, ContainerFill, ContainerTotals } from "../../contents.ts";
import { readKeysTable } from "../layout/dict-entries.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { type Python, typeNameOf } from "../python.ts";
import { KIND, type TypePlan } from "../types/kinds.ts";
import { hasFlag } from "../types/type-objects.ts";
import { recordsOf } from "./live-records.ts";
import { LIVE, TALLY_WORDS } from "./record-words.ts";
import { blockItems, dequeBlocks } from "./size-at.ts";

const MOST_LENGTH = 2 ** 47;

/** All dicts, lists, sets, frozensets and deques, and those of classes that derive from them: 36 bytes each, in typed arrays. */
export class Containers implements ContainerFill {
  readonly #python: Python;
  readonly #addresses: Float64Array;
  readonly #lengths: Float64Array;
  readonly #capacities: Float64Array;
  readonly #bytes: Float64Array;
  readonly #types: Uint32Array;
  readonly totals: ContainerTotals;

  constructor(memory: KernelMemory, python: Python) {
    const { types, records, reader, layout } = python;
    const wanted = types.map(isContainer);
    const most = wanted.reduce(
      (sum, is, type) => sum + (is ? (records.tally[type * TALLY_WORDS + LIVE] ?? 0) : 0),
      0,
    );
    this.#python = python;
    this.#addresses = new Float64Array(most);
    this.#lengths = new Float64Array(most);
    this.#capacities = new Float64Array(most);
    this.#bytes = new Float64Array(most);
    this.#types = new Uint32Array(most);
    const totals = { count: 0, length: 0, capacity: 0, bytes: 0, emptyCount: 0, emptyBytes: 0 };
    for (const { address, type, bytes } of recordsOf(memory, records, (type) => wanted[type] === true)) {
      const plan = types[type];
      const size = plan === undefined ? null : sizeOf(reader, layout, plan, address);
      const [length, capacity] = size ?? [0, 0];
      this.#addresses[totals.count] = address;
      this.#lengths[totals.count] = length;
      this.#capacities[totals.count] = capacity;
      this.#bytes[totals.count] = bytes;
      this.#types[totals.count] = type;
      totals.count += 1;
      totals.length += length;
      totals.capacity += capacity;
      totals.bytes += bytes;
      totals.emptyCount += length === 0 ? 1 : 0;
      totals.emptyBytes += length === 0 ? bytes : 0;
    }
    this.totals = totals;
  }

  /** The biggest, at most `most` of them: by bytes or by length, then the other, then address. */
  biggest(order: "bytes" | "length", most: number): Container[] {
    const [first, second] = order === "bytes" ? [this.#bytes, this.#lengths] : [this.#lengths, this.#bytes];
    const { count } = this.totals;
    // A typed array sorts ten times faster than a list by a function: only what is shown needs that.
    const least = most < count ? (first.slice(0, count).sort()[count - most] ?? 0) : 0;
    const found: number[] = [];
    for (let index = 0; index < count; index += 1) if ((first[index] ?? 0) >= least) found.push(index);
    const difference = (values: Float64Array, a: number, b: number) => (values[b] ?? 0) - (values[a] ?? 0);
    found.sort(
      (a, b) => difference(first, a, b) || difference(second, a, b) || difference(this.#addresses, b, a),
    );
    return found.slice(0, most).map((index) => this.#container(index));
  }

  #container(index: number): Container {
    return {
      typeName: typeNameOf(this.#python, this.#types[index] ?? 0),
      address: this.#addresses[index] ?? 0,
      length: this.#lengths[index] ?? 0,
      capacity: this.#capacities[index] ?? 0,
      bytes: this.#bytes[index] ?? 0,
    };
  }
}

function isContainer({ kind, type }: TypePlan): boolean {
  const isTable = kind === KIND.list || kind === KIND.dict || kind === KIND.set || kind === KIND.deque;
  return isTable || hasFlag(type, FLAG.dict);
}

/** Length and capacity; null where they make no sense or are not saved. */
function sizeOf(
  reader: MemoryReader,
  layout: Layout,
  plan: TypePlan,
  at: number,
): readonly [number, number] | null {
  const size = lengthAndRoom(reader, layout, plan, at);
  return size !== null && size[0] < MOST_LENGTH && size[1] < MOST_LENGTH ? size : null;
}

function lengthAndRoom(
  reader: MemoryReader,
  layout: Layout,
  { kind }: TypePlan,
  at: number,
): readonly [number, number] | null {
  const { PyVarObject, PyListObject, PySetObject, PyDictObject } = layout.structs;
  if (kind === KIND.list)
    return [reader.u64(at + PyVarObject.ob_size), reader.u64(at + PyListObject.allocated)];
  if (kind === KIND.set) return [reader.u64(at + PySetObject.used), reader.u64(at + PySetObject.mask) + 1];
  if (kind === KIND.deque) {
    const length = reader.u64(at + PyVarObject.ob_size);
    return [length, Math.max(1, dequeBlocks(reader, layout, at)) * blockItems(layout)];
  }
  const table = readKeysTable(reader, layout, reader.u64(at + PyDictObject.ma_keys));
  return table === null ? null : [reader.u64(at + PyDictObject.ma_used), table.capacity];
}
