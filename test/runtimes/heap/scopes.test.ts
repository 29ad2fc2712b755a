import { describe, expect, it } from "vitest";
import type { FunctionPlan } from "./naming.ts";
import {
  CALL_IT,
  doesIt,
  END,
  LOAD_ATTR,
  LOAD_DEREF,
  LOAD_FAST,
  LOAD_GLOBAL,
  LOAD_METHOD,
  method,
  ROWS,
  SELF,
  STORE_ATTR,
  STORE_GLOBAL,
  VALUE,
} from "./old-bytecode.ts";

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
