import { openFile } from "../../../src/bytes/index.ts";
import { openCore, readModules } from "../../../src/image/index.ts";
import { Crew } from "../../../src/kernel/index.ts";
import { planScans } from "../../../src/runtimes/cpython/edges/scan-plan.ts";
import { ObjectTable, readPython } from "../../../src/runtimes/cpython/index.ts";
import { NameUsers } from "../../../src/runtimes/cpython/labels/name-users.ts";
import { putCore } from "./ask.ts";
import type { Entry } from "./dicts.ts";
import type { PyObject } from "./heap.ts";
import type { Minor } from "./versions.ts";
import { World } from "./world.ts";

/** A function that may name what is held. */
export interface FunctionPlan {
  readonly module?: string;
  readonly qualname: string;
  readonly file?: string;
  readonly line?: number;
  readonly names: readonly string[];
  /** Numbers and arguments of instructions. */
  readonly code?: readonly number[];
  readonly locals?: readonly string[];
  readonly lines?: readonly number[];
  /** Globals besides those that all functions have. */
  readonly knows?: (place: Place) => Readonly<Record<string, PyObject>>;
  readonly closure?: (place: Place) => readonly PyObject[];
}

/** What functions may name. */
export interface Place {
  readonly rows: PyObject;
  readonly store: PyObject;
  readonly cache: PyObject;
  readonly bigCache: PyObject;
  readonly instance: PyObject;
  readonly module: PyObject;
}

type Holder = "instance" | "cache" | "module";
/** Instructions that are none: what a damaged core has. */
const UNREADABLE = [255, 255];

/**
 * What is found of these functions: `file:line function`, with `+` where it adds, `-` where it removes, `?` where it
 * may add. The container is called `rows` by an instance of app.cache.Cache, by that class, or by the module.
 */
export async function usersOf(
  functions: readonly FunctionPlan[],
  {
    holder = "instance",
    minor = 8,
    container = "dict",
  }: { holder?: Holder; minor?: Minor; container?: string } = {},
): Promise<string[]> {
  const world = new World(minor);
  const { code, dicts, values, containers, classes } = world;
  const rows = container === "list" ? containers.list([]) : dicts.dict([], {}, world.types.get(container));
  const store = classes.make({ module: "app.store", name: "Store", attributes: [] });
  const cache = classes.make({ module: "app.cache", name: "Cache", base: store, slots: [] });
  const bigCache = classes.make({ module: "app.big", name: "BigCache", base: cache, slots: [] });
  const instance = classes.instance(cache, []);
  const module = world.module("app.cache", [
    [values.str("rows"), rows],
    [values.str("Cache"), cache],
    [values.str("kept"), containers.list([store, cache, bigCache, instance])],
  ]);
  const place = { rows, store, cache, bigCache, instance, module };
  const made = functions.map((plan): PyObject => {
    const { module: own = "app.cache", qualname, file = "app/cache.py", line = 1, names } = plan;
    const name = qualname.slice(qualname.lastIndexOf(".") + 1);
    const locals = plan.locals ?? ["self", "key", "value"];
    const lines = new Uint8Array(plan.lines ?? []);
    const bytecode = new Uint8Array(plan.code ?? UNREADABLE);
    const body = code.code({
      name,
      qualname,
      file,
      line,
      names,
      locals,
      lines,
      bytecode,
      parameters: locals.length,
    });
    const known: Entry[] = Object.entries(plan.knows?.(place) ?? {}).map(([key, value]) => [
      values.str(key),
      value,
    ]);
    const closure =
      plan.closure === undefined
        ? {}
        : { closure: containers.tuple(plan.closure(place).map((each) => code.cell(each))) };
    return code.function({ code: body, module: own, name, qualname, globals: dicts.dict(known), ...closure });
  });
  world.module("app", [[values.str("all"), containers.list(made)]]);
  world.addInterpreter();
  const source = openFile(putCore(world.build().core));
  const core = openCore(source);
  if (core === null) throw new Error("no core");
  const crew = new Crew(1);
  try {
    const python = await readPython(crew, core, readModules(core), { root: null });
    if ("reason" in python) throw new Error(python.reason);
    const table = new ObjectTable(crew.memory, python.records);
    const users = new NameUsers(python, table, { scans: planScans(python) });
    const node = (object: PyObject) => table.find(object.address);
    return users
      .of(node(rows), node(place[holder]), "rows")
      .map(
        ({ file, line, function: user, adds, removes, mayAdd }) =>
          `${file}:${line} ${user}${adds ? " +" : ""}${removes ? " -" : ""}${mayAdd ? " ?" : ""}`,
      );
  } finally {
    await crew.close();
    source.close();
  }
}
