import type { MemoryReader } from "../../../blocks/index.ts";
import { readKeysTable } from "../layout/dict-entries.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { frameLayout, OLD_FRAME, readFrame } from "../threads/frames.ts";
import type { Family } from "../types/families.ts";

/** Words of memory that an object holds references in. */
export interface HeldWords {
  readonly at: number;
  readonly count: number;
  /** Bytes from one to the next. */
  readonly step: number;
  /** What they are to the object. */
  readonly what: "namespace" | "field" | "item" | "slot" | "key";
}

/** Fields of PyTypeObject that types hold (Include/cpython/object.h), beside tp_dict; tp_weaklist is none of them. */
export const TYPE_FIELDS = {
  base: 256,
  dict: 264,
  bases: 336,
  mro: 344,
  cache: 352,
  subclasses: 360,
} as const;
/** PyModuleObject (Include/internal/pycore_moduleobject.h). */
export const MODULE = { dict: 16, definition: 24, state: 32, name: 48 } as const;
/** Modules/_collectionsmodule.c: blocks of a link, 64 items, and a link. */
const DEQUE = { length: 16, leftBlock: 24, leftIndex: 40, items: 64, right: 520 } as const;

const MOST_STATE_BYTES = 65_536;
const MOST_BLOCKS = 2 ** 26;

/** What an object of a family that the kernel does not read holds: words, the same that its tp_traverse visits. */
export function* specialWords(
  reader: MemoryReader,
  layout: Layout,
  family: Family,
  at: number,
): Generator<HeldWords> {
  if (family === "type") yield* typeWords(reader, layout, at);
  else if (family === "module") yield* moduleWords(reader, at);
  else if (family === "deque") yield* dequeWords(reader, at);
  else if (family === "generator") yield* generatorWords(reader, layout, at);
  else if (family === "frame") yield* frameWords(reader, layout, at);
  else if (family === "thread local") yield* threadLocalWords(reader, layout, at);
}

const field = (at: number): HeldWords => ({ at, count: 1, step: 8, what: "field" });

function* typeWords(reader: MemoryReader, layout: Layout, at: number): Generator<HeldWords> {
  yield { at: at + TYPE_FIELDS.dict, count: 1, step: 8, what: "namespace" };
  yield field(at + TYPE_FIELDS.base);
  yield { at: at + TYPE_FIELDS.bases, count: 4, step: 8, what: "field" };
  if ((reader.u32(at + 168) & FLAG.heapType) === 0) return;
  // ht_name, ht_slots, ht_qualname; ht_cached_keys; ht_module.
  yield { at: at + layout.qualifiedName - 16, count: 3, step: 8, what: "field" };
  yield field(at + layout.cachedKeys + 8);
  const cached = reader.u64(at + layout.cachedKeys);
  const keys = cached > 0 ? readKeysTable(reader, layout, cached) : null;
  if (keys !== null)
    yield {
      at: keys.firstEntry + keys.entryBytes - 16,
      count: keys.entries,
      step: keys.entryBytes,
      what: "key",
    };
}

function* moduleWords(reader: MemoryReader, at: number): Generator<HeldWords> {
  yield { at: at + MODULE.dict, count: 1, step: 8, what: "namespace" };
  yield field(at + MODULE.name);
  // What the module's C code keeps for itself: m_size bytes (Include/moduleobject.h, PyModuleDef).
  const state = reader.u64(at + MODULE.state);
  const bytes = reader.u64(reader.u64(at + MODULE.definition) + 56);
  if (state > 0 && bytes <= MOST_STATE_BYTES)
    yield { at: state, count: Math.floor(bytes / 8), step: 8, what: "field" };
}

function* dequeWords(reader: MemoryReader, at: number): Generator<HeldWords> {
  let block = reader.u64(at + DEQUE.leftBlock);
  let index = reader.u64(at + DEQUE.leftIndex);
  let left = reader.u64(at + DEQUE.length);
  for (let blocks = 0; left > 0 && index <= DEQUE.items && blocks < MOST_BLOCKS; blocks += 1) {
    const count = Math.min(left, DEQUE.items - index);
    if (count > 0) yield { at: block + 8 + index * 8, count, step: 8, what: "item" };
    left -= count;
    index = 0;
    block = reader.u64(block + DEQUE.right);
    if (!(block > 0)) return;
  }
}

/** PyGenObject of 3.11 on (Include/cpython/genobject.h): a frame is in it. Before, generators hold a frame object. */
function* generatorWords(reader: MemoryReader, layout: Layout, at: number): Generator<HeldWords> {
  const fields = frameLayout(layout);
  if (fields === null) return;
  const frame = at + layout.generatorCode + (layout.minor === 11 ? 80 - 16 : 0);
  if (layout.minor === 11) yield field(at + 16);
  // name, qualname, exc_state.exc_value, and beyond the link to the next state: origin_or_finalizer.
  const name = at + (layout.minor === 11 ? 32 : 24);
  yield { at: name, count: 3, step: 8, what: "field" };
  yield field(name + 32);
  // gi_frame_state: from FRAME_COMPLETED on nothing is left in it.
  if ((reader.u8(frame - 5) << 24) >> 24 >= 1) return;
  yield* frameSlots(reader, layout, frame);
}

/** What a frame holds: its code, its function, its locals where they are a dict, its object, its slots. */
export function* frameSlots(reader: MemoryReader, layout: Layout, at: number): Generator<HeldWords> {
  const fields = frameLayout(layout);
  const frame = readFrame(reader, layout, at);
  if (frame === null) return;
  if (fields !== null)
    for (const offset of [fields.code, fields.function, fields.locals, fields.object])
      yield { at: at + offset, count: 1, step: 8, what: "field" };
  yield { at: frame.slots, count: frame.locals + frame.stack, step: 8, what: "slot" };
}

const OWNED_BY_FRAME_OBJECT = 2;

function* frameWords(reader: MemoryReader, layout: Layout, at: number): Generator<HeldWords> {
  const fields = frameLayout(layout);
  if (fields === null) {
    const { back, valueStack } = OLD_FRAME;
    yield { at: at + back, count: (valueStack - back) / 8, step: 8, what: "field" };
    // f_trace.
    yield field(at + (layout.minor < 10 ? 80 : 72));
    yield* frameSlots(reader, layout, at);
    return;
  }
  // f_back, f_trace; of later versions f_extra_locals and f_locals_cache. Numbers in between are none's address.
  yield field(at + 16);
  yield { at: at + 32, count: layout.minor < 13 ? 1 : 4, step: 8, what: "field" };
  const frame = reader.u64(at + layout.frameData);
  if (reader.u8(frame + fields.owner) === OWNED_BY_FRAME_OBJECT) yield* frameSlots(reader, layout, frame);
}

/** The struct's size in all versions, and a dict's (Modules/_threadmodule.c, localobject). */
const LOCAL_BYTES = 64;
const MOST_THREADS = 65_536;

/**
 * The dicts of all threads: values of a dict that the object holds, whose place differs from version to version and
 * whose keys are no str. Its table and theirs are read here; that dict itself is found as a word of the object.
 */
function* threadLocalWords(reader: MemoryReader, layout: Layout, at: number): Generator<HeldWords> {
  const ownType = reader.u64(at + 8);
  for (let offset = 24; offset < LOCAL_BYTES; offset += 8) {
    const dict = reader.u64(at + offset);
    if (!(reader.u64(dict + 8) > 0) || reader.u64(dict + 8) === ownType) continue;
    const keys = readKeysTable(reader, layout, reader.u64(dict + 32));
    if (keys === null || keys.entryBytes !== 24) continue;
    for (let entry = 0; entry < Math.min(keys.entries, MOST_THREADS); entry += 1) {
      const value = keys.firstEntry + entry * keys.entryBytes + 16;
      // Of the same type as the dict around it.
      if (reader.u64(reader.u64(value) + 8) === reader.u64(dict + 8))
        yield { at: value, count: 1, step: 8, what: "namespace" };
    }
  }
}
