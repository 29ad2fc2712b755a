import { perStructs } from "../structs/structs.ts";
import type { Fields } from "./field-names.ts";

/** A C struct by the names of its fields, of which one is its size. */
type Struct = Readonly<Record<string, number>>;

/** Fields of one type of C, and the size that its instances have where the struct is theirs. */
export interface StructNames {
  readonly size: number;
  readonly fields: Fields;
}

/** Nodes below one of a context's map (Include/internal/pycore_hamt.h). */
export const MAP_SLOTS = 32;

/** Fields that Python knows as attributes, or that are the object itself to it; all others have C's name in angle brackets. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  fut_loop: "._loop",
  fut_callbacks: "._callbacks",
  fut_exception: "._exception",
  fut_result: "._result",
  fut_source_tb: "._source_traceback",
  fut_cancel_msg: "._cancel_message",
  task_fut_waiter: "._fut_waiter",
  task_coro: "._coro",
  lst: "",
  ctx_vars: "",
  h_root: "",
};

/**
 * What C structs without member descriptors hold where, by their types. A patch release may have changed one: it is believed
 * where a type's instances have its size.
 */
export const namesOfStructs = perStructs((structs): ReadonlyMap<string, StructNames> => {
  const named = new Map<string, StructNames>();
  const add = (struct: Struct, ...types: readonly string[]) => {
    for (const type of types) named.set(type, { size: struct.sizeof ?? 0, fields: fieldsOf(struct) });
  };
  if ("contextobject" in structs) {
    // Up to 3.11 their C names have no module.
    add(structs.contextobject, "builtins.Context", "_contextvars.Context");
    add(structs.contextvarobject, "builtins.ContextVar", "_contextvars.ContextVar");
    add(structs.contexttokenobject, "builtins.Token", "_contextvars.Token");
    add(structs.hamtobject, "builtins.hamt");
    // PyHamtNode_Array: its nodes, and how many there are.
    named.set("builtins.hamt_array_node", {
      size: structs.PyObject.sizeof + MAP_SLOTS * 8 + 8,
      fields: Object.fromEntries(
        Array.from({ length: MAP_SLOTS }, (_, slot) => [structs.PyObject.sizeof + slot * 8, ""]),
      ),
    });
    add(structs._abc_data, "builtins._abc_data", "_abc._abc_data");
    add(structs.simplequeueobject, "_queue.SimpleQueue");
  }
  add({ sizeof: structs.PyModuleDef.sizeof, m_copy: structs.PyModuleDef_Base.m_copy }, "builtins.moduledef");
  if ("FutureObj" in structs) {
    add(structs.FutureObj, "_asyncio.Future");
    // A task begins with the fields of a future (Modules/_asynciomodule.c, FutureObj_HEAD).
    add({ ...structs.FutureObj, ...structs.TaskObj }, "_asyncio.Task");
  }
  add(
    structs.seqiterobject,
    ...["builtins.iterator", "builtins.list_iterator", "builtins.list_reverseiterator"],
    ...["builtins.tuple_iterator", "builtins.str_iterator", "builtins.str_ascii_iterator"],
  );
  add(structs.calliterobject, "builtins.callable_iterator");
  add(
    structs.dictiterobject,
    ...["builtins.dict_keyiterator", "builtins.dict_valueiterator", "builtins.dict_itemiterator"],
  );
  add(structs.setiterobject, "builtins.set_iterator");
  add(structs.enumobject, "builtins.enumerate");
  add(structs.reversedobject, "builtins.reversed");
  add(structs.filterobject, "builtins.filter");
  add(structs.mapobject, "builtins.map");
  add(structs.zipobject, "builtins.zip");
  add(structs.chainobject, "itertools.chain");
  add(structs.isliceobject, "itertools.islice");
  add(structs.cycleobject, "itertools.cycle");
  add(structs.teeobject, "itertools._tee");
  add(structs.teedataobject, "itertools._tee_dataobject");
  add(structs.groupbyobject, "itertools.groupby");
  add(structs.repeatobject, "itertools.repeat");
  add(structs.accumulateobject, "itertools.accumulate");
  add(structs.productobject, "itertools.product");
  add(structs.combinationsobject, "itertools.combinations");
  add(structs.starmapobject, "itertools.starmap");
  add(structs.itemgetterobject, "operator.itemgetter");
  add(structs.methodcallerobject, "operator.methodcaller");
  add(structs.ReaderObj, "_csv.reader");
  add(structs.bytesio, "_io.BytesIO");
  return named;
});

function fieldsOf(struct: Struct): Fields {
  const names = Object.entries(struct).filter(([name]) => name !== "sizeof");
  return Object.fromEntries(names.map(([name, offset]) => [offset, ATTRIBUTES[name] ?? `.<${name}>`]));
}
