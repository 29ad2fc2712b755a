import type { MemoryReader } from "../../blocks/index.ts";
import type { EqualText, EqualTexts } from "../traits.ts";
import type { ObjectTable } from "./objects/object-table.ts";
import { LIVE, TALLY_WORDS } from "./objects/record-words.ts";
import { type Content, contentOf, hashContent, isText } from "./objects/strings.ts";
import { type Python, typeNameOf } from "./python.ts";
import { readText } from "./values/text-values.ts";

/** Contents up to this length are looked at as a whole, longer ones at their beginning, middle and end. */
const SHORT = 24;
/** Of more texts so many are looked at, drawn by their numbers. */
const MOST_TEXTS = 2 ** 14;
/** Bytes of them that are compared, those that may save most first. */
const MOST_COMPARED = 2 ** 24;
const MOST_TEXT = 24;

interface Equal {
  count: number;
  bytes: number;
  largest: number;
  readonly object: number;
}

/**
 * Which str and bytes are equal to another. A first look reads a few words of each, and puts those together that may be
 * equal; these are compared by all of their contents.
 */
export function findEqualTexts(python: Python, table: ObjectTable): EqualTexts {
  const { reader } = python;
  const { objects, each } = sampleTexts(python, table);
  const alike = new Map<number, number[]>();
  for (const object of objects) {
    const content = contentAt(python, table, object);
    if (content === null) continue;
    const hash = look(reader, content, table.type(object));
    const others = alike.get(hash);
    if (others === undefined) alike.set(hash, [object]);
    else others.push(object);
  }
  const bytesOf = (some: readonly number[]) => some.reduce((sum, object) => sum + table.bytes(object), 0);
  const groups = [...alike.values()]
    .filter(({ length }) => length > 1)
    .map((group) => ({ group, waste: bytesOf(group) * (1 - 1 / group.length) }))
    .sort((a, b) => b.waste - a.waste || (a.group[0] ?? 0) - (b.group[0] ?? 0));
  const equal = new Map<string, Equal>();
  let [left, notComparedBytes] = [MOST_COMPARED, 0];
  for (const { group } of groups)
    for (const object of group) {
      const content = contentAt(python, table, object);
      const bytes = table.bytes(object);
      left -= content?.bytes ?? 0;
      if (content === null || left < 0) {
        notComparedBytes += bytes;
        continue;
      }
      const hash = hashContent(reader, content, table.type(object));
      if (hash === null) continue;
      const key = `${hash.first} ${hash.second} ${content.bytes}`;
      const known = equal.get(key) ?? { count: 0, bytes: 0, largest: 0, object };
      known.count += 1;
      known.bytes += bytes;
      known.largest = Math.max(known.largest, bytes);
      equal.set(key, known);
    }
  let [copies, bytes] = [0, 0];
  let most: Equal | null = null;
  for (const one of equal.values()) {
    if (one.count < 2) continue;
    // Of those that were not looked at, as many are like it.
    copies += one.count * each - 1;
    bytes += one.bytes * each - one.largest;
    if (most === null || one.bytes > most.bytes) most = one;
  }
  return {
    ...{ copies: Math.round(copies), bytes: Math.round(bytes), isEstimate: each > 1 },
    notComparedBytes: Math.round(notComparedBytes * each),
    most: most === null ? null : describe(python, table, most, each),
  };
}

/** Texts that are looked at, and for how many each of them stands. */
function sampleTexts({ types, records: { tally } }: Python, table: ObjectTable) {
  const areTexts = types.map(isText);
  const count = areTexts.reduce(
    (sum, is, type) => sum + (is ? (tally[type * TALLY_WORDS + LIVE] ?? 0) : 0),
    0,
  );
  const least = Math.max(1, count / MOST_TEXTS);
  const objects: number[] = [];
  // Neighbours in memory are alike: which of them are looked at must not follow a pattern of theirs.
  for (let object = 0; object < table.count; object += 1)
    if (areTexts[table.type(object)] && (Math.imul(object, 0x9e3779b1) >>> 0) * least < 2 ** 32)
      objects.push(object);
  return { objects, each: count > objects.length ? count / Math.max(1, objects.length) : 1 };
}

function contentAt({ reader, layout, types }: Python, table: ObjectTable, object: number): Content | null {
  const plan = types[table.type(object)];
  return plan === undefined ? null : contentOf(reader, layout, plan, table.address(object));
}

function describe(
  python: Python,
  table: ObjectTable,
  { object, count, bytes }: Equal,
  each: number,
): EqualText {
  const { reader, layout, types } = python;
  const plan = types[table.type(object)];
  const text =
    plan === undefined ? null : readText(reader, layout, plan.type, table.address(object), MOST_TEXT);
  return {
    text,
    typeName: typeNameOf(python, table.type(object)),
    count: Math.round(count * each),
    bytes: Math.round(bytes * each),
  };
}

function look(reader: MemoryReader, { data, bytes, width }: Content, type: number): number {
  const middle = 4 * (bytes >>> 3);
  let hash = Math.imul(bytes + width, 0x9e3779b1) ^ type;
  const add = (word: number) => {
    hash = Math.imul(hash ^ word, 0x85ebca6b);
    hash ^= hash >>> 15;
  };
  if (bytes > SHORT)
    for (const offset of [0, 4, middle, middle + 4, bytes - 8, bytes - 4]) add(reader.u32(data + offset));
  else {
    const words = bytes - (bytes % 4);
    for (let at = 0; at < bytes; at += at < words ? 4 : 1)
      add(at < words ? reader.u32(data + at) : reader.u8(data + at));
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
