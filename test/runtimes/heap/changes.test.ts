import { describe, expect, it } from "vitest";
import { type FunctionPlan, usersOf } from "./naming.ts";
import {
  ALIAS,
  BINARY_ADD,
  BINARY_SUBSCR,
  CALL_FUNCTION,
  CALL_IT,
  CALL_METHOD,
  DELETE_ATTR,
  DELETE_SUBSCR,
  DUP_TOP,
  DUP_TOP_TWO,
  doesIt,
  END,
  INPLACE_ADD,
  JUMP_FORWARD,
  KEY,
  LOAD_ATTR,
  LOAD_CONST,
  LOAD_FAST,
  LOAD_GLOBAL,
  LOAD_METHOD,
  method,
  POP_JUMP_IF_FALSE,
  POP_TOP,
  ROT_THREE,
  ROT_TWO,
  ROWS,
  SELF,
  STORE_ATTR,
  STORE_FAST,
  STORE_SUBSCR,
  VALUE,
} from "./old-bytecode.ts";

describe("what instructions do to a container", () => {
  it.each([
    ["self.rows.append(value)", method([...ROWS, LOAD_METHOD, 1, ...CALL_IT], "append"), "+"],
    ["self.rows.pop(value)", method([...ROWS, LOAD_METHOD, 1, ...CALL_IT], "pop"), "-"],
    ["self.rows.get(value)", method([...ROWS, LOAD_METHOD, 1, ...CALL_IT], "get"), ""],
    [
      "call(self.rows.append)",
      method([LOAD_FAST, VALUE, ...ROWS, LOAD_ATTR, 1, CALL_FUNCTION, 1, POP_TOP, 0], "append"),
      "+",
    ],
    ["self.rows[key] = value", method([LOAD_FAST, VALUE, ...ROWS, LOAD_FAST, KEY, STORE_SUBSCR, 0]), "+"],
    [
      "self.other[key] = self.rows",
      method([...ROWS, LOAD_FAST, SELF, LOAD_ATTR, 1, LOAD_FAST, KEY, STORE_SUBSCR, 0], "other"),
      "",
    ],
    [
      "self.other[self.rows] = value",
      method([LOAD_FAST, VALUE, LOAD_FAST, SELF, LOAD_ATTR, 1, ...ROWS, STORE_SUBSCR, 0], "other"),
      "",
    ],
    [
      "self.rows[call(key)] = value",
      method(
        [LOAD_FAST, VALUE, ...ROWS, LOAD_GLOBAL, 1, LOAD_FAST, KEY, CALL_FUNCTION, 1, STORE_SUBSCR, 0],
        "call",
      ),
      "+",
    ],
    [
      "self.rows[key] += value",
      method([
        ...ROWS,
        LOAD_FAST,
        KEY,
        DUP_TOP_TWO,
        0,
        BINARY_SUBSCR,
        0,
        LOAD_FAST,
        VALUE,
        INPLACE_ADD,
        0,
        ROT_THREE,
        0,
        STORE_SUBSCR,
        0,
      ]),
      "+",
    ],
    ["del self.rows[key]", method([...ROWS, LOAD_FAST, KEY, DELETE_SUBSCR, 0]), "-"],
    ["del self.rows", method([LOAD_FAST, SELF, DELETE_ATTR, 0]), "-"],
    ["self.rows = value", method([LOAD_FAST, VALUE, LOAD_FAST, SELF, STORE_ATTR, 0]), "-"],
    ["value.rows = key", method([LOAD_FAST, KEY, LOAD_FAST, VALUE, STORE_ATTR, 0]), ""],
    [
      "self.rows = self.rows + value",
      method([...ROWS, LOAD_FAST, VALUE, BINARY_ADD, 0, LOAD_FAST, SELF, STORE_ATTR, 0]),
      "+",
    ],
    [
      "self.rows += value",
      method([
        LOAD_FAST,
        SELF,
        DUP_TOP,
        0,
        LOAD_ATTR,
        0,
        LOAD_FAST,
        VALUE,
        INPLACE_ADD,
        0,
        ROT_TWO,
        0,
        STORE_ATTR,
        0,
      ]),
      "+",
    ],
    [
      "self.rows.items.append(value)",
      method([...ROWS, LOAD_ATTR, 1, LOAD_METHOD, 2, ...CALL_IT], "items", "append"),
      "",
    ],
    [
      "self.rows.copy().append(value)",
      method([...ROWS, LOAD_METHOD, 1, CALL_METHOD, 0, LOAD_METHOD, 2, ...CALL_IT], "copy", "append"),
      "",
    ],
    [
      "self.lines.append(self.rows)",
      method(
        [LOAD_FAST, SELF, LOAD_ATTR, 1, LOAD_METHOD, 2, ...ROWS, CALL_METHOD, 1, POP_TOP, 0],
        "lines",
        "append",
      ),
      "",
    ],
    [
      "value.rows.append(value)",
      method([LOAD_FAST, VALUE, LOAD_ATTR, 0, LOAD_METHOD, 1, ...CALL_IT], "append"),
      "",
    ],
    [
      "heappush(self.rows, value)",
      method([LOAD_GLOBAL, 1, ...ROWS, LOAD_FAST, VALUE, CALL_FUNCTION, 2, POP_TOP, 0], "heappush"),
      "+",
    ],
    [
      "heappush(value, self.rows)",
      method([LOAD_GLOBAL, 1, LOAD_FAST, VALUE, ...ROWS, CALL_FUNCTION, 2, POP_TOP, 0], "heappush"),
      "",
    ],
    [
      "self.rows[key].append(value)",
      method([...ROWS, LOAD_FAST, KEY, BINARY_SUBSCR, 0, LOAD_METHOD, 1, ...CALL_IT], "append"),
      "",
    ],
  ])("%s", async (_, plan, does) => {
    expect(await doesIt(plan)).toBe(does);
  });

  it("depends on what it is: lists have no new items by a subscript, defaultdicts have", async () => {
    const store = method([LOAD_FAST, VALUE, ...ROWS, LOAD_FAST, KEY, STORE_SUBSCR, 0]);
    const item = method([...ROWS, LOAD_FAST, KEY, BINARY_SUBSCR, 0, LOAD_METHOD, 1, ...CALL_IT], "append");
    expect(await doesIt(store, { container: "list" })).toBe("");
    expect(await doesIt(item, { container: "collections.defaultdict" })).toBe("+");
  });

  it("is seen through a local that is set once, and is no parameter", async () => {
    const alias = [...ROWS, STORE_FAST, ALIAS];
    const append = [LOAD_FAST, ALIAS, LOAD_METHOD, 1, ...CALL_IT];
    const locals = { locals: ["self", "key", "value"] };
    expect(await doesIt({ ...method([...alias, ...append], "append"), ...locals })).toBe("+");
    expect(await doesIt(method([...alias, LOAD_FAST, KEY, STORE_FAST, ALIAS, ...append], "append"))).toBe("");
    expect(
      await doesIt(method([LOAD_FAST, KEY, STORE_FAST, SELF, ...ROWS, LOAD_METHOD, 1, ...CALL_IT], "append")),
    ).toBe("");
    const parameter = [...ROWS, STORE_FAST, KEY, LOAD_FAST, KEY, LOAD_METHOD, 1, ...CALL_IT];
    expect(await doesIt(method(parameter, "append"))).toBe("");
  });

  it("is seen where a method of it is kept for later, and only then called", async () => {
    const keep = {
      ...method([...ROWS, LOAD_ATTR, 1, LOAD_FAST, SELF, STORE_ATTR, 2], "append", "quick"),
      line: 5,
    };
    const code = [LOAD_FAST, SELF, LOAD_METHOD, 0, ...CALL_IT, ...END];
    const use = { qualname: "Cache.push", names: ["quick"], code, line: 9 };
    expect(await usersOf([keep, use])).toEqual(["app/cache.py:9 Cache.push +", "app/cache.py:5 Cache.f"]);
    expect(await usersOf([keep, { ...use, names: ["slow"] }])).toEqual(["app/cache.py:5 Cache.f"]);
    expect(await usersOf([use])).toEqual([]);
  });

  it("is likely where another has the name, of whom nothing is known, and few add to such", async () => {
    const other = [LOAD_FAST, SELF, LOAD_ATTR, 2, LOAD_ATTR, 0];
    const plan = (index: number, code: readonly number[], qualname = "View.f"): FunctionPlan => ({
      ...{
        ...method(code, "append", "cache"),
        module: "app.view",
        file: "app/view.py",
        line: index,
        qualname,
      },
    });
    const append = [...other, LOAD_METHOD, 1, ...CALL_IT];
    const store = [LOAD_FAST, VALUE, ...other, LOAD_FAST, KEY, STORE_SUBSCR, 0];
    expect(await usersOf([plan(1, append), plan(2, store)])).toEqual([
      "app/view.py:1 View.f ?",
      "app/view.py:2 View.f ?",
    ]);
    expect(await usersOf([plan(2, store)], { container: "list" })).toEqual([]);
    expect(await usersOf([1, 2, 3].map((line) => plan(line, append)))).toHaveLength(3);
    expect(await usersOf([1, 2, 3, 4].map((line) => plan(line, append)))).toEqual([]);
    // What another class's methods do to their own is nothing to it, nor what is not known where an adder is.
    expect(await usersOf([plan(1, [...ROWS, LOAD_METHOD, 1, ...CALL_IT])])).toEqual([]);
    const own = { ...method([...ROWS, LOAD_METHOD, 1, ...CALL_IT], "append"), line: 9 };
    expect(await usersOf([plan(1, append), own])).toEqual(["app/cache.py:9 Cache.f +"]);
  });

  it("is followed where ways part and meet", async () => {
    // self.rows[key if value else None] = value; jumps go to byte 16 and by 2.
    const both = [
      LOAD_FAST,
      VALUE,
      ...ROWS,
      LOAD_FAST,
      VALUE,
      POP_JUMP_IF_FALSE,
      14,
      LOAD_FAST,
      KEY,
      JUMP_FORWARD,
      2,
    ];
    expect(await doesIt(method([...both, LOAD_CONST, 0, STORE_SUBSCR, 0]))).toBe("+");
    // (self.rows if value else value)[key] = value.
    const one = [
      LOAD_FAST,
      VALUE,
      LOAD_FAST,
      VALUE,
      POP_JUMP_IF_FALSE,
      12,
      ...ROWS,
      JUMP_FORWARD,
      2,
      LOAD_FAST,
      VALUE,
    ];
    expect(await doesIt(method([...one, LOAD_FAST, KEY, STORE_SUBSCR, 0]))).toBe("");
  });
});
