import { MemoryReader } from "../../../blocks/index.ts";
import { type Core, readModules } from "../../../image/index.ts";
import { USER_SPACE_END } from "../../../terms/index.ts";
import { PythonMemory } from "../python-memory.ts";
import { ANY, ANY_FREE_THREADED } from "../structs/structs.ts";
import { TypesAt } from "./type-at.ts";

/**
 * The names of the CPython types among these addresses; none where the core is of something else, which a few words
 * of memory for each address tell.
 * @param root where modules' files are looked for, for names that the core lacks; null for nowhere
 * @throws CoregramError as reading does
 */
export function typeNamesAt(
  core: Core,
  root: string | null,
  addresses: Iterable<bigint>,
): ReadonlyMap<bigint, string> {
  const named = new Map<bigint, string>();
  if (core.header.class !== 64 || core.header.endian !== "little") return named;
  const reader = new MemoryReader(core.image);
  // Of which build it is takes longer to find out.
  const types = [ANY, ANY_FREE_THREADED].map((structs) => new TypesAt(reader, structs));
  const isType = (at: number) => types.some((some) => some.get(at) !== undefined);
  const found = [...addresses].filter((at) => at < USER_SPACE_END && isType(Number(at)));
  if (found.length === 0) return named;
  const memory = new PythonMemory(core, readModules(core), root);
  try {
    for (const at of found) {
      const type = memory.typeAt(Number(at));
      if (type !== null) named.set(at, memory.nameOf(type).name);
    }
  } finally {
    memory.close();
  }
  return named;
}
