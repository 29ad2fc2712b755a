import { FLAG, type Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import { hasFlag, type TypeObject } from "../types/type-objects.ts";
import { codeValue } from "./code-values.ts";
import { containerValue } from "./container-values.ts";
import { instanceValue } from "./instance-values.ts";
import { numberText } from "./number-values.ts";
import { textValue } from "./text-values.ts";

/** Something that an object holds, to go on with. */
export interface Held {
  /** `[3]`, `['key']`, `.name`; untrusted. */
  readonly label: string;
  readonly address: number;
}

/** What an object is worth to a reader. All of it is bounded, whatever memory holds. */
export interface Value {
  /** A number, a text, a name with file and line; null where what it holds says all. Untrusted. */
  readonly text: string | null;
  /** Items of a container, characters of a text, bytes; null where it has no length. */
  readonly length: number | null;
  /** The first of what it holds. */
  readonly held: readonly Held[];
}

/** What the value functions need. */
export interface Reading {
  readonly memory: PythonMemory;
  readonly layout: Layout;
  /** Characters of a text that are shown at the most. */
  readonly mostText: number;
  /** Items that are listed at the most. */
  readonly mostHeld: number;
}

/** A value function knows some types: null for others, and where memory does not hold what such a type has. */
export type ReadValue = (reading: Reading, type: TypeObject, at: number) => Value | null;

const KNOWN: readonly ReadValue[] = [numberValue, textValue, containerValue, codeValue, instanceValue];

const MOST_TEXT = 200;
const MOST_HELD = 20;
const SHORT_TEXT = 40;

/** The value of the object of that type at the address, and the first of what it holds. */
export function readValue(memory: PythonMemory, layout: Layout, type: TypeObject, at: number): Value {
  const reading = { memory, layout, mostText: MOST_TEXT, mostHeld: MOST_HELD };
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
  const reading = { memory, layout, mostText: SHORT_TEXT, mostHeld: few };
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
  return hasFlag(holder, FLAG.dict) ? `${label.slice(1, -1)}: ${shown}` : shown;
}

function numberValue(reading: Reading, type: TypeObject, at: number): Value | null {
  const text = numberText(reading, type, at);
  return text === null ? null : { text, length: null, held: [] };
}
