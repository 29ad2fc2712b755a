import { writableData } from "../../../blocks/index.ts";
import { type Core, type Module, readThreads, threadPointersOf } from "../../../image/index.ts";
import { interpreterName } from "../../interpreter-names.ts";
import type { PythonEdges } from "../edges/edges.ts";
import { dictEntries } from "../layout/dict-entries.ts";
import { FLAG } from "../layout/layout.ts";
import type { ObjectTable } from "../objects/object-table.ts";
import type { Python } from "../python.ts";
import { findInterpreters } from "../threads/thread-states.ts";
import { textOf } from "../types/names.ts";
import { hasFlag } from "../types/type-objects.ts";

/** How far into an interpreter's state its `sys.modules` is looked for (Include/internal/pycore_interp.h, `imports`, `modules`). */
const MOST_STATE_BYTES = 2 ** 16;
const MOST_ENTRIES = 65_536;

/** Whose modules, namespaces and classes are whose, where a process has several interpreters. */
export interface InterpretersNames {
  /** In front of the name of what lies at the address: empty for the first interpreter's, and where there is no other. */
  prefixOf(at: number): string;
  /** Where all but the first interpreter have their state, by their names. */
  readonly states: ReadonlyMap<number, string>;
  /** What is to be said where they could not be told apart; null where there is nothing. */
  readonly remark: string | null;
}

/** What there is to tell where there is one interpreter. */
export const ONE_INTERPRETER: InterpretersNames = {
  prefixOf: () => "",
  states: new Map(),
  remark: null,
};

/**
 * Each interpreter has a `sys` of its own, whose `modules` its state leads to as well; what these modules have in them is
 * its own, as far as no earlier interpreter has it. Numbers are those of `stacks`: 0 is the first.
 */
export function tellInterpreters(
  core: Core,
  modules: readonly Module[],
  python: Python,
  table: ObjectTable,
  { scans }: Pick<PythonEdges, "scans">,
): InterpretersNames {
  const { reader, layout, typeObjects } = python;
  const { PyModuleObject } = layout.structs;
  const text = (at: number) => textOf(reader, layout, typeObjects, at, 8);
  const tables = new Set<number>();
  let count = 0;
  for (let node = 0; node < table.count; node += 1) {
    if (scans[table.type(node)]?.descent.family !== "module") continue;
    const at = table.address(node);
    if (text(reader.u64(at + PyModuleObject.md_name)) !== "sys") continue;
    count += 1;
    for (const { key, value } of dictEntries(
      reader,
      layout,
      reader.u64(at + PyModuleObject.md_dict),
      MOST_ENTRIES,
    ))
      if (text(key) === "modules") tables.add(value);
  }
  if (count < 2) return ONE_INTERPRETER;
  const spans = [...writableData(core.image, modules)].map(({ span }) => span);
  const pointers = threadPointersOf(readThreads(core)).filter((at) => at !== null);
  const found = findInterpreters(core.image, spans, new Set(pointers));
  const owners = new Map<number, number>();
  found?.all.forEach(({ address }, number) => {
    for (let at = address; at < address + MOST_STATE_BYTES; at += 8) {
      const word = reader.u64(at);
      if (!tables.delete(word)) continue;
      for (const place of contentsOf(python, word)) if (!owners.has(place)) owners.set(place, number);
      break;
    }
  });
  return {
    prefixOf(at) {
      const number = owners.get(at) ?? 0;
      return number === 0 ? "" : `${interpreterName(number)}.`;
    },
    states: new Map(found?.all.slice(1).map(({ address }, index) => [address, interpreterName(index + 1)])),
    remark:
      tables.size === 0
        ? null
        : `${tables.size} of ${count} interpreters were not found: their modules are not told from the first one's`,
  };
}

/** The modules of a `sys.modules`, their namespaces, and the classes that are made in these. */
function* contentsOf(python: Python, modules: number): Generator<number> {
  const { reader, layout, typeObjects } = python;
  for (const { value: module } of dictEntries(reader, layout, modules, MOST_ENTRIES)) {
    if (typeNameAt(python, module) !== "builtins.module") continue;
    yield module;
    const namespace = reader.u64(module + layout.structs.PyModuleObject.md_dict);
    yield namespace;
    for (const { value } of dictEntries(reader, layout, namespace, MOST_ENTRIES)) {
      const type = typeObjects.all.get(value);
      if (type !== undefined && hasFlag(type, FLAG.heapType)) yield value;
    }
  }
}

function typeNameAt({ reader, layout, names }: Python, at: number): string {
  return names.get(reader.u64(at + layout.structs.PyObject.ob_type))?.name ?? "";
}
