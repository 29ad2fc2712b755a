import { DICT, dictEntries, readKeysTable } from "../layout/dict-entries.ts";
import { FLAG } from "../layout/layout.ts";
import { basesOf, hasFlag, type TypeObject } from "../types/type-objects.ts";
import type { Held, Reading, Value } from "./reading.ts";

const MOST_LENGTH = 2 ** 40;
/** Slots that are looked at for the first items: tables may have many that are empty. */
const MOST_SLOTS = 4096;

/** The items of tuple, list, dict, set, frozenset, deque and of what derives from them; null for others. */
export function containerValue(reading: Reading, type: TypeObject, at: number): Value | null {
  const { memory } = reading;
  const { reader } = memory;
  if (hasFlag(type, FLAG.tuple)) {
    const length = reader.u64(at + 16);
    return whole(length, itemsFrom(reading, at + tupleHeader(reading, type), length));
  }
  if (hasFlag(type, FLAG.list)) {
    const length = reader.u64(at + 16);
    return whole(length, itemsFrom(reading, reader.u64(at + 24), length));
  }
  if (hasFlag(type, FLAG.dict)) return whole(reader.u64(at + DICT.used), dictItems(reading, at));
  for (const name of memory.namesOf(type)) {
    if (name === "builtins.set" || name === "builtins.frozenset")
      return whole(reader.u64(at + 24), setItems(reading, at));
    if (name === "collections.deque") return whole(reader.u64(at + 16), dequeItems(reading, at));
  }
  return null;
}

function whole(length: number, held: readonly Held[]): Value | null {
  return length < MOST_LENGTH ? { text: null, length, held } : null;
}

/** From a tuple to its first item: what `tuple` itself is, as from 3.14 on a hash stands before the items. */
function tupleHeader({ memory }: Reading, type: TypeObject): number {
  let bytes = 24;
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
  if (mostHeld === 0 || readKeysTable(memory.reader, layout, memory.reader.u64(at + DICT.keys)) === null)
    return held;
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
function setItems({ memory: { reader }, mostHeld }: Reading, at: number): Held[] {
  const held: Held[] = [];
  const slots = reader.u64(at + 32) + 1;
  const table = reader.u64(at + 40);
  for (let slot = 0; slot < slots && slot < MOST_SLOTS && held.length < mostHeld; slot += 1) {
    const address = reader.u64(table + slot * 16);
    if (address > 0 && reader.i64(table + slot * 16 + 8) !== -1) held.push({ label: "{}", address });
  }
  return held;
}

/** Modules/_collectionsmodule.c: blocks of a link, 64 items and a link, from the left one's left index on. */
function dequeItems({ memory: { reader }, mostHeld }: Reading, at: number): Held[] {
  const held: Held[] = [];
  const length = reader.u64(at + 16);
  let block = reader.u64(at + 24);
  let place = reader.u64(at + 40);
  for (let index = 0; index < length && held.length < mostHeld && index < MOST_SLOTS; index += 1) {
    if (!(place <= 64)) break;
    if (place === 64) {
      block = reader.u64(block + 65 * 8);
      place = 0;
    }
    const address = reader.u64(block + 8 + place * 8);
    if (address > 0) held.push({ label: `[${index}]`, address });
    place += 1;
  }
  return held;
}
