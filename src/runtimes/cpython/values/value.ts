import { FLAG, type Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import { KIND } from "../types/kinds.ts";
import { hasFlag, type TypeObject } from "../types/type-objects.ts";
import { codeValue } from "./code-values.ts";
import { containerValue } from "./container-values.ts";
import { instanceValue } from "./instance-values.ts";
import { numberText } from "./number-values.ts";
import type { Held, Reading, ReadValue, Value } from "./reading.ts";
import { textValue } from "./text-values.ts";

const KNOWN: readonly ReadValue[] = [numberValue, textValue, containerValue, codeValue, instanceValue];

const MOST_TEXT = 200;
const MOST_HELD = 20;
const SHORT_TEXT = 40;
/** Among which one is looked for by its name. */
const MOST_ATTRIBUTES = 256;

function readingOf(memory: PythonMemory, layout: Layout, mostText: number, mostHeld: number): Reading {
  const shortOf = (type: TypeObject, at: number) => readShort(memory, layout, type, at);
  return { memory, layout, mostText, mostHeld, shortOf };
}

/** The value of the object of that type at the address, and the first of what it holds. */
export function readValue(memory: PythonMemory, layout: Layout, type: TypeObject, at: number): Value {
  const reading = readingOf(memory, layout, MOST_TEXT, MOST_HELD);
  for (const read of KNOWN) {
    const value = read(reading, type, at);
    if (value === null) continue;
    if (read === instanceValue) return value;
    // An int, a str or a list of a class of its own has attributes as well, and so has a function.
    const known = new Set(value.held.map(({ label }) => label));
    const more = instanceValue(reading, type, at)?.held.filter(({ label }) => !known.has(label)) ?? [];
    return { ...value, held: [...value.held, ...more] };
  }
  return { text: null, length: null, held: [] };
}

/** What the object has by names, `.name`; nothing for what is no object. */
export function attributesOf(memory: PythonMemory, layout: Layout, at: number): readonly Held[] {
  const type = memory.typeOf(at);
  if (type === null) return [];
  return instanceValue(readingOf(memory, layout, SHORT_TEXT, MOST_ATTRIBUTES), type, at)?.held ?? [];
}

/** The address of what the object has by that name; 0 where it has no such attribute. */
export function attributeOf(memory: PythonMemory, layout: Layout, at: number, name: string): number {
  return attributesOf(memory, layout, at).find(({ label }) => label === `.${name}`)?.address ?? 0;
}

/**
 * On one line: a number, a text cut short, a name, or how many items and the first `few` of what it holds, which are
 * not looked into themselves. Null where there is nothing to say but the type.
 */
export function readShort(
  memory: PythonMemory,
  layout: Layout,
  type: TypeObject,
  at: number,
  few = 0,
): string | null {
  const reading = readingOf(memory, layout, SHORT_TEXT, few);
  for (const read of KNOWN) {
    const value = read(reading, type, at);
    if (value === null) continue;
    if (value.text !== null) return value.text;
    const counted = value.length === null ? null : `${value.length} ${value.length === 1 ? "item" : "items"}`;
    const held = value.held.map((item) => shortHeld(memory, layout, type, item)).join(", ");
    if (held === "") return counted;
    const isAll = value.length === null ? value.held.length < few : value.length <= few;
    return `${counted === null ? "" : `${counted}: `}${held}${isAll ? "" : ", …"}`;
  }
  return null;
}

function shortHeld(
  memory: PythonMemory,
  layout: Layout,
  holder: TypeObject,
  { label, address }: Held,
): string {
  const type = memory.typeOf(address);
  const text = type === null ? null : readShort(memory, layout, type, address);
  const name = type === null ? `0x${address.toString(16)}` : memory.nameOf(type).name;
  const shown =
    text === null || /^\d+ items?$/.test(text) ? `<${name}${text === null ? "" : `, ${text}`}>` : text;
  if (label.startsWith(".")) return `${label.slice(1)}=${shown}`;
  const isDict = hasFlag(holder, FLAG.dict) || memory.planOf(layout, holder).kind === KIND.dict;
  return isDict ? `${label.slice(1, -1)}: ${shown}` : shown;
}

function numberValue(reading: Reading, type: TypeObject, at: number): Value | null {
  const text = numberText(reading, type, at);
  return text === null ? null : { text, length: null, held: [] };
}
