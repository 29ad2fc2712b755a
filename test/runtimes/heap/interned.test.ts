import { describe, expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import type { Entry } from "./dicts.ts";
import type { TypesJson } from "./results.ts";
import { MINORS, type Minor } from "./versions.ts";
import { World } from "./world.ts";

interface Plan {
  readonly count: number;
  /** Whether the collector knows the dict; from 3.14 on it knows all. */
  readonly isTracked?: boolean;
  /** Whether a module holds it, and not the interpreter, or both. */
  readonly holder?: "interpreter" | "module" | "both";
  /** Whether keys are their own values, and say that they are interned. */
  readonly areValues?: boolean;
  readonly areInterned?: boolean;
  /** One key that is not, by its place. */
  readonly stranger?: number;
}

/** A heap with a large dict of interned strings. Returns what the program says of dicts and the balance. */
async function withTable(minor: Minor, plan: Plan) {
  const world = new World(minor);
  const { values, dicts, heap, none } = world;
  world.addInterpreter();
  const entries = Array.from({ length: plan.count }, (_, index): Entry => {
    const text = values.str(`name-${index}`, plan.areInterned === false || plan.stranger === index ? 0 : 1);
    return [text, plan.areValues === false ? none : text];
  });
  const table = dicts.dict(entries);
  if (plan.isTracked !== true && minor < 14) heap.untrack(table);
  if (plan.holder !== "module") heap.holdInVariable(table);
  if (plan.holder === "module" || plan.holder === "both") world.module("app", [[values.str("names"), table]]);
  const built = world.build();
  const { json } = await ask<TypesJson>("types", [putCore(built.core)], "--all");
  const row = json.rows.find(({ type }) => type === "builtins.dict");
  const truth = built.types.get("builtins.dict");
  return {
    table: table.bytes,
    internTable: json.totals.balance.internTable,
    dicts: (truth?.count ?? 0) - (row?.count ?? 0),
    bytes: (truth?.bytes ?? 0) - (row?.bytes ?? 0),
  };
}

describe.each(MINORS)("the table of interned strings of CPython 3.%i", (minor) => {
  it("is no object of the program's: it is told apart", async () => {
    const { table, ...found } = await withTable(minor, { count: 600 });
    expect(found).toEqual({ internTable: table, dicts: 1, bytes: table });
  });
});

describe("a dict is not taken for the table of interned strings", () => {
  const none = { internTable: 0, dicts: 0, bytes: 0 };

  it.each<[string, Plan]>([
    ["of fewer strings", { count: 511 }],
    ["that the collector knows", { count: 600, isTracked: true }],
    ["whose values are others", { count: 600, areValues: false }],
    ["whose keys are not interned", { count: 600, areInterned: false }],
    ["whose first key is not interned", { count: 600, stranger: 0 }],
    ["of whose first keys one is not interned", { count: 600, stranger: 13 }],
    ["of whose first keys the 64th is not interned", { count: 600, stranger: 63 }],
  ])("%s", async (_, plan) => {
    for (const minor of [7, 11] as const) expect(await withTable(minor, plan)).toMatchObject(none);
  });

  it.each(["module", "both"] as const)(
    "from 3.14 on, where the collector knows all, of a %s",
    async (holder) => {
      expect(await withTable(14, { count: 600, holder })).toMatchObject(none);
    },
  );

  it("of 512 it is", async () => {
    expect((await withTable(11, { count: 512 })).dicts).toBe(1);
  });
});
