import type { GeneratorGroup, GeneratorList } from "../../generator-list.ts";
import type { Layout } from "../layout/layout.ts";
import type { Instances } from "../objects/instances.ts";
import type { PythonMemory } from "../python-memory.ts";
import { Coroutines } from "./coroutines.ts";

const KINDS: ReadonlyMap<string | null, GeneratorGroup["kind"]> = new Map([
  ["builtins.coroutine", "coroutine"],
  ["builtins.generator", "generator"],
  ["builtins.async_generator", "async_generator"],
]);

/** Counts the generators at the addresses by kind, state, place and what they await. */
export function readGenerators(
  memory: PythonMemory,
  layout: Layout,
  { addresses, isCut }: Instances,
): GeneratorList {
  const coroutines = new Coroutines(memory, layout);
  const groups = new Map<string, GeneratorGroup & { count: number }>();
  let finished = 0;
  for (const address of addresses) {
    const { state, place, awaits: awaited } = coroutines.read(address);
    const kind = KINDS.get(memory.typeNameAt(address));
    if (state === "finished" || place === null || kind === undefined) {
      finished += 1;
      continue;
    }
    const awaits = memory.typeNameAt(awaited);
    const key = [kind, state, place.function, place.file, place.line, awaits].join("\0");
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { kind, state, place, awaits, count: 1 });
    else known.count += 1;
  }
  const sorted = [...groups].sort(([a, { count }], [b, other]) => other.count - count || (a < b ? -1 : 1));
  return { groups: sorted.map(([, group]) => group), finished, isCut };
}
