import { expect, it } from "vitest";
import { openFile } from "../../../src/bytes/index.ts";
import { openCore, readModules } from "../../../src/image/index.ts";
import { Crew } from "../../../src/kernel/index.ts";
import { planScans } from "../../../src/runtimes/cpython/edges/scan-plan.ts";
import { ObjectTable, readPython } from "../../../src/runtimes/cpython/index.ts";
import { findNameUsers } from "../../../src/runtimes/cpython/labels/name-users.ts";
import { putCore } from "./ask.ts";
import type { PyObject } from "./heap.ts";
import { World } from "./world.ts";

interface FunctionPlan {
  readonly module: string;
  readonly qualname: string;
  readonly file: string;
  readonly line: number;
  readonly names: readonly string[];
}

/** What is found of these functions: `file:line function`, with `+` where it may add. */
async function usersOf(
  functions: readonly FunctionPlan[],
  holder: string,
  attribute: string,
): Promise<string[]> {
  const world = new World(11);
  const { code, dicts, values, containers } = world;
  const globals = dicts.dict([]);
  const made = functions.map(({ module, qualname, file, line, names }): PyObject => {
    const name = qualname.slice(qualname.lastIndexOf(".") + 1);
    const body = code.code({ name, qualname, file, line, names });
    return code.function({ code: body, module, name, qualname, globals });
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
    return findNameUsers(python, table, { scans: planScans(python) }, holder, attribute).map(
      (user) => `${user.file}:${user.line} ${user.function}${user.mayAdd ? " +" : ""}`,
    );
  } finally {
    await crew.close();
    source.close();
  }
}

const at = (file: string, line: number) => ({ file, line });

it("are the holder's own methods that name the attribute, and others that name both", async () => {
  const functions = [
    { module: "app.cache", qualname: "Cache.get", ...at("/srv/app/cache.py", 10), names: ["rows"] },
    { module: "app.cache", qualname: "Cache.size", ...at("/srv/app/cache.py", 20), names: ["count"] },
    { module: "app.cache", qualname: "CacheView.get", ...at("/srv/app/cache.py", 30), names: ["rows"] },
    { module: "app.web", qualname: "serve", ...at("/srv/app/web.py", 5), names: ["Cache", "rows"] },
    { module: "app.web", qualname: "other", ...at("/srv/app/web.py", 9), names: ["rows"] },
    { module: "app.web", qualname: "named", ...at("/srv/app/web.py", 12), names: ["Cache"] },
  ];
  expect(await usersOf(functions, "app.cache.Cache", "rows")).toEqual([
    "app/cache.py:10 Cache.get",
    "app/web.py:5 serve",
  ]);
});

it("are a module's functions, where the holder is one", async () => {
  const functions = [
    { module: "app.cache", qualname: "get", ...at("cache.py", 10), names: ["ROWS"] },
    { module: "app.cache", qualname: "Cache.get", ...at("cache.py", 20), names: ["ROWS"] },
    { module: "app.cached", qualname: "get", ...at("cached.py", 10), names: ["ROWS"] },
    { module: "", qualname: "get", ...at("none.py", 10), names: ["ROWS"] },
    { module: "other", qualname: "get", ...at("other.py", 10), names: ["cache", "ROWS"] },
  ];
  expect(await usersOf(functions, "app.cache", "ROWS")).toEqual([
    "cache.py:10 get",
    "cache.py:20 Cache.get",
    "other.py:10 get",
  ]);
});

it("come first where they may add, then by file, line and name, and once each", async () => {
  const plain = (file: string, line: number, qualname: string, ...names: string[]) => ({
    ...{ module: "m", qualname, file, line },
    names: ["rows", ...names],
  });
  const adding = [
    "add",
    "append",
    "appendleft",
    "extend",
    "insert",
    "put",
    "register",
    "setdefault",
    "update",
  ];
  const functions = [
    plain("b.py", 7, "f"),
    plain("a.py", 30, "f"),
    plain("a.py", 4, "g"),
    plain("a.py", 4, "f"),
    plain("a.py", 4, "f"),
    plain("c.py", 1, "no", "pop", "appends"),
    ...adding.map((name, index) => plain("z.py", 100 + index, "f", name)),
  ];
  expect(await usersOf(functions, "m", "rows")).toEqual([
    ...adding.map((_, index) => `z.py:${100 + index} f +`),
    ...["a.py:4 f", "a.py:4 g", "a.py:30 f", "b.py:7 f", "c.py:1 no"],
  ]);
});
