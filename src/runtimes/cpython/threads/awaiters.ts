import type { Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import { V38 } from "../structs/v38.ts";
import { readValue } from "../values/value.ts";

/** Steps from a callback to the task that it is for: a closure's cell, what is bound, a future's own callbacks, a group's task. */
const MOST_STEPS = 16;
/** Items of a tuple or list that are looked at, and callbacks of one future. */
const MOST_ITEMS = 1024;
/** Objects that are looked at of one task. */
const MOST_SEEN = 4096;

/** What is known of all tasks before who waits for one of them is asked. */
export interface Waiting {
  isTask(at: number): boolean;
  /** Tasks that wait for the future or task at the address themselves. */
  waitersOf(at: number): readonly number[];
}

/**
 * Which tasks wait for the one at the address, up to 3.13, where it does not say: those whose future it is; and those that its callbacks
 * lead to, by the closures of gather, wait and shield, the partials of wait_for, the task of a TaskGroup.
 */
export function awaitersOf(memory: PythonMemory, layout: Layout, task: number, waiting: Waiting): number[] {
  const found = new Set(waiting.waitersOf(task));
  const seen = new Set([task]);
  let level = callbacksOf(memory, layout, task);
  for (let step = 0; step <= MOST_STEPS && level.length > 0; step += 1) {
    const next: number[] = [];
    for (const at of level) {
      if (at === 0 || seen.has(at) || seen.size > MOST_SEEN) continue;
      seen.add(at);
      if (waiting.isTask(at)) {
        found.add(at);
        continue;
      }
      for (const waiter of waiting.waitersOf(at)) found.add(waiter);
      next.push(...leadsTo(memory, layout, at));
    }
    level = next;
  }
  found.delete(task);
  return [...found].sort((a, b) => a - b);
}

/** fut_callback0, and those in the list of (callback, context). */
function callbacksOf(memory: PythonMemory, layout: Layout, future: number): number[] {
  const { reader } = memory;
  const { fut_callback0, fut_callbacks } =
    "FutureObj" in layout.structs ? layout.structs.FutureObj : V38.FutureObj;
  const callbacks = [reader.u64(future + fut_callback0)];
  const list = reader.u64(future + fut_callbacks);
  if (memory.typeNameAt(list) !== "builtins.list") return callbacks;
  const { PyListObject, PyVarObject, PyTupleObject } = layout.structs;
  const items = reader.u64(list + PyListObject.ob_item);
  const count = Math.min(reader.u64(list + PyVarObject.ob_size), MOST_ITEMS);
  for (let index = 0; index < count; index += 1) {
    const item = reader.u64(items + 8 * index);
    if (memory.typeNameAt(item) === "builtins.tuple")
      callbacks.push(reader.u64(item + PyTupleObject.ob_item));
  }
  return callbacks;
}

/** What a callback, or what it is made of, leads to. */
function leadsTo(memory: PythonMemory, layout: Layout, at: number): number[] {
  const { reader } = memory;
  const { PyObject, PyFunctionObject, PyMethodObject, PyCFunctionObject, PyCellObject, partialobject } =
    layout.structs;
  switch (memory.typeNameAt(at)) {
    case "builtins.function":
      return itemsOf(memory, layout, reader.u64(at + PyFunctionObject.func_closure)).map((cell) =>
        reader.u64(cell + PyCellObject.ob_ref),
      );
    case "builtins.method":
      return [reader.u64(at + PyMethodObject.im_self)];
    case "builtins.builtin_function_or_method":
      return [reader.u64(at + PyCFunctionObject.m_self)];
    case "functools.partial":
      return itemsOf(memory, layout, reader.u64(at + partialobject.args));
    // Modules/_asynciomodule.c: what a task is run by, its first field is the task.
    case "TaskStepMethWrapper":
    case "builtins.TaskStepMethWrapper":
    case "_asyncio.TaskStepMethWrapper":
    case "TaskWakeupMethWrapper":
    case "builtins.TaskWakeupMethWrapper":
    case "_asyncio.TaskWakeupMethWrapper":
      return [reader.u64(at + PyObject.sizeof)];
    case "asyncio.taskgroups.TaskGroup":
      return [attribute(memory, layout, at, "._parent_task")];
    default:
      // Of gather and shield what they give back, which may be waited for as any other.
      return isFuture(memory, at) ? callbacksOf(memory, layout, at) : [];
  }
}

function isFuture(memory: PythonMemory, at: number): boolean {
  const type = memory.typeOf(at);
  return type !== null && [...memory.namesOf(type)].includes("_asyncio.Future");
}

function itemsOf({ reader }: PythonMemory, layout: Layout, tuple: number): number[] {
  const { PyVarObject, PyTupleObject } = layout.structs;
  const count = Math.min(reader.u64(tuple + PyVarObject.ob_size), MOST_ITEMS);
  return Array.from({ length: count || 0 }, (_, index) =>
    reader.u64(tuple + PyTupleObject.ob_item + 8 * index),
  );
}

function attribute(memory: PythonMemory, layout: Layout, at: number, label: string): number {
  const type = memory.typeOf(at);
  const held = type === null ? [] : readValue(memory, layout, type, at).held;
  return held.find((each) => each.label === label)?.address ?? 0;
}
