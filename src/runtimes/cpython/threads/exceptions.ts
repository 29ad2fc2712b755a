import type { ThreadException } from "../../thread-stacks.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import { hasFlag } from "../types/type-objects.ts";
import { readValue } from "../values/value.ts";

/** Handlers within handlers that are read of a thread. */
const MOST_HANDLERS = 1000;

/** The exception that a thread raises right now, and those that it handles, the innermost first. */
export interface ThreadExceptions {
  readonly raises: ThreadException | null;
  readonly handles: readonly ThreadException[];
}

/**
 * Of the thread state at the address. What runs in generators has a place of its own, which leads to the one below
 * (Include/cpython/pystate.h, _PyErr_StackItem).
 * @param wantsValues whether what an exception was made of is told
 */
export function exceptionsOf(
  memory: PythonMemory,
  layout: Layout,
  state: number,
  wantsValues: boolean,
): ThreadExceptions {
  const { reader } = memory;
  const { PyThreadState: fields } = layout.structs;
  if (!("_PyErr_StackItem" in layout.structs && "exc_info" in fields)) return { raises: null, handles: [] };
  const { exc_value, previous_item } = layout.structs._PyErr_StackItem;
  const describe = (at: number) => exceptionAt(memory, layout, at, wantsValues);
  const raises = describe(
    reader.u64(state + ("current_exception" in fields ? fields.current_exception : fields.curexc_value)),
  );
  const handles: ThreadException[] = [];
  const seen = new Set<number>();
  let item = reader.u64(state + fields.exc_info);
  while (item > 0 && !seen.has(item) && seen.size < MOST_HANDLERS) {
    seen.add(item);
    const handled = describe(reader.u64(item + exc_value));
    if (handled !== null) handles.push(handled);
    item = reader.u64(item + previous_item);
  }
  // Up to 3.11 what was raised may be no object yet, but a type and what it is to be made of.
  return {
    raises:
      raises ?? ("curexc_type" in fields ? bareType(memory, reader.u64(state + fields.curexc_type)) : null),
    handles,
  };
}

/** Null where no exception lies at the address, as where None does. */
function exceptionAt(
  memory: PythonMemory,
  layout: Layout,
  at: number,
  wantsValues: boolean,
): ThreadException | null {
  const type = memory.typeOf(at);
  if (type === null || !hasFlag(type, FLAG.exception) || hasFlag(type, FLAG.type)) return null;
  const text = wantsValues ? readValue(memory, layout, type, at).text : null;
  return { address: at, type: memory.nameOf(type).name, text };
}

function bareType(memory: PythonMemory, at: number): ThreadException | null {
  const type = at > 0 && memory.typeOf(at) !== null ? memory.typeAt(at) : null;
  if (type === null || !hasFlag(type, FLAG.exception)) return null;
  return { address: at, type: memory.nameOf(type).name, text: null };
}
