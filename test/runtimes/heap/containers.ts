import type { Heap, PyObject, PyType } from "./heap.ts";
import type { Types } from "./types.ts";

/** Modules/_collectionsmodule.c: a block of a deque is a link, 64 items and a link. */
const DEQUE_ITEMS = 64;
const DEQUE_BLOCK_BYTES = 8 + DEQUE_ITEMS * 8 + 8;
/** PySetObject has a table of 8 entries in itself. */
const SMALL_SET = 8;

/** Makes tuples, lists, sets and deques. */
export class Containers {
  readonly #heap: Heap;
  readonly #types: Types;

  constructor(heap: Heap, types: Types) {
    this.#heap = heap;
    this.#types = types;
  }

  /** PyTupleObject: items follow the struct. */
  tuple(items: readonly PyObject[], type: PyType = this.#types.get("tuple")): PyObject {
    const { structs, memory } = this.#heap;
    const object = this.#heap.make(type, structs.tupleItems + 8 * items.length);
    memory.u64(object.address + 16, items.length);
    items.forEach((item, index) => {
      this.#heap.hold(object.address + structs.tupleItems + 8 * index, item);
    });
    return object;
  }

  /** PyListObject: ob_size, ob_item, allocated. Items are in a block of their own, with room for more. */
  list(items: readonly PyObject[], room = items.length, type: PyType = this.#types.get("list")): PyObject {
    const { memory } = this.#heap;
    const object = this.#heap.make(type, type.basicBytes, 8 * room);
    memory.u64(object.address + 16, items.length);
    memory.u64(object.address + 32, room);
    if (room === 0) return object;
    const { start } = this.#heap.table(8 * room);
    memory.u64(object.address + 24, start);
    items.forEach((item, index) => {
      this.#heap.hold(start + 8 * index, item);
    });
    return object;
  }

  /** Puts an item into a list that has room for it: what is made later, or the list itself. */
  put(list: PyObject, index: number, item: PyObject): void {
    const { memory } = this.#heap;
    this.#heap.hold(memory.readU64(list.address + 24) + 8 * index, item);
    memory.u64(list.address + 16, Math.max(index + 1, memory.readU64(list.address + 16)));
  }

  /** PySetObject: fill, used, mask, table of entries of key and hash; up to 8 entries' table is in the object. */
  set(items: readonly PyObject[], name: "set" | "frozenset" = "set", slots = SMALL_SET): PyObject {
    const { memory } = this.#heap;
    const isApart = slots > SMALL_SET;
    const object = this.#heap.make(this.#types.get(name), 200, isApart ? 16 * slots : 0);
    const table = isApart ? this.#heap.table(16 * slots).start : object.address + 64;
    memory.u64(object.address + 16, items.length);
    memory.u64(object.address + 24, items.length);
    memory.u64(object.address + 32, slots - 1);
    memory.u64(object.address + 40, table);
    // Every other slot, from the second on: where hashes put them is not the reader's business.
    items.forEach((item, index) => {
      const entry = table + 16 * ((2 * index + 1) % slots);
      this.#heap.hold(entry, item);
      memory.u64(entry + 8, 1000 + index);
    });
    return object;
  }

  /** dequeobject: length, leftblock, rightblock, leftindex, rightindex. The first item is at `left` of its block. */
  deque(items: readonly PyObject[], left = 31): PyObject {
    const { memory } = this.#heap;
    const type = this.#types.get("collections.deque");
    const count = Math.max(1, Math.ceil((left + items.length) / DEQUE_ITEMS));
    const told = Math.floor((left + items.length + DEQUE_ITEMS - 1) / DEQUE_ITEMS) * DEQUE_BLOCK_BYTES;
    const object = this.#heap.make(type, type.basicBytes, told);
    const blocks = Array.from({ length: count }, () => this.#heap.table(DEQUE_BLOCK_BYTES).start);
    blocks.forEach((at, index) => {
      memory.u64(at, blocks[index - 1] ?? 0);
      memory.u64(at + 8 + DEQUE_ITEMS * 8, blocks[index + 1] ?? 0);
    });
    memory.u64(object.address + 16, items.length);
    memory.u64(object.address + 24, blocks[0] ?? 0);
    memory.u64(object.address + 32, blocks.at(-1) ?? 0);
    memory.u64(object.address + 40, left);
    memory.u64(object.address + 48, (left + items.length - 1) % DEQUE_ITEMS);
    items.forEach((item, index) => {
      const place = left + index;
      const block = blocks[Math.floor(place / DEQUE_ITEMS)] ?? 0;
      this.#heap.hold(block + 8 + 8 * (place % DEQUE_ITEMS), item);
    });
    return object;
  }
}
