import type { PendingTask, TaskList } from "../../task-list.ts";
import type { Layout } from "../layout/layout.ts";
import type { Instances } from "../objects/instances.ts";
import type { PythonMemory } from "../python-memory.ts";
import { V38 } from "../structs/v38.ts";
import { textOf } from "../types/names.ts";
import { readShort } from "../values/value.ts";
import { awaitersOf } from "./awaiters.ts";
import { type Coroutine, Coroutines } from "./coroutines.ts";

/** Tasks that are looked at for whether task_coro stands where it should, and for where else it does. */
const MOST_LOOKED_AT = 256;
/** Words of a task among which it is. */
const TASK_BYTES = 256;
/** fut_state (Modules/_asynciomodule.c, fut_state). */
const PENDING = 0;
const CANCELLED = 1;
const FINISHED = 2;
/** Slots of a set of tasks that are looked at. */
const MOST_SLOTS = 2 ** 20;

/** The first words of a task that are read. */
interface Task {
  readonly address: number;
  readonly state: number;
  readonly coroutine: number;
  readonly waiter: number;
}

/**
 * The tasks at the addresses. Where task_coro stands is known of each version (Modules/_asynciomodule.c, TaskObj), and that tasks have
 * coroutines there proves it; patch releases that differ are told by where most have one.
 */
export function readTasks(memory: PythonMemory, layout: Layout, { addresses, isCut }: Instances): TaskList {
  const coroutines = new Coroutines(memory, layout);
  const known = coroutineFieldOf(layout);
  const hasThere = (address: number) => coroutines.isCoroutine(memory.reader.u64(address + known));
  const looked = addresses.slice(0, MOST_LOOKED_AT);
  const other = looked.some(hasThere) ? null : findCoroutineField(memory, coroutines, looked);
  const fields = fieldsFrom(layout, other ?? known);
  const tasks = addresses.map((address) => readTask(memory, fields, address));
  const tasksAt = new Set(addresses);
  const byFuture = new Map<number, number[]>();
  for (const { address, waiter } of tasks) {
    const waiting = byFuture.get(waiter);
    if (waiting !== undefined) waiting.push(address);
    else if (waiter > 0) byFuture.set(waiter, [address]);
  }
  const waiting = {
    isTask: (at: number) => tasksAt.has(at),
    waitersOf: (at: number) => byFuture.get(at) ?? [],
  };
  const pending = tasks.filter(({ state }) => state === PENDING);
  return {
    pending: pending.map((task) => ({
      ...describe(memory, layout, coroutines, fields, task),
      awaitedBy:
        fields.awaitedBy === null
          ? awaitersOf(memory, layout, task.address, waiting)
          : saidAwaiters(memory, layout, task.address + fields.awaitedBy, tasksAt),
    })),
    finished: tasks.filter(({ state }) => state === FINISHED).length,
    cancelled: tasks.filter(({ state }) => state === CANCELLED).length,
    isInferred: fields.awaitedBy === null,
    isGuessed: other !== null,
    isCut,
  };
}

/** What tasks have but for their head: 3.7's are as 3.8's, without a name. */
function structsOf({ structs }: Layout) {
  return "FutureObj" in structs ? structs : V38;
}

function coroutineFieldOf(layout: Layout): number {
  return structsOf(layout).TaskObj.task_coro;
}

/** Null where none has a coroutine. */
function findCoroutineField(
  { reader }: PythonMemory,
  coroutines: Coroutines,
  addresses: readonly number[],
): number | null {
  const votes = new Map<number, number>();
  for (const address of addresses)
    for (let offset = 16; offset < TASK_BYTES; offset += 8) {
      if (!coroutines.isCoroutine(reader.u64(address + offset))) continue;
      votes.set(offset, (votes.get(offset) ?? 0) + 1);
      break;
    }
  const [first] = [...votes].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}

interface Fields {
  readonly state: number;
  readonly waiter: number;
  readonly coroutine: number;
  /** Null before 3.8. */
  readonly name: number | null;
  /** Null before 3.14. */
  readonly awaitedBy: number | null;
}

/** By where the coroutine is. */
function fieldsFrom(layout: Layout, coroutine: number): Fields {
  const { FutureObj, TaskObj } = structsOf(layout);
  const shift = coroutine - TaskObj.task_coro;
  return {
    // What comes first in a future has its place; what differs is behind it.
    state: FutureObj.fut_state,
    waiter: TaskObj.task_fut_waiter + shift,
    coroutine,
    name: "FutureObj" in layout.structs ? TaskObj.task_name + shift : null,
    awaitedBy: "fut_awaited_by" in FutureObj ? FutureObj.fut_awaited_by : null,
  };
}

function readTask(memory: PythonMemory, fields: Fields, address: number): Task {
  const { reader } = memory;
  const waiter = reader.u64(address + fields.waiter);
  const type = memory.typeNameAt(waiter);
  return {
    address,
    state: reader.i32(address + fields.state),
    coroutine: reader.u64(address + fields.coroutine),
    waiter: type === null || type === "builtins.NoneType" ? 0 : waiter,
  };
}

function describe(
  memory: PythonMemory,
  layout: Layout,
  coroutines: Coroutines,
  fields: Fields,
  { address, coroutine, waiter }: Task,
): Omit<PendingTask, "awaitedBy"> {
  const chain = coroutines.chainFrom(coroutine);
  const type = memory.typeNameAt(waiter);
  return {
    address,
    name: fields.name === null ? null : taskName(memory, layout, memory.reader.u64(address + fields.name)),
    state: stateOf(chain, waiter > 0),
    waitsFor: type === null ? null : { address: waiter, type },
    frames: chain.flatMap(({ place }) => (place === null ? [] : [place])),
  };
}

function stateOf(chain: readonly Coroutine[], waits: boolean): PendingTask["state"] {
  if (waits) return "waiting";
  if (chain.some(({ state }) => state === "running")) return "running";
  return chain[0]?.state === "created" ? "created" : "ready";
}

/** From 3.12 on a name that nobody asked for is a number yet. */
function taskName(memory: PythonMemory, layout: Layout, at: number): string | null {
  const text = textOf(memory.reader, layout, memory.types, at);
  if (text !== null) return text;
  const type = memory.typeOf(at);
  if (type === null || memory.nameOf(type).name !== "builtins.int") return null;
  return `Task-${readShort(memory, layout, type, at)}`;
}

/** 3.14 on: fut_awaited_by is a task, or a set of them. */
function saidAwaiters(
  memory: PythonMemory,
  layout: Layout,
  at: number,
  known: ReadonlySet<number>,
): number[] {
  const { reader } = memory;
  const by = reader.u64(at);
  if (known.has(by)) return [by];
  if (memory.typeNameAt(by) !== "builtins.set") return [];
  const { PySetObject, setentry } = layout.structs;
  const slots = Math.min(reader.u64(by + PySetObject.mask) + 1, MOST_SLOTS);
  const table = reader.u64(by + PySetObject.table);
  const found: number[] = [];
  for (let slot = 0; slot < slots; slot += 1) {
    const key = reader.u64(table + slot * setentry.sizeof + setentry.key);
    if (known.has(key)) found.push(key);
  }
  return found.sort((a, b) => a - b);
}
