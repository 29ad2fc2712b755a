import { type Block, type BlockParts, noParts } from "./blocks.ts";
import { CHUNK_HEADER, HEAP_INFO_BYTES, MallocHeap, mapChunk, settleMapped } from "./malloc.ts";
import { putArena, putCache, STATE_BYTES } from "./malloc-arena.ts";
import { Memory } from "./memory.ts";
import { ARENA_TABLE_BYTES, MOST_SMALL_BYTES, Pymalloc } from "./pymalloc.ts";
import { type Minor, type Structs, structsOf } from "./versions.ts";

/** A type as its instances need it. */
export interface PyType extends PyObject {
  readonly name: string;
  readonly basicBytes: number;
  readonly itemBytes: number;
  readonly flags: number;
}

export interface PyObject {
  readonly address: number;
  /** Null only of `type` itself, while that is made. */
  type: PyType | null;
  /** Null for static objects. */
  readonly block: Block | null;
  /** What sys.getsizeof says. */
  bytes: number;
  /** How many of those are in blocks of their own: tables and buffers. */
  tableBytes: number;
  /** References to it that were written with `hold`, and those that nothing in memory accounts for. */
  references: number;
  state: "live" | "freed" | "parked" | "unseen";
  /** Whether its count is that of what is never freed (3.12 on); static objects are all immortal then. */
  isImmortal: boolean;
}

/** Bits of tp_flags (Include/object.h). */
export const FLAG = {
  inlineValues: 1 << 2,
  managedWeakref: 1 << 3,
  managedDict: 1 << 4,
  heapType: 1 << 9,
  baseType: 1 << 10,
  ready: 1 << 12,
  gc: 1 << 14,
  int: 1 << 24,
  list: 1 << 25,
  tuple: 1 << 26,
  bytes: 1 << 27,
  str: 1 << 28,
  dict: 1 << 29,
  exception: 1 << 30,
  type: 2 ** 31,
} as const;

const hasFlag = (flags: number, flag: number): boolean => (flags & flag) !== 0;

/** Where a process has what. */
export const PLACES = {
  text: 0x55d0_0000_0000,
  readOnly: 0x55d0_0010_0000,
  data: 0x55d0_0020_0000,
  heap: 0x55d0_1000_0000,
  mapped: 0x7f10_0000_0000,
  arenas: 0x7f20_0000_0000,
  threadArena: 0x7f30_0000_0000,
  stack: 0x7ffc_0000_0000,
} as const;
const DATA_BYTES = 0x2_0000;
/** As if malloc were linked into the interpreter; malloc_par's sbrk_base is a word behind it. */
const MAIN_ARENA = PLACES.data + 0x1_0000;
const READ_ONLY_BYTES = 0x4000;
const HEAP_BYTES = 0x2_1000;

/** Words of _PyRuntime and of static variables stand before the static objects. */
const VARIABLES_BYTES = 0x400;

/**
 * A CPython process's memory: its interpreter's data with static objects, pymalloc's arenas, malloc's heap. Objects
 * are made by the other files of this folder; what each is stands in `objects`, as the truth that a reader must find.
 */
export class Heap {
  readonly minor: Minor;
  readonly structs: Structs;
  readonly memory = new Memory();
  readonly pools: Pymalloc;
  readonly malloc: MallocHeap;
  readonly objects: PyObject[] = [];
  readonly mapped: Block[] = [];
  /** Without it chunks can be told by their form alone. */
  hasMainArena = true;
  /** Without it pools prove themselves, and what else is in their arenas is not told. */
  hasArenaTable = true;
  /** Headers of freed chunks in the main arena's fastbins, and blocks in a thread's cache: both still look used. */
  readonly fastChunks: number[] = [];
  readonly cachedBlocks: number[] = [];
  /** The arenas of threads, in the ring behind the main one. */
  readonly threadArenas: MallocHeap[] = [];
  /** Of blocks that bytearrays have their bytes objects in, what these do not fill. */
  bufferSlack = 0;
  /** What allocators have that a test makes beside these. */
  readonly apart = noParts();
  readonly #arenaTable: Block;
  #nextStatic: number = PLACES.data + VARIABLES_BYTES;
  #nextVariable: number = PLACES.data;
  #nextText: number = PLACES.readOnly;
  #nextMapped: number = PLACES.mapped;

  constructor(minor: Minor) {
    this.minor = minor;
    this.structs = structsOf(minor);
    const { memory } = this;
    const path = `/usr/bin/python3.${minor}`;
    memory.map(PLACES.text, 0x1000, { permissions: "r-x", path, filePage: 1 });
    memory.map(PLACES.readOnly, READ_ONLY_BYTES, { permissions: "r--", path, filePage: 0x101 });
    memory.map(PLACES.data, DATA_BYTES, { path, filePage: 0x201 });
    memory.map(PLACES.heap, HEAP_BYTES);
    this.pools = new Pymalloc(memory, this.structs);
    this.pools.addArena(PLACES.arenas, 40);
    this.malloc = new MallocHeap(memory, PLACES.heap, PLACES.heap + HEAP_BYTES);
    this.#arenaTable = this.malloc.allocate(ARENA_TABLE_BYTES);
    this.setVariable(this.#arenaTable.start);
  }

  /** A word of the interpreter's static data. Returns where it stands. */
  setVariable(value: number): number {
    const at = this.#nextVariable;
    this.memory.u64(at, value);
    this.#nextVariable += 16;
    return at;
  }

  /** A static variable that holds a reference. */
  holdInVariable(object: PyObject): number {
    const at = this.setVariable(0);
    this.hold(at, object);
    return at;
  }

  /** NUL-terminated text in the module's read-only data. */
  cText(text: string): number {
    const at = this.#nextText;
    this.memory.bytes(at, new TextEncoder().encode(`${text}\0`));
    this.#nextText += Math.ceil((text.length + 1) / 8) * 8;
    return at;
  }

  /** A block as PyObject_Malloc gives it: of pymalloc up to 512 bytes, of malloc beyond, of the kernel for the largest. */
  allocate(bytes: number): Block {
    if (bytes <= MOST_SMALL_BYTES) return this.pools.allocate(bytes);
    if (bytes < 128 * 1024) return this.malloc.allocate(bytes);
    const block = mapChunk(this.memory, this.#nextMapped, bytes);
    this.#nextMapped += 0x100_0000;
    this.mapped.push(block);
    return block;
  }

  /** PYTHONMALLOC=debug: the size and a letter before seven bytes 0xfd in front, eight behind; twice where nested. */
  allocateDebug(bytes: number, times = 1): Block {
    const block = this.allocate(bytes + 24 * times);
    block.use = "object";
    for (let time = 0; time < times; time += 1) {
      const at = block.start + 16 * time;
      this.memory.bytes(at, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, bytes));
      this.memory.bytes(at + 8, Uint8Array.of(0x6f, 0xfd, 0xfd, 0xfd, 0xfd, 0xfd, 0xfd, 0xfd));
    }
    return { ...block, start: block.start + 16 * times, bytes: block.bytes - 24 * times };
  }

  /** A table or a buffer of an object: a block of its own. */
  table(bytes: number): Block {
    const block = this.allocate(bytes);
    block.use = "table";
    return block;
  }

  /** Bytes in front of an object in its block: the collector's head, and from 3.11 on a managed dict's 16 bytes. */
  headBytes({ flags }: { readonly flags: number }): number {
    const managed =
      this.minor >= 12 ? FLAG.managedDict | FLAG.managedWeakref : this.minor === 11 ? FLAG.managedDict : 0;
    return (hasFlag(flags, FLAG.gc) ? this.structs.gcHeadBytes : 0) + (hasFlag(flags, managed) ? 16 : 0);
  }

  /** An object with `own` bytes of struct in a block of its own; sys.getsizeof adds `tables` to them. */
  make(type: PyType, own: number, tables = 0, allocate = (bytes: number) => this.allocate(bytes)): PyObject {
    const head = this.headBytes(type);
    const block = allocate(head + own);
    block.use = "object";
    const object = this.#enter(block.start + head, type, block, head + own + tables, tables);
    if (hasFlag(type.flags, FLAG.gc)) this.#setTracked(object, true);
    return object;
  }

  /** Takes the object out of the collector's lists, as what no program can reach. */
  untrack(object: PyObject): void {
    this.#setTracked(object, false);
  }

  /** PyGC_Head: the links, 0 where it is in no list; up to 3.7 gc_refs says so, above its lowest bit. */
  #setTracked({ address }: PyObject, isTracked: boolean): void {
    const { gcHeadBytes } = this.structs;
    if (gcHeadBytes === 32) this.memory.u64(address - 16, isTracked ? -6 : -4);
    this.memory.u64(address - gcHeadBytes, isTracked ? PLACES.data + 8 : 0);
  }

  /** A static object in the interpreter's data; it has no head, but sys.getsizeof counts it. */
  makeStatic(type: PyType | null, own: number, bytes: number): PyObject {
    const at = this.#nextStatic;
    this.#nextStatic = Math.ceil((at + own + 16) / 16) * 16;
    return this.#enter(at, type, null, bytes, 0);
  }

  #enter(
    address: number,
    type: PyType | null,
    block: Block | null,
    bytes: number,
    tableBytes: number,
  ): PyObject {
    const object: PyObject = {
      address,
      type,
      block,
      bytes,
      tableBytes,
      references: 0,
      state: "live",
      isImmortal: block === null,
    };
    this.objects.push(object);
    if (type !== null) this.setType(object, type);
    return object;
  }

  setType(object: PyObject, type: PyType): void {
    object.type = type;
    this.memory.u64(object.address + 8, type.address);
    // Since 3.8 instances hold a class that is on the heap (bpo-35810), and before in the same way.
    if (hasFlag(type.flags, FLAG.heapType)) type.references += 1;
  }

  /** Writes a reference. */
  hold(at: number, object: PyObject | null): void {
    if (object === null) return;
    this.memory.u64(at, object.address);
    object.references += 1;
  }

  /** The object is gone: its block is on its pool's list, and still shows the type and a count of 0. */
  free(object: PyObject): void {
    const { block } = object;
    if (block === null) throw new RangeError("a static object is never freed");
    if (block.place === "pool") this.pools.free(block);
    else this.malloc.free(block);
    object.state = "freed";
  }

  /** The object is kept by its type for the next of its kind: its block stays in use, and its count is 0. */
  park(object: PyObject): void {
    object.state = "parked";
  }

  /** Writes counts and allocators' structures. Returns what all bytes of allocators are. */
  settle(): BlockParts {
    for (const { address, state, references, block, isImmortal } of this.objects) {
      if (state === "freed" && block?.start === address) continue;
      const isLive = state === "live" || state === "unseen";
      this.memory.u64(address, isLive ? this.#count(references, isImmortal, block === null) : 0);
    }
    const parts = noParts();
    this.pools.settle(this.hasArenaTable ? this.#arenaTable.start : null, parts);
    this.malloc.settle(parts, this.hasMainArena ? "mallocTop" : "mallocFree");
    for (const arena of this.threadArenas) arena.settle(parts, "mallocTop");
    settleMapped(this.mapped, parts);
    if (this.hasMainArena) this.#putArenas();
    parts.objectBlocks += this.bufferSlack;
    parts.otherBlocks -= this.bufferSlack;
    return parts;
  }

  #putArenas(): void {
    const { memory, malloc, fastChunks, threadArenas } = this;
    const ring = [MAIN_ARENA, ...threadArenas.map(({ start }) => start + HEAP_INFO_BYTES), MAIN_ARENA];
    [malloc, ...threadArenas].forEach((heap, index) => {
      const [at = 0, next = 0] = ring.slice(index);
      const systemBytes = heap.end - heap.start;
      putArena(memory, at, { top: heap.top, next, systemBytes, ...(index === 0 ? { fastChunks } : {}) });
    });
    memory.u64(MAIN_ARENA + STATE_BYTES + 64, malloc.start);
    putCache(memory, malloc.start + CHUNK_HEADER, this.cachedBlocks);
  }

  /** Include/object.h, _Py_IMMORTAL_REFCNT (3.12 on); in 3.14 with flags above, of which one says that it is static. */
  #count(references: number, isImmortal: boolean, isStatic: boolean): number | bigint {
    if (!isImmortal || this.minor < 12) return Math.max(1, references);
    return this.minor < 14 ? 0xffff_ffff : (isStatic ? 0x4n << 48n : 0n) | 0xc000_0000n;
  }
}
