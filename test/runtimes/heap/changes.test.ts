import { describe, expect, it } from "vitest";
import { type FunctionPlan, usersOf } from "./naming.ts";

/** Numbers of CPython 3.8 (Include/opcode.h). */
const [LOAD_FAST, STORE_FAST, LOAD_GLOBAL, STORE_GLOBAL, LOAD_ATTR, STORE_ATTR, DELETE_ATTR] = [
  124, 125, 116, 97, 106, 95, 96,
];
const [LOAD_METHOD, CALL_METHOD, CALL_FUNCTION, STORE_SUBSCR, DELETE_SUBSCR, BINARY_SUBSCR] = [
  160, 161, 131, 60, 61, 25,
];
const [POP_TOP, RETURN_VALUE, LOAD_CONST, LOAD_DEREF, INPLACE_ADD, BINARY_ADD] = [1, 83, 100, 136, 55, 23];
const [ROT_TWO, ROT_THREE, DUP_TOP, DUP_TOP_TWO, POP_JUMP_IF_FALSE, JUMP_FORWARD] = [2, 3, 4, 5, 114, 110];
const [SELF, KEY, VALUE, ALIAS] = [0, 1, 2, 3];
/** self.rows, where `rows` is the first of the names. */
const ROWS = [LOAD_FAST, SELF, LOAD_ATTR, 0];
const CALL_IT = [LOAD_FAST, VALUE, CALL_METHOD, 1, POP_TOP, 0];
const END = [LOAD_CONST, 0, RETURN_VALUE, 0];
const method = (code: readonly number[], ...names: readonly string[]): FunctionPlan => ({
  ...{ qualname: "Cache.f", names: ["rows", ...names], code: [...code, ...END] },
});

/** What the first function does: `+`, `-`, both or nothing. */
async function doesIt(plan: FunctionPlan, options: Parameters<typeof usersOf>[1] = {}): Promise<string> {
  const users = await usersOf([plan], options);
  return users.map((user) => (/ [+-]$/.test(user) ? user.slice(-1) : "")).join("");
}

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

describe("what a name stands for", () => {
  const append = method([LOAD_GLOBAL, 0, LOAD_METHOD, 1, ...CALL_IT]);
  const elsewhere = { module: "app.web", qualname: "serve", locals: ["a", "b", "value"] };
  const global = { ...append, ...elsewhere, names: ["rows", "append"] };

  it("is what the function's module has under it, whatever module that is", async () => {
    expect(await doesIt({ ...global, knows: ({ rows }) => ({ rows }) }, { holder: "module" })).toBe("+");
    expect(
      await doesIt({ ...global, knows: ({ instance }) => ({ rows: instance }) }, { holder: "module" }),
    ).toBe("");
    expect(await doesIt(global, { holder: "module" })).toBe("");
  });

  it("is a module, a class or an instance that has the container", async () => {
    const code = [LOAD_GLOBAL, 1, LOAD_ATTR, 0, LOAD_METHOD, 2, ...CALL_IT, ...END];
    const by = (knows: FunctionPlan["knows"], ...more: readonly string[]) => ({
      ...{ ...elsewhere, code, names: ["rows", "it", "append", ...more] },
      ...(knows === undefined ? {} : { knows }),
    });
    expect(
      await doesIt(
        by(({ module }) => ({ it: module })),
        { holder: "module" },
      ),
    ).toBe("+");
    expect(
      await doesIt(
        by(({ cache }) => ({ it: cache })),
        { holder: "cache" },
      ),
    ).toBe("+");
    expect(
      await doesIt(
        by(({ bigCache }) => ({ it: bigCache })),
        { holder: "cache" },
      ),
    ).toBe("+");
    expect(
      await doesIt(
        by(({ instance }) => ({ it: instance })),
        { holder: "cache" },
      ),
    ).toBe("+");
    expect(await doesIt(by(({ instance }) => ({ it: instance })))).toBe("+");
    expect(await doesIt(by(({ cache }) => ({ it: cache })))).toBe("");
    expect(
      await doesIt(
        by(({ store }) => ({ it: store })),
        { holder: "cache" },
      ),
    ).toBe("");
    // it.Cache.rows, where `it` is a module.
    const far = [LOAD_GLOBAL, 1, LOAD_ATTR, 3, LOAD_ATTR, 0, LOAD_METHOD, 2, ...CALL_IT, ...END];
    const through = { ...by(({ module }) => ({ it: module }), "Cache"), code: far };
    expect(await doesIt(through, { holder: "cache" })).toBe("+");
  });

  it("is what a function around it has, by its closure", async () => {
    const code = [LOAD_DEREF, 0, LOAD_METHOD, 1, ...CALL_IT, ...END];
    const inner = { ...elsewhere, code, names: ["rows", "append"] };
    expect(await doesIt({ ...inner, closure: ({ rows }) => [rows] })).toBe("+");
    expect(await doesIt({ ...inner, closure: ({ cache }) => [cache] })).toBe("");
    expect(await doesIt({ ...inner, closure: ({ cache, rows }) => [cache, rows] })).toBe("");
  });

  it("is another after it was put in its place, but not where that gives it its first value", async () => {
    const knows: FunctionPlan["knows"] = ({ rows }) => ({ rows });
    const put = { ...global, knows, code: [LOAD_FAST, VALUE, STORE_GLOBAL, 0, ...END] };
    expect(await doesIt(put, { holder: "module" })).toBe("-");
    const assign = method([LOAD_FAST, VALUE, LOAD_FAST, SELF, STORE_ATTR, 0]);
    expect(await doesIt({ ...assign, qualname: "Cache.__init__" })).toBe("");
    expect(await doesIt({ ...assign, qualname: "Cache.__init" })).toBe("-");
    const fill = method([...ROWS, LOAD_METHOD, 1, ...CALL_IT], "append");
    expect(await doesIt({ ...fill, qualname: "Cache.__init__" })).toBe("+");
  });

  it("is the holder in methods of its class and bases, by their first parameter", async () => {
    const fill = method([...ROWS, LOAD_METHOD, 1, ...CALL_IT], "append");
    expect(await doesIt({ ...fill, module: "app.store", qualname: "Store.f" })).toBe("+");
    expect(await doesIt({ ...fill, module: "app.big", qualname: "BigCache.f" })).toBe("");
    expect(await doesIt({ ...fill, module: "app.big", qualname: "BigCache.f" }, { holder: "cache" })).toBe(
      "+",
    );
    expect(await doesIt({ ...fill, qualname: "CacheView.f" })).toBe("");
    expect(await doesIt({ ...fill, locals: ["other", "key", "value"] })).toBe("");
    expect(await doesIt({ ...fill, qualname: "Cache.f.<locals>.g" })).toBe("");
  });
});
