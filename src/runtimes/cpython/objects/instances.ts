import type { TypePlan } from "../types/kinds.ts";
import type { TypeName } from "../types/names.ts";
import { basesOf, type TypeObjects } from "../types/type-objects.ts";
import type { ObjectTable } from "./object-table.ts";

/** All types of a core, by number, by address, and their names. */
interface Types {
  readonly types: readonly TypePlan[];
  readonly typeObjects: TypeObjects;
  readonly names: ReadonlyMap<number, TypeName>;
}

/** By type, whether it is one of these names or derives from one: `_asyncio.Task`. */
export function areOfTypes({ types, typeObjects, names }: Types, wanted: ReadonlySet<string>): boolean[] {
  return types.map(({ type }) => {
    for (const base of basesOf(type, typeObjects.all))
      if (wanted.has(names.get(base.address)?.name ?? "")) return true;
    return false;
  });
}

/** Live objects of some types. */
export interface Instances {
  /** In their order. */
  readonly addresses: readonly number[];
  /** Whether there are more. */
  readonly isCut: boolean;
}

/**
 * The live objects of types, as many as `most`.
 * @param areWanted by type
 */
export function instancesOf(table: ObjectTable, areWanted: readonly boolean[], most: number): Instances {
  const addresses: number[] = [];
  if (!areWanted.includes(true)) return { addresses, isCut: false };
  for (let object = 0; object < table.count; object += 1) {
    if (!areWanted[table.type(object)]) continue;
    if (addresses.length === most) return { addresses, isCut: true };
    addresses.push(table.address(object));
  }
  return { addresses, isCut: false };
}
