import { areValid, dictEntries, readKeysTable } from "../layout/dict-entries.ts";
import { FLAG } from "../layout/layout.ts";
import { textOf } from "../types/names.ts";
import { basesOf, hasFlag, type TypeObject } from "../types/type-objects.ts";
import type { Held, Reading, Value } from "./reading.ts";

/** Entries of a class's dict that are looked at for its slots. */
const MOST_MEMBERS = 1024;
const MOST_ATTRIBUTES = 4096;
const MOST_ITEMS = 2 ** 40;
/** PyMemberDef's type of what points to an object: T_OBJECT, T_OBJECT_EX (Include/descrobject.h). */
const OBJECT_MEMBERS: ReadonlySet<number> = new Set([6, 16]);

/** An instance's attributes: those of its dict, its values without one, its class's slots and members. */
export function instanceValue(reading: Reading, type: TypeObject, at: number): Value | null {
  if (reading.mostHeld === 0) return null;
  const held = [...slots(reading, type, at), ...attributes(reading, type, at)];
  return { text: null, length: null, held: held.slice(0, reading.mostHeld) };
}

function* attributes(reading: Reading, type: TypeObject, at: number): Generator<Held> {
  const { reader } = reading.memory;
  if (hasFlag(type, reading.layout.preHeaderFlags & FLAG.managedDict)) {
    yield* managedAttributes(reading, type, at);
    return;
  }
  const place = dictPlace(reading, type, at);
  if (place !== null) yield* dictAttributes(reading, reader.u64(place));
}

/** Objects/object.c, _PyObject_GetDictPtr: an offset below 0 counts from the end of what has items. */
function dictPlace({ memory: { reader }, layout }: Reading, type: TypeObject, at: number): number | null {
  if (type.dictOffset > 0) return at + type.dictOffset;
  if (type.dictOffset === 0) return null;
  const items = Math.abs(reader.i64(at + layout.structs.PyVarObject.ob_size));
  const bytes = type.basicSize + items * type.itemSize;
  return items < MOST_ITEMS ? at + Math.ceil(bytes / 8) * 8 + type.dictOffset : null;
}

/** Include/internal/pycore_object.h: a dict or values, in front of the object or, from 3.13 on, behind it. */
function* managedAttributes(reading: Reading, type: TypeObject, at: number): Generator<Held> {
  const { memory, layout } = reading;
  const { reader } = memory;
  const { managed } = layout;
  if (managed === null) return;
  const word = reader.u64(at + managed.dict);
  if (managed.values !== null) {
    if (word > 0) yield* dictAttributes(reading, word);
    else yield* valueAttributes(reading, type, reader.u64(at + managed.values));
  } else if (managed.how === 2) {
    if (word % 2 === 1) yield* valueAttributes(reading, type, word + 1);
    else yield* dictAttributes(reading, word);
  } else if (word > 0) yield* dictAttributes(reading, word);
  else if (hasFlag(type, FLAG.inlineValues)) {
    const values = at + type.basicSize;
    if (areValid(reader, layout, values)) yield* valueAttributes(reading, type, values + layout.valuesHeader);
  }
}

/** Values in the order of the keys that the class keeps for its instances. */
function* valueAttributes(reading: Reading, type: TypeObject, values: number): Generator<Held> {
  const { memory, layout } = reading;
  const { reader } = memory;
  const keys = readKeysTable(
    reader,
    layout,
    reader.u64(type.address + layout.structs.PyHeapTypeObject.ht_cached_keys),
  );
  if (keys === null || !(values > 0)) return;
  for (let index = 0; index < keys.entries && index < MOST_ATTRIBUTES; index += 1) {
    const address = reader.u64(values + index * 8);
    const key = reader.u64(keys.firstKey + index * keys.entryBytes);
    const name = textOf(reader, layout, memory.types, key);
    if (address > 0 && name !== null) yield { label: `.${name}`, address };
  }
}

function* dictAttributes({ memory, layout }: Reading, dict: number): Generator<Held> {
  const { reader } = memory;
  const type = memory.typeOf(dict);
  if (type === null || !hasFlag(type, FLAG.dict)) return;
  for (const { key, value } of dictEntries(reader, layout, dict, MOST_ATTRIBUTES)) {
    const name = textOf(reader, layout, memory.types, key);
    if (name !== null) yield { label: `.${name}`, address: value };
  }
}

/** What `__slots__` and C structs name: member_descriptor objects in the dicts of the class and its bases. */
function* slots({ memory, layout }: Reading, type: TypeObject, at: number): Generator<Held> {
  const { PyObject, PyMemberDef, PyMemberDescrObject } = layout.structs;
  const { reader } = memory;
  for (const base of basesOf(type, memory.types.all)) {
    for (const { key, value } of dictEntries(reader, layout, base.dict, MOST_MEMBERS)) {
      const descriptor = memory.typeOf(value);
      if (descriptor === null || memory.nameOf(descriptor).name !== "builtins.member_descriptor") continue;
      const member = reader.u64(value + PyMemberDescrObject.d_member);
      const offset = reader.u64(member + PyMemberDef.offset);
      if (!OBJECT_MEMBERS.has(reader.i32(member + PyMemberDef.type))) continue;
      if (!(offset >= PyObject.sizeof && offset < 2 ** 24)) continue;
      const address = reader.u64(at + offset);
      const name = textOf(reader, layout, memory.types, key);
      if (address > 0 && name !== null) yield { label: `.${name}`, address };
    }
  }
}
