import { type Core, readModules } from "../image/index.ts";
import { ObjectFinder, PythonMemory } from "../runtimes/index.ts";
import { type Address, formatAddress, USER_SPACE_END } from "../terms/index.ts";
import type { WhatisObject } from "./results/index.ts";

/** The object that has the address, as a row shows it, without who holds it; null where there is none. */
export type ExplainObject = (at: Address) => WhatisObject | null;

/**
 * Calls `use` with what explains addresses as the CPython objects at them, read one by one.
 * @param root where modules' files are looked for, for names that the core lacks; null for nowhere
 */
export function withObjects<Result>(
  core: Core | null,
  root: string | null,
  use: (explain: ExplainObject) => Result,
): Result {
  if (core?.header.class !== 64 || core.header.endian !== "little") return use(() => null);
  const memory = new PythonMemory(core, readModules(core), root);
  const finder = new ObjectFinder(memory);
  try {
    return use((at) => explainObject(finder, at));
  } finally {
    memory.close();
  }
}

function explainObject(finder: ObjectFinder, at: Address): WhatisObject | null {
  const object = at < USER_SPACE_END ? finder.objectAt(Number(at)) : null;
  if (object === null) return null;
  const { typeName, type, bytes, references, isImmortal, state, place, text, length, held } = object;
  return {
    type: typeName,
    typeAddress: hex(type.address),
    address: hex(object.address),
    offset: Number(at) - object.address,
    bytes,
    references: isImmortal ? null : references,
    immortal: isImmortal,
    state,
    place,
    value: text,
    length,
    path: null,
    retainedBytes: null,
    items: held.map((item) => ({
      name: item.label,
      address: hex(item.address),
      type: item.typeName,
      value: item.text,
    })),
  };
}

function hex(at: number): string {
  return formatAddress(BigInt(at));
}
