import { type EventLoop, MOST_LISTED, type ResourceList } from "../../resources.ts";
import type { Instances } from "../objects/instances.ts";
import { itemsOf } from "../values/items.ts";
import { readSmallInt } from "../values/number-values.ts";
import { attributesOf } from "../values/value.ts";
import type { NamedObjects } from "./named-objects.ts";

/** What asyncio's own loops derive from, and others' too. */
export const LOOPS: ReadonlySet<string> = new Set(["asyncio.events.AbstractEventLoop"]);

/**
 * The event loops of a process, by their attributes (Lib/asyncio/base_events.py): those of native code have others, and say nothing.
 * @param threads the system's numbers by pthread_self()
 */
export function readLoops(
  objects: NamedObjects,
  { addresses, isCut }: Instances,
  threads: ReadonlyMap<number, number>,
): ResourceList<EventLoop> {
  const all = addresses.map((at) => readLoop(objects, at, threads));
  const closed = all.filter(({ state }) => state === "closed").length;
  const items = all
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.address - b.address)
    .slice(0, MOST_LISTED);
  return { open: all.length - closed, closed, items, isCut };
}

const ORDER: readonly EventLoop["state"][] = ["running", "stopped", null, "closed"];

function readLoop(
  { memory, layout, typeNameAt }: NamedObjects,
  address: number,
  threads: ReadonlyMap<number, number>,
): EventLoop {
  const attributes = new Map(
    attributesOf(memory, layout, address).map((held) => [held.label, held.address] as const),
  );
  const intOf = (name: string) => readSmallInt(memory, layout, attributes.get(name) ?? 0);
  const isClosed = intOf("._closed");
  const ident = intOf("._thread_id");
  const ready = attributes.get("._ready") ?? 0;
  const { ob_size } = layout.structs.PyVarObject;
  const type = typeNameAt(address) ?? "asyncio.events.AbstractEventLoop";
  return {
    address,
    type,
    state: isClosed === null ? null : isClosed === 1 ? "closed" : ident === null ? "stopped" : "running",
    ready: typeNameAt(ready) === "collections.deque" ? memory.reader.u64(ready + ob_size) : null,
    scheduled: itemsOf(memory, layout, attributes.get("._scheduled") ?? 0)?.count ?? null,
    thread: ident === null ? null : (threads.get(ident) ?? null),
  };
}
