import type { MemoryReader } from "../../../blocks/index.ts";
import { readKeysTable } from "../layout/dict-entries.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { readNdarray } from "../objects/ndarray.ts";
import { blockItems } from "../objects/size-at.ts";
import { readFrame } from "../threads/frames.ts";
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
  else if (family === "module") yield* moduleWords(reader, layout, at);
  else if (family === "deque") yield* dequeWords(reader, layout, at);
  else if (family === "generator") yield* generatorWords(reader, layout, at);
  else if (family === "frame") yield* frameWords(reader, layout, at);
  else if (family === "queue") yield* queueWords(reader, layout, at);
  else if (family === "thread local") yield* threadLocalWords(reader, layout, at);
  else if (family === "ndarray") yield* ndarrayWords(reader, at);
}

const field = (at: number): HeldWords => ({ at, count: 1, step: 8, what: "field" });
/** The words from one field to another, that one included. */
const fieldsFrom = (at: number, first: number, last: number): HeldWords => ({
  at: at + first,
  count: (last - first) / 8 + 1,
  step: 8,
  what: "field",
});

/** Fields of types: tp_weaklist is none of what they hold. */
function* typeWords(reader: MemoryReader, layout: Layout, at: number): Generator<HeldWords> {
  const { PyTypeObject: fields, PyHeapTypeObject: more } = layout.structs;
  yield { at: at + fields.tp_dict, count: 1, step: 8, what: "namespace" };
  yield field(at + fields.tp_base);
  yield fieldsFrom(at, fields.tp_bases, fields.tp_subclasses);
  if ((reader.u32(at + fields.tp_flags) & FLAG.heapType) === 0) return;
  yield fieldsFrom(at, more.ht_name, more.ht_qualname);
  // There is none before 3.9.
  if ("ht_module" in more) yield field(at + more.ht_module);
  const cached = reader.u64(at + more.ht_cached_keys);
  const keys = cached > 0 ? readKeysTable(reader, layout, cached) : null;
  if (keys !== null) yield { at: keys.firstKey, count: keys.entries, step: keys.entryBytes, what: "key" };
}

function* moduleWords(reader: MemoryReader, layout: Layout, at: number): Generator<HeldWords> {
  const { PyModuleObject: fields, PyModuleDef } = layout.structs;
  yield { at: at + fields.md_dict, count: 1, step: 8, what: "namespace" };
  yield field(at + fields.md_name);
  // What the module's C code keeps for itself: m_size bytes, from 3.15 on the module says how many.
  const state = reader.u64(at + fields.md_state);
  const bytes =
    "md_state_size" in fields
      ? reader.u64(at + fields.md_state_size)
      : reader.u64(reader.u64(at + fields.md_def) + PyModuleDef.m_size);
  if (state > 0 && bytes <= MOST_STATE_BYTES)
    yield { at: state, count: Math.floor(bytes / 8), step: 8, what: "field" };
}

function* dequeWords(reader: MemoryReader, layout: Layout, at: number): Generator<HeldWords> {
  const { PyVarObject, dequeobject, block: fields } = layout.structs;
  const items = blockItems(layout);
  let block = reader.u64(at + dequeobject.leftblock);
  let index = reader.u64(at + dequeobject.leftindex);
  let left = reader.u64(at + PyVarObject.ob_size);
  for (let blocks = 0; left > 0 && index <= items && blocks < MOST_BLOCKS; blocks += 1) {
    const count = Math.min(left, items - index);
    if (count > 0) yield { at: block + fields.data + index * 8, count, step: 8, what: "item" };
    left -= count;
    index = 0;
    block = reader.u64(block + fields.rightlink);
    if (!(block > 0)) return;
  }
}

/** Since 3.13 items are in a ring, from one index on. */
function* queueWords(reader: MemoryReader, layout: Layout, at: number): Generator<HeldWords> {
  const { structs } = layout;
  if (!("simplequeueobject" in structs) || !("num_items" in structs.simplequeueobject)) return;
  const { items, items_cap, get_idx, num_items } = structs.simplequeueobject;
  const [ring, room, first, count] = [items, items_cap, get_idx, num_items].map((field) =>
    reader.u64(at + field),
  ) as [number, number, number, number];
  if (!(ring > 0 && first < room && count <= room)) return;
  const before = Math.min(count, room - first);
  yield { at: ring + first * 8, count: before, step: 8, what: "item" };
  if (count > before) yield { at: ring, count: count - before, step: 8, what: "item" };
}

/** A frame is in a generator from 3.11 on. Before, generators hold a frame object. */
function* generatorWords(reader: MemoryReader, layout: Layout, at: number): Generator<HeldWords> {
  const { PyGenObject: fields, PyCoroObject } = layout.structs;
  if (!("gi_iframe" in fields && "cr_origin_or_finalizer" in PyCoroObject)) return;
  if ("gi_code" in fields) yield field(at + fields.gi_code);
  // The exception is the first word of gi_exc_state.
  yield fieldsFrom(at, fields.gi_name, fields.gi_exc_state);
  yield field(at + PyCoroObject.cr_origin_or_finalizer);
  if ((reader.u8(at + fields.gi_frame_state) << 24) >> 24 >= layout.finishedFrame) return;
  yield* frameSlots(reader, layout, at + fields.gi_iframe);
}

/** What a frame holds: its code, its function, its locals where they are a dict, its object, its slots. */
function* frameSlots(reader: MemoryReader, layout: Layout, at: number): Generator<HeldWords> {
  const fields = layout.frame;
  const frame = readFrame(reader, layout, at);
  if (frame === null) return;
  if (fields !== null)
    for (const offset of [fields.code, fields.function, fields.locals, fields.object])
      yield { at: at + offset, count: 1, step: 8, what: "field" };
  yield { at: frame.slots, count: frame.locals + frame.stack, step: 8, what: "slot" };
}

const OWNED_BY_FRAME_OBJECT = 2;

function* frameWords(reader: MemoryReader, layout: Layout, at: number): Generator<HeldWords> {
  const { PyFrameObject: fields } = layout.structs;
  if (layout.frame === null || !("f_frame" in fields)) {
    if ("f_locals" in fields) yield fieldsFrom(at, fields.f_back, fields.f_locals);
    yield field(at + fields.f_trace);
    yield* frameSlots(reader, layout, at);
    return;
  }
  yield field(at + fields.f_back);
  // Numbers in between are none's address.
  yield fieldsFrom(at, fields.f_trace, "f_locals_cache" in fields ? fields.f_locals_cache : fields.f_trace);
  const frame = reader.u64(at + layout.frameData);
  if (reader.u8(frame + layout.frame.owner) === OWNED_BY_FRAME_OBJECT)
    yield* frameSlots(reader, layout, frame);
}

/** What an array has for itself: its dimensions, and its elements where no other has them; these hold something if they are objects. */
function* ndarrayWords(reader: MemoryReader, at: number): Generator<HeldWords> {
  const array = readNdarray(reader, at);
  if (array === null) return;
  const { dimensions, data, ownBytes, holdsObjects } = array;
  yield { at: dimensions, count: 0, step: 8, what: "field" };
  if (ownBytes > 0)
    yield { at: data, count: holdsObjects ? Math.floor(ownBytes / 8) : 0, step: 8, what: "item" };
}

const MOST_THREADS = 65_536;

/**
 * The dicts of all threads: values of a dict that the object holds, whose place differs from version to version and
 * whose keys are no str. Its table and theirs are read here; that dict itself is found as a word of the object.
 */
function* threadLocalWords(reader: MemoryReader, layout: Layout, at: number): Generator<HeldWords> {
  const { PyDictObject, localobject } = layout.structs;
  const { ob_type } = layout.structs.PyObject;
  const ownType = reader.u64(at + ob_type);
  for (let offset: number = localobject.args; offset < localobject.sizeof; offset += 8) {
    const dict = reader.u64(at + offset);
    const type = reader.u64(dict + ob_type);
    if (!(type > 0) || type === ownType) continue;
    const keys = readKeysTable(reader, layout, reader.u64(dict + PyDictObject.ma_keys));
    if (keys === null || keys.entryBytes !== 24) continue;
    for (let entry = 0; entry < Math.min(keys.entries, MOST_THREADS); entry += 1) {
      const value = keys.firstValue + entry * keys.entryBytes;
      // Of the same type as the dict around it.
      if (reader.u64(reader.u64(value) + ob_type) === type)
        yield { at: value, count: 1, step: 8, what: "namespace" };
    }
  }
}
