import type { ObjectTraits } from "../traits.ts";
import type { ScanPlan } from "./edges/scan-plan.ts";
import { findEqualTexts } from "./equal-texts.ts";
import { FLAG } from "./layout/layout.ts";
import type { ObjectTable } from "./objects/object-table.ts";
import { poolArenas } from "./pool-arenas.ts";
import type { Python } from "./python.ts";
import type { Family } from "./types/families.ts";
import { basesOf, hasFlag } from "./types/type-objects.ts";

const CALLBACKS: ReadonlySet<string> = new Set([
  "builtins.function",
  "builtins.method",
  "builtins.builtin_function_or_method",
  "functools.partial",
  "asyncio.events.Handle",
  "logging.Handler",
  "weakref.WeakMethod",
]);
const TRACEBACK = "builtins.traceback";
/** Up to 3.11 it names itself without a module. */
const CONTEXTS: ReadonlySet<string> = new Set([
  "_contextvars.Context",
  "contextvars.Context",
  "builtins.Context",
]);

/** Of containers that keep room: bytes of their own, the collector's head among them, and those of an item. */
const ROOMY: ReadonlyMap<Family, readonly [own: number, item: number]> = new Map<
  Family,
  readonly [number, number]
>([
  ["list", [56, 8]],
  ["dict", [64, 24]],
  ["set", [88, 16]],
  ["deque", [96, 8]],
]);

/** What is told of a core's objects, as all runtimes' are asked for it. */
export function traitsOf(python: Python, table: ObjectTable, scans: readonly ScanPlan[]): ObjectTraits {
  const { reader, layout, types, names, typeObjects } = python;
  const { structs } = layout;
  const derives = (type: number, from: ReadonlySet<string>) => {
    const plan = types[type];
    if (plan === undefined) return false;
    for (const { address } of basesOf(plan.type, typeObjects.all))
      if (from.has(names.get(address)?.name ?? "")) return true;
    return false;
  };
  const isException = (type: number) => {
    const plan = types[type];
    return plan !== undefined && hasFlag(plan.type, FLAG.exception);
  };
  return {
    cacheOf(object) {
      if (!("lru_cache_object" in structs)) return null;
      if (scans[table.type(object)]?.descent.family !== "lru cache") return null;
      const at = table.address(object);
      const { maxsize, cache } = structs.lru_cache_object;
      const limit = reader.i64(at + maxsize);
      const length = reader.u64(reader.u64(at + cache) + structs.PyDictObject.ma_used);
      if (!(length < 2 ** 48)) return null;
      return { limit: limit < 0 ? Number.POSITIVE_INFINITY : limit, length };
    },
    mostItems(object) {
      if (scans[table.type(object)]?.descent.family !== "deque") return null;
      const most = reader.i64(table.address(object) + structs.dequeobject.maxlen);
      // -1 for none (Modules/_collectionsmodule.c).
      return most >= 0 && most < 2 ** 48 ? most : null;
    },
    isContainer: (type) => ROOMY.has(scans[type]?.descent.family ?? "other"),
    roomOf(object) {
      const family = scans[table.type(object)]?.descent.family ?? "other";
      const [own = 0, item = 0] = ROOMY.get(family) ?? [];
      const at = table.address(object);
      const field =
        family === "dict"
          ? structs.PyDictObject.ma_used
          : family === "set"
            ? structs.PySetObject.used
            : structs.PyVarObject.ob_size;
      const length = reader.u64(at + field);
      const bytes = Math.max(0, table.bytes(object) - own);
      return { used: length < 2 ** 40 ? length * item : bytes, bytes };
    },
    smallArenas: () => poolArenas(reader, python.arenas),
    equalTexts: () => findEqualTexts(python, table),
    isCallback: (type) => derives(type, CALLBACKS),
    isContext: (type) => derives(type, CONTEXTS),
    isException,
    exceptionOf(object) {
      const at = table.address(object);
      // Up to 3.11 it may be None, where a program set it to that.
      const held = (field: number, isOf: (type: number) => boolean) => {
        const word = reader.u64(at + field);
        const node = word > 0 ? table.find(word) : -1;
        return node >= 0 && isOf(table.type(node)) ? node : -1;
      };
      const { traceback, context } = structs.PyBaseExceptionObject;
      return {
        traceback: held(traceback, (type) => names.get(types[type]?.type.address ?? 0)?.name === TRACEBACK),
        context: held(context, isException),
      };
    },
  };
}
