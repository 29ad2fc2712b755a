import type { V36 } from "./v36.ts";
import type { V37 } from "./v37.ts";
import type { V38 } from "./v38.ts";
import type { V39 } from "./v39.ts";
import type { V310 } from "./v310.ts";
import type { V311 } from "./v311.ts";
import type { V312 } from "./v312.ts";
import type { V313 } from "./v313.ts";
import type { V313T } from "./v313t.ts";
import { V314 } from "./v314.ts";
import { V314T } from "./v314t.ts";
import type { V315 } from "./v315.ts";
import type { V315T } from "./v315t.ts";

/** CPython's structs up to 3.10, where frames are objects that the program sees. */
export type OldStructs = typeof V36 | typeof V37 | typeof V38 | typeof V39 | typeof V310;

/** The same from 3.11 on, where the interpreter has frames of its own. */
export type NewStructs = typeof V311 | typeof V312 | typeof V313 | typeof V314 | typeof V315 | FreeStructs;

/** Those of builds without the GIL (PEP 703), whose objects have a longer header. */
type FreeStructs = typeof V313T | typeof V314T | typeof V315T;

/**
 * Where the fields of a CPython's structs are, in bytes: `structs.PyListObject.allocated`, and `sizeof` for all of
 * one. A field that some version has not got is none of this type: `"wstr" in structs.PyASCIIObject` asks for it.
 */
export type Structs = OldStructs | NewStructs;

/** Structs with these fields at the same places in all versions of a build: what is read before the version is known. */
export type AnyStructs = {
  readonly [Struct in "PyVarObject" | "PyTypeObject" | "PyDictObject"]: Readonly<
    Record<keyof (typeof V314)[Struct], number>
  >;
} & { readonly PyObject: { readonly sizeof: number; readonly ob_type: number } };

const anyOf = ({ PyObject, PyVarObject, PyTypeObject, PyDictObject }: AnyStructs): AnyStructs => ({
  ...{ PyObject, PyVarObject, PyTypeObject, PyDictObject },
});
export const ANY = anyOf(V314);
/** The same of builds without the GIL. */
export const ANY_FREE_THREADED = anyOf(V314T);

/** The same for structs as before, made once: tables of names by offset. */
export function perStructs<T>(make: (structs: Structs) => T): (structs: Structs) => T {
  const made = new Map<Structs, T>();
  return (structs) => {
    const known = made.get(structs) ?? make(structs);
    made.set(structs, known);
    return known;
  };
}
