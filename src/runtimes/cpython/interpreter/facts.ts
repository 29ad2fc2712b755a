import { type Core, readModules, readThreads, threadPointersOf } from "../../../image/index.ts";
import type { CollectorFacts, RuntimeFlag, RuntimeProcess } from "../../runtime-facts.ts";
import { dictEntries } from "../layout/dict-entries.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { findCollector } from "../objects/collector-state.ts";
import { PythonMemory } from "../python-memory.ts";
import { codeReaderOf } from "../threads/code-reader.ts";
import { findThreadStates } from "../threads/thread-states.ts";
import { textOf } from "../types/names.ts";
import { hasFlag } from "../types/type-objects.ts";
import { itemsOf } from "../values/items.ts";
import { readSmallInt } from "../values/number-values.ts";
import { attributeOf, attributesOf } from "../values/value.ts";
import { bytesText } from "./bytes-text.ts";
import { generationsOf } from "./generations.ts";
import { readPythonModules } from "./modules.ts";

/** Characters of a text, and items of a list. */
const MOST_TEXT = 4096;
const MOST_ITEMS = 4096;
/** Entries of a module's dict. */
const MOST_NAMES = 4096;

/**
 * The process as the main interpreter of a core has it, see `Runtime.runtimeProcess`: its own structs lead to sys.modules, and
 * that to all else. Nothing is looked for in the heap.
 */
export function readPythonProcess(
  core: Core,
  root: string | null,
  wantsValues: boolean,
): RuntimeProcess | null {
  if (core.header.class !== 64 || core.header.endian !== "little") return null;
  const memory = new PythonMemory(core, readModules(core), root);
  try {
    const python = findPython(memory);
    if (python === null) return null;
    const { layout } = python;
    const loaded = readPythonModules(memory, layout, modulesDict(memory, layout, python.interpreter));
    const sys = namesIn(memory, layout, loaded.dictOf("sys"));
    const text = (name: string) => textOf(memory.reader, layout, memory.types, sys.get(name) ?? 0, MOST_TEXT);
    const texts = (name: string) => textsOf(memory, layout, sys.get(name) ?? 0);
    return {
      runtime: `CPython ${layout.version}`,
      version: text("version"),
      executable: text("executable"),
      arguments: texts("argv"),
      originalArguments: texts("orig_argv"),
      path: texts("path"),
      flags: flagsOf(memory, layout, sys.get("flags") ?? 0),
      collector: collectorOf(memory, layout, python.interpreter),
      modules: loaded.modules,
      environment: wantsValues
        ? environmentOf(memory, layout, namesIn(memory, layout, loaded.dictOf("os")).get("environ") ?? 0)
        : null,
      isCut: loaded.isCut,
    };
  } finally {
    memory.close();
  }
}

/** The layout and the first interpreter; null where no thread of one is found that is in any function. */
function findPython(memory: PythonMemory): { layout: Layout; interpreter: number } | null {
  const { reader } = memory;
  const pointers = threadPointersOf(readThreads(memory.core)).filter((pointer) => pointer !== null);
  const states = findThreadStates(memory.core.image, memory.spans.all, new Set(pointers))?.states ?? [];
  const layout = codeReaderOf(memory, states)?.layout ?? null;
  const first = states.find(({ interpreter }) => interpreter === 0);
  if (layout === null || first === undefined) return null;
  return { layout, interpreter: reader.u64(first.address + layout.structs.PyThreadState.interp) };
}

/** sys.modules: from 3.13 on _PyRuntime says where that is, whatever the build. */
function modulesDict({ reader, debug }: PythonMemory, { structs }: Layout, interpreter: number): number {
  if (debug !== null) return debug.modules;
  const { PyInterpreterState: fields } = structs;
  return "modules" in fields ? reader.u64(interpreter + fields.modules) : Number.NaN;
}

function namesIn(memory: PythonMemory, layout: Layout, dict: number): Map<string, number> {
  const names = new Map<string, number>();
  for (const { key, value } of dictEntries(memory.reader, layout, dict, MOST_NAMES)) {
    const name = textOf(memory.reader, layout, memory.types, key);
    if (name !== null) names.set(name, value);
  }
  return names;
}

/** The texts of a list; null where it is none. What a program put there that is no text is left out. */
function textsOf(memory: PythonMemory, layout: Layout, at: number): string[] | null {
  const items = itemsOf(memory, layout, at);
  if (items === null) return null;
  const texts: string[] = [];
  for (let index = 0; index < Math.min(items.count, MOST_ITEMS); index += 1) {
    const item = memory.reader.u64(items.first + 8 * index);
    const text = textOf(memory.reader, layout, memory.types, item, MOST_TEXT);
    if (text !== null) texts.push(text);
  }
  return texts;
}

/** From 3.12 on types that are part of the interpreter have no dict of their own. */
const FIRST_WITHOUT_NAMES = 12;
/**
 * The fields of sys.flags from then on, in their order (Python/sysmodule.c, flags_fields). Before, patch releases differ in
 * them, and its type's dict says what they are called.
 */
const FLAGS = [
  ...["debug", "inspect", "interactive", "optimize", "dont_write_bytecode", "no_user_site", "no_site"],
  ...["ignore_environment", "verbose", "bytes_warning", "quiet", "hash_randomization", "isolated"],
  ...["dev_mode", "utf8_mode", "warn_default_encoding", "safe_path", "int_max_str_digits", "gil"],
  ...["thread_inherit_context", "context_aware_warnings"],
] as const;

function flagsOf(memory: PythonMemory, layout: Layout, at: number): RuntimeFlag[] {
  const named = attributesOf(memory, layout, at).map(({ label, address }) => ({
    name: label.slice(1),
    address,
  }));
  const items = itemsOf(memory, layout, at) ?? { first: 0, count: 0 };
  const placed = FLAGS.slice(0, layout.minor < FIRST_WITHOUT_NAMES ? 0 : items.count).map((name, index) => ({
    name,
    address: memory.reader.u64(items.first + 8 * index),
  }));
  return (named.length > 0 ? named : placed).flatMap(({ name, address }) => {
    const value = readSmallInt(memory, layout, address);
    return value === null ? [] : [{ name, value }];
  });
}

/** os.environ: it keeps a dict of bytes (Lib/os.py, _Environ). */
function environmentOf(memory: PythonMemory, layout: Layout, at: number): RuntimeProcess["environment"] {
  const data = attributeOf(memory, layout, at, "_data");
  const type = memory.typeOf(data);
  if (type === null || !hasFlag(type, FLAG.dict)) return null;
  const variables: { name: string; value: string }[] = [];
  for (const { key, value } of dictEntries(memory.reader, layout, data, MOST_NAMES)) {
    const [name, text] = [bytesText(memory, layout, key), bytesText(memory, layout, value)];
    if (name !== null && text !== null) variables.push({ name, value: text });
  }
  return variables;
}

function collectorOf(memory: PythonMemory, layout: Layout, interpreter: number): CollectorFacts | null {
  const found = findCollector(memory.reader, layout, memory.spans, memory.debug, interpreter);
  return found === null ? null : generationsOf(memory.reader, found);
}
