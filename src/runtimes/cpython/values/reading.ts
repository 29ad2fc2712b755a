import type { Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import type { TypeObject } from "../types/type-objects.ts";

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
  /** A held object on one line, cut short; null where there is nothing to say but its type. */
  readonly shortOf: (type: TypeObject, at: number) => string | null;
}

/** A value function knows some types: null for others, and where memory does not hold what such a type has. */
export type ReadValue = (reading: Reading, type: TypeObject, at: number) => Value | null;
