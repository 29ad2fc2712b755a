import { describe, expect, it } from "vitest";
import { usersOf } from "./naming.ts";

describe("functions that name what a holder has", () => {
  const at = (file: string, line: number) => ({ file, line });

  it("are the holder's own methods that name the attribute, and others that name both", async () => {
    const functions = [
      { qualname: "Cache.get", ...at("/srv/app/cache.py", 10), names: ["rows"] },
      { qualname: "Cache.size", ...at("/srv/app/cache.py", 20), names: ["count"] },
      { qualname: "CacheView.get", ...at("/srv/app/cache.py", 30), names: ["rows"] },
      { module: "app.store", qualname: "Store.get", ...at("/srv/app/store.py", 40), names: ["rows"] },
      { module: "app.big", qualname: "BigCache.get", ...at("/srv/app/big.py", 50), names: ["rows"] },
      { module: "app.web", qualname: "serve", ...at("/srv/app/web.py", 5), names: ["Cache", "rows"] },
      { module: "app.web", qualname: "other", ...at("/srv/app/web.py", 9), names: ["rows"] },
      { module: "app.web", qualname: "named", ...at("/srv/app/web.py", 12), names: ["Cache"] },
    ];
    const own = ["app/cache.py:10 Cache.get", "app/store.py:40 Store.get", "app/web.py:5 serve"];
    expect(await usersOf(functions)).toEqual(own);
    // Classes that derive from one have its attributes.
    expect(await usersOf(functions, { holder: "cache" })).toEqual(["app/big.py:50 BigCache.get", ...own]);
  });

  it("are a module's functions, where the holder is one", async () => {
    const functions = [
      { qualname: "get", ...at("cache.py", 10), names: ["rows"] },
      { qualname: "Cache.get", ...at("cache.py", 20), names: ["rows"] },
      { module: "app.cached", qualname: "get", ...at("cached.py", 10), names: ["rows"] },
      { module: "", qualname: "get", ...at("none.py", 10), names: ["rows"] },
      { module: "other", qualname: "get", ...at("other.py", 10), names: ["cache", "rows"] },
    ];
    expect(await usersOf(functions, { holder: "module" })).toEqual([
      "cache.py:10 get",
      "cache.py:20 Cache.get",
      "other.py:10 get",
    ]);
  });

  it("may add where names say so and instructions say nothing, and are in the order of file, line and name", async () => {
    const plain = (file: string, line: number, qualname: string, ...names: string[]) => ({
      ...{ qualname, file, line },
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
      plain("a.py", 9, "Cache.__init__", "append"),
      plain("c.py", 1, "no", "pop", "appends"),
      ...adding.map((name, index) => plain("z.py", 100 + index, "f", name)),
    ];
    expect(await usersOf(functions, { holder: "module" })).toEqual([
      ...adding.map((_, index) => `z.py:${100 + index} f ?`),
      ...["a.py:4 f", "a.py:4 g", "a.py:9 Cache.__init__", "a.py:30 f", "b.py:7 f", "c.py:1 no"],
    ]);
    const read = functions.map((plan) => ({ ...plan, code: [100, 0, 83, 0] }));
    expect((await usersOf(read, { holder: "module" })).filter((user) => user.endsWith("?"))).toEqual([]);
  });
});
