import { dictEntries, readKeysTable } from "../layout/dict-entries.ts";
import { FLAG } from "../layout/layout.ts";
import { blockItems } from "../objects/size-at.ts";
import { basesOf, hasFlag, type TypeObject } from "../types/type-objects.ts";
import type { Held, Reading, Value } from "./reading.ts";

const MOST_LENGTH = 2 ** 40;
/** Slots that are looked at for the first items: tables may have many that are empty. */
const MOST_SLOTS = 4096;

/** The items of tuple, list, dict, frozendict, set, frozenset, deque and of what derives from them; null for others. */
export function containerValue(reading: Reading, type: TypeObject, at: number): Value | null {
  const { memory } = reading;
  const { reader } = memory;
  const { PyVarObject, PyListObject, PyDictObject, PySetObject } = reading.layout.structs;
  if (hasFlag(type, FLAG.tuple)) {
    const length = reader.u64(at + PyVarObject.ob_size);
    return whole(length, itemsFrom(reading, at + tupleHeader(reading, type), length));
  }
  if (hasFlag(type, FLAG.list)) {
    const length = reader.u64(at + PyVarObject.ob_size);
    return whole(length, itemsFrom(reading, reader.u64(at + PyListObject.ob_item), length));
  }
  if (hasFlag(type, FLAG.dict)) return whole(reader.u64(at + PyDictObject.ma_used), dictItems(reading, at));
  for (const name of memory.namesOf(type)) {
    if (name === "builtins.frozendict")
      return whole(reader.u64(at + PyDictObject.ma_used), dictItems(reading, at));
    if (name === "builtins.set" || name === "builtins.frozenset")
      return whole(reader.u64(at + PySetObject.used), setItems(reading, at));
    if (name === "collections.deque")
      return whole(reader.u64(at + PyVarObject.ob_size), dequeItems(reading, at));
  }
  return null;
}

function whole(length: number, held: readonly Held[]): Value | null {
  return length < MOST_LENGTH ? { text: null, length, held } : null;
}

/** From a tuple to its first item: what `tuple` itself is, as from 3.14 on a hash stands before the items. */
function tupleHeader({ memory, layout }: Reading, type: TypeObject): number {
  let bytes: number = layout.structs.PyTupleObject.ob_item;
  for (const base of basesOf(type, memory.types.all)) if (hasFlag(base, FLAG.tuple)) bytes = base.basicSize;
  return bytes;
}

function itemsFrom({ memory: { reader }, mostHeld }: Reading, first: number, length: number): Held[] {
  const held: Held[] = [];
  for (let index = 0; index < length && held.length < mostHeld && index < MOST_SLOTS; index += 1) {
    const address = reader.u64(first + index * 8);
    if (address > 0) held.push({ label: `[${index}]`, address });
  }
  return held;
}

function dictItems(reading: Reading, at: number): Held[] {
  const { memory, layout, mostHeld } = reading;
  const held: Held[] = [];
  const keys = memory.reader.u64(at + layout.structs.PyDictObject.ma_keys);
  if (mostHeld === 0 || readKeysTable(memory.reader, layout, keys) === null) return held;
  for (const { key, value } of dictEntries(memory.reader, layout, at, MOST_SLOTS)) {
    held.push({ label: `[${keyText(reading, key)}]`, address: value });
    if (held.length >= mostHeld) break;
  }
  return held;
}

/** The key's value, or its type and address. */
function keyText({ memory, shortOf }: Reading, key: number): string {
  const type = memory.typeOf(key);
  if (type === null) return `0x${key.toString(16)}`;
  const isContainer = hasFlag(type, FLAG.tuple | FLAG.list | FLAG.dict);
  const text = isContainer ? null : shortOf(type, key);
  return text ?? `<${memory.nameOf(type).name} 0x${key.toString(16)}>`;
}

/** Objects/setobject.c: entries of key and hash; that of a removed key is -1. */
function setItems({ memory: { reader }, layout, mostHeld }: Reading, at: number): Held[] {
  const { PySetObject, setentry } = layout.structs;
  const held: Held[] = [];
  const slots = reader.u64(at + PySetObject.mask) + 1;
  const table = reader.u64(at + PySetObject.table);
  for (let slot = 0; slot < slots && slot < MOST_SLOTS && held.length < mostHeld; slot += 1) {
    const entry = table + slot * setentry.sizeof;
    const address = reader.u64(entry + setentry.key);
    if (address > 0 && reader.i64(entry + setentry.hash) !== -1) held.push({ label: "{}", address });
  }
  return held;
}

/** Blocks of a link, items and a link (Modules/_collectionsmodule.c), from the left one's left index on. */
function dequeItems({ memory: { reader }, layout, mostHeld }: Reading, at: number): Held[] {
  const { PyVarObject, dequeobject, block: fields } = layout.structs;
  const items = blockItems(layout);
  const held: Held[] = [];
  const length = reader.u64(at + PyVarObject.ob_size);
  let block = reader.u64(at + dequeobject.leftblock);
  let place = reader.u64(at + dequeobject.leftindex);
  for (let index = 0; index < length && held.length < mostHeld && index < MOST_SLOTS; index += 1) {
    if (!(place <= items)) break;
    if (place === items) {
      block = reader.u64(block + fields.rightlink);
      place = 0;
    }
    const address = reader.u64(block + fields.data + place * 8);
    if (address > 0) held.push({ label: `[${index}]`, address });
    place += 1;
  }
  return held;
}
