import { expect, it } from "vitest";
import { formatBytes } from "../../../src/terms/index.ts";
import { ask, putCore } from "./ask.ts";
import type { Entry } from "./dicts.ts";
import { PLACES, type PyObject } from "./heap.ts";
import type { DiagnoseJson, DiffJson, HoldersJson, OwnersJson } from "./results.ts";
import { World } from "./world.ts";

const hex = ({ address }: PyObject) => `0x${address.toString(16)}`;
const bytesOf = (...objects: PyObject[]) => objects.reduce((sum, { bytes }) => sum + bytes, 0);

/** A shop: a class with a list of 200 orders, each a tuple of a number and a text; a cache; a cycle that nothing holds. */
function shop() {
  const world = new World(11);
  const { values, containers, classes, code, dicts } = world;
  const orders = Array.from({ length: 200 }, (_, n) =>
    containers.tuple([values.float(n), values.str(`order ${n}`)]),
  );
  const list = containers.list(orders, 250);
  const add = code.code({
    ...{
      name: "add",
      qualname: "Shop.add",
      file: "/srv/shop/model.py",
      line: 17,
      names: ["orders", "append"],
    },
  });
  const show = code.code({ name: "show", file: "/srv/shop/view.py", line: 5, names: ["Shop", "orders"] });
  const globals = dicts.dict([]);
  const method = code.function({ code: add, module: "shop", name: "add", qualname: "Shop.add", globals });
  const view = code.function({ code: show, module: "view", name: "show", globals });
  const cls = classes.make({
    ...{ module: "shop", name: "Shop" },
    namespace: [
      [values.str("orders"), list],
      [values.str("add"), method],
    ],
  });
  const cached = Array.from({ length: 120 }, (_, n): Entry => [values.int(n + 1), values.str(`cached ${n}`)]);
  const cache = dicts.dict(cached, { log2: 8 });
  world.module("shop", [
    [values.str("Shop"), cls],
    [values.str("cache"), cache],
    [values.str("show"), view],
  ]);
  const lost = containers.list([values.str("lost")], 2);
  containers.put(lost, 1, lost);
  world.addInterpreter();
  return { world, list, orders, cache, cached, lost, cls, built: world.build() };
}

it("rows say what each owner retains, has for itself, and holds by type", async () => {
  const { list, orders, cache, cached, lost, built } = shop();
  const { json } = await ask<OwnersJson>("owners", [putCore(built.core)], "--top", "3");
  const [first, second] = json.rows;
  const inOrders = orders.flatMap((order) => [order]);
  expect(first).toMatchObject({
    path: "shop.Shop.orders",
    type: "builtins.list",
    address: hex(list),
    length: 200,
    retainedCount: 601,
    count: 601,
    // A list with room for 250; tuples of two, floats, texts of 7 to 9 characters.
    retainedBytes: 2056 + 200 * (56 + 24) + 10 * 56 + 90 * 57 + 100 * 58,
    depth: 0,
    suspect: null,
  });
  expect(bytesOf(list, ...inOrders)).toBe(2056 + 200 * 56);
  expect(first?.holds).toEqual([
    { type: "builtins.str", count: 200, bytes: 10 * 56 + 90 * 57 + 100 * 58 },
    { type: "builtins.tuple", count: 200, bytes: 200 * 56 },
    { type: "builtins.float", count: 200, bytes: 200 * 24 },
    { type: "builtins.list", count: 1, bytes: 2056 },
  ]);
  expect(second).toMatchObject({
    path: "shop.cache",
    length: 120,
    count: 241,
    bytes: bytesOf(cache, ...cached.flat()),
  });
  const all = await ask<OwnersJson>("owners", [putCore(built.core)], "--all");
  const garbage = all.json.rows.find(({ path }) => path === "<garbage>");
  expect(garbage).toMatchObject({
    ...{ type: null, address: null, length: null, count: 2, bytes: bytesOf(lost) + 53, retainedCount: 2 },
    holds: [
      { type: "builtins.list", count: 1, bytes: lost.bytes },
      { type: "builtins.str", count: 1, bytes: 53 },
    ],
  });
  const shown = json.rows.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(json.totals).toMatchObject({ count: built.count, bytes: built.bytes });
  expect(json.totals.restBytes).toBe(built.bytes - shown);
});

it("a suspect says why it is one, and which code names it", async () => {
  const { built } = shop();
  const { json, said } = await ask<OwnersJson>("owners", [putCore(built.core)], "--suspects");
  const bytes = 2056 + 200 * (56 + 24) + 10 * 56 + 90 * 57 + 100 * 58;
  const [first, second] = json.rows;
  expect(json.rows.map(({ path }) => path)).toEqual(["shop.Shop.orders", "shop.cache"]);
  const memory = first?.evidence?.memoryBytes ?? 0;
  expect(first?.evidence).toMatchObject({
    bytes,
    items: 200,
    itemBytes: 148,
    verdict: "biggest",
    grewBytes: null,
  });
  expect(first?.suspect).toBe(
    `holds ${((100 * bytes) / memory).toFixed(1)} % of memory (${formatBytes(bytes)}), 200 items of 148 B each, named in shop/model.py:17 Shop.add, shop/view.py:5 show`,
  );
  expect(second?.suspect).toMatch(/^holds [\d.]+ % of memory \([\d.]+ \w+\), 120 items of \d+ B each$/);
  expect(said).toContainEqual(
    expect.stringMatching(
      / of live objects: [\d.]+ % from modules, [\d.]+ % from C data, [\d.]+ % garbage, not collected yet$/,
    ),
  );
});

it("what is reached is told in shares of bytes", async () => {
  const { built, lost } = shop();
  const { json, said } = await ask<OwnersJson>("owners", [putCore(built.core)]);
  const { modules, data, garbage } = json.totals.reached;
  expect(garbage).toEqual({ count: 2, bytes: lost.bytes + 53 });
  const share = ({ bytes }: { bytes: number }) => `${((100 * bytes) / built.bytes).toFixed(1)} %`;
  expect(said).toContain(
    `${formatBytes(built.bytes)} of live objects: ${share(modules)} from modules, ${share(data)} from C data, ${share(garbage)} garbage, not collected yet`,
  );
});

it("the tree has owners below those that hold them, and the chain leads up to the root", async () => {
  const { built, cls, orders } = shop();
  const core = putCore(built.core);
  const tree = await ask<OwnersJson>("owners", [core], "--tree");
  const rows = tree.json.rows.map(({ depth, path }) => `${depth} ${path}`);
  // Others stand between, in the order of what they hold.
  const wanted = [
    "0 shop",
    "1 shop.Shop",
    "2 shop.Shop.orders",
    "2 shop.Shop.add",
    "1 shop.cache",
    "0 builtins",
  ];
  expect(rows.filter((row) => wanted.includes(row))).toEqual(wanted);
  const flat = await ask<OwnersJson>("owners", [core], "--depth", "1");
  expect(flat.json.rows.every(({ depth }) => depth === 0)).toBe(true);
  const [order] = orders;
  const chain = await ask<OwnersJson>(
    "owners",
    [core],
    "--of",
    `0x${((order?.address ?? 0) + 8).toString(16)}`,
  );
  expect(chain.json.rows.map(({ path, retainedCount }) => [path, retainedCount]).slice(0, 2)).toEqual([
    ["shop.Shop.orders[0]", 3],
    ["shop.Shop.orders", 601],
  ]);
  expect(chain.json.rows.at(-1)?.path).toBe("shop");
  expect(chain.json.rows.map(({ address }) => address)).toContain(hex(cls));
  const nowhere = `0x${PLACES.stack.toString(16)}`;
  const refused = await ask("owners", [core], "--of", nowhere);
  expect(refused.said).toContain(`no live object is at ${nowhere}`);
  expect(refused.status).toBe(1);
});

it("a chain that leads up through more than a thousand objects ends with the thousandth", async () => {
  const rowsOf = async (depth: number) => {
    const world = new World(12);
    const { values, containers } = world;
    let list = containers.list([]);
    const innermost = list;
    for (let level = 1; level < depth; level += 1) list = containers.list([list]);
    world.module("deep", [[values.str("lists"), list]]);
    world.addInterpreter();
    const path = putCore(world.build().core);
    const { json } = await ask<OwnersJson>("owners", [path], "--of", hex(innermost));
    return json.rows.length;
  };
  // The module and its dict stand above the lists.
  expect([await rowsOf(997), await rowsOf(1005)]).toEqual([999, 1000]);
});

it("an object is asked for by its path as well, and one that is not there with what is", async () => {
  const { built } = shop();
  const core = putCore(built.core);
  const chain = await ask<OwnersJson>("owners", [core], "--of", "shop.Shop.orders[0]");
  expect(chain.json.rows.map(({ path }) => path).slice(0, 2)).toEqual([
    "shop.Shop.orders[0]",
    "shop.Shop.orders",
  ]);
  const said = async (path: string) => {
    const { said, status } = await ask("owners", [core], "--of", path);
    expect(status).toBe(1);
    return said.find((line) => /leads to|no live/.test(line));
  };
  expect(await said("shop.Shop.odrers[0]")).toMatch(
    /^shop\.Shop\.odrers\[0\] leads to no object: shop\.Shop has no \.odrers \(did you mean shop\.Shop\.orders\?\); it has .*\.orders,/,
  );
  expect(await said("shop.Shop.orders[1000]")).toMatch(
    /shop\.Shop\.orders has no \[1000\]; it has \[0\] to \[\d+\]$/,
  );
  expect(await said("shpo.Shop.orders")).toBe(
    "shpo.Shop.orders leads to no object: nothing is called shpo (did you mean shop.Shop?)",
  );
  expect(await said("shop.Shop.orders[0][0]x")).toContain(
    "shop.Shop.orders[0][0] has no x; it holds nothing",
  );
  expect(await said("hop\u001b[1m")).toContain("hop\\x1b[1m leads to no object: nothing is called hop\\x1b");
  // Hex digits are an address, whatever is called so.
  expect(await said("cafe")).toBe("no live object is at 0xcafe");
  const key = await ask<OwnersJson>("owners", [core], "--of", 'sys.modules["shop"]');
  expect(key.json.rows[0]?.path).toBe("shop");
});

it("the holders of a type are groups by path, the small ones by their holder's type", async () => {
  const { built, orders, cached } = shop();
  const core = putCore(built.core);
  const { json } = await ask<HoldersJson>("owners", [core], "--type", "tuple", "--all");
  expect(json.rows[0]).toEqual({
    path: "shop.Shop.orders[*]",
    count: 200,
    bytes: 200 * 56,
    example: `0x${(orders[0]?.address ?? 0).toString(16)}`,
  });
  const all = built.types.get("builtins.tuple");
  expect(json.totals).toMatchObject({
    type: "builtins.tuple",
    count: all?.count,
    bytes: all?.bytes,
    restCount: 0,
  });
  // Each other tuple is less than a hundredth of them, and goes by what holds it.
  const others = json.rows.slice(1).map(({ path, count }) => `${path} ${count}`);
  expect(others.sort()).toEqual([
    "<builtins.code>.<co_localsplusnames> 3",
    "<builtins.code>.co_consts 3",
    "<builtins.code>.co_names 3",
    "<builtins.type>.__bases__ 2",
  ]);
  const texts = await ask<HoldersJson>("owners", [core], "--type", "builtins.str", "--top", "2");
  expect(texts.json.rows.map(({ path, count }) => [path, count])).toEqual([
    ["shop.Shop.orders[*][*]", 200],
    ["shop.cache[*]", cached.length],
  ]);
});

it("of a type with few objects each group has a path, and a hundredth is enough for one", async () => {
  const world = new World(11);
  const { values, containers, dicts } = world;
  const many = (count: number) =>
    containers.list(Array.from({ length: count }, (_, n) => values.complex(n, 0)));
  world.module("m", [
    [values.str("many"), many(196)],
    [values.str("two"), many(2)],
    [values.str("one"), dicts.dict([[values.str("k"), values.complex(0, 1)]])],
    [values.str("other"), dicts.dict([[values.str("k"), values.complex(0, 1)]])],
  ]);
  world.addInterpreter();
  const { json } = await ask<HoldersJson>("owners", [putCore(world.build().core)], "--type", "complex");
  expect(json.rows.map(({ path, count }) => [path, count])).toEqual([
    ["m.many[*]", 196],
    ["<builtins.dict>[*]", 2],
    ["m.two[*]", 2],
  ]);
});

/** A cache and an index of another module that hold the same orders, so many; and one text, in both and very long. */
function sharing(count: number) {
  const world = new World(11);
  const { values, containers, dicts } = world;
  const orders = Array.from({ length: count }, (_, n) => containers.tuple([values.complex(n, 0)]));
  const big = values.str("x".repeat(200_000));
  const seen = containers.list([...orders, big]);
  const entries = orders.map((order, n): Entry => [values.int(n + 1), order]);
  const index = dicts.dict([...entries, [values.str("big"), big]], { log2: 12 });
  world.module("shop", [[values.str("seen"), seen]]);
  world.module("registry", [[values.str("index"), index]]);
  world.addInterpreter();
  return { core: putCore(world.build().core), orders, big };
}

it("what two containers hold is a row with both, and a suspect", async () => {
  const { core, orders, big } = sharing(1000);
  const holders = ["registry.index[*]", "shop.seen[*]"];
  const { json } = await ask<OwnersJson>("owners", [core], "--top", "3");
  const row = json.rows.find(({ length }) => length === 1001);
  const bytes = bytesOf(...orders, big) + 1000 * 32;
  expect(row).toMatchObject({ path: null, address: null, type: null, holders, bytes, count: 2001 });
  expect(row).toMatchObject({ retainedBytes: bytes, retainedCount: 2001 });
  const suspects = await ask<OwnersJson>("owners", [core], "--suspects");
  expect(suspects.json.rows[0]).toMatchObject({ path: null, holders });
  expect(suspects.json.rows[0]?.suspect).toMatch(/^holds [\d.]+ % of memory \([\d.]+ \w+\), 1,001 items of/);
  const plain = await ask<OwnersJson>("owners", [core], "--tree", "--top", "1");
  expect(plain.json.rows[0]?.holders).toEqual(holders);
});

it("one object in two containers is a row with its path and both", async () => {
  const { core, big } = sharing(0);
  const { json } = await ask<OwnersJson>("owners", [core], "--top", "1");
  expect(json.rows).toMatchObject([
    {
      ...{ path: "registry.index['big']", address: hex(big), type: "builtins.str", bytes: big.bytes },
      holders: ["registry.index[*]", "shop.seen[*]"],
    },
  ]);
});

it("what two containers hold is compared by both", async () => {
  const [old, now] = [sharing(500), sharing(1000)];
  const { json } = await ask<DiffJson>("diff", [old.core, now.core], "--by", "owner");
  expect(json.rows[0]).toMatchObject({
    name: "registry.index[*] and shop.seen[*]",
    ...{ countDiff: 1000, bytesDiff: 500 * (48 + 32), oldLength: 501, newLength: 1001 },
  });
});

it("what nothing found holds is a row by its type, and a suspect", async () => {
  const world = new World(12);
  const { values, containers } = world;
  const leaked = Array.from({ length: 150 }, (_, n) => {
    const list = containers.list([values.float(n)]);
    list.references += 1;
    return list;
  });
  world.addInterpreter();
  const path = putCore(world.build().core);
  const { json } = await ask<OwnersJson>("owners", [path], "--suspects");
  const bytes = bytesOf(...leaked) + leaked.length * 24;
  expect(json.rows).toMatchObject([
    { path: "<held by nothing found>", type: "builtins.list", length: 150, count: 300, bytes, address: null },
  ]);
  expect(json.rows[0]?.suspect).toMatch(
    /150 objects of 88 B each, each with a reference and its address nowhere in the saved memory: C code took it and lost it$/,
  );
});

it("what C code keeps in memory of its own is not called lost", async () => {
  const world = new World(12);
  const { values, containers, heap } = world;
  // Nothing leads to the block, and only half of it would be said to be lost where all words were not looked at.
  const block = heap.malloc.allocate(8 * 150);
  for (let n = 0; n < 150; n += 1) {
    const list = containers.list([values.float(n)]);
    if (n % 2 === 0) heap.hold(block.start + 8 * n, list);
    else list.references += 1;
  }
  world.addInterpreter();
  const { json } = await ask<OwnersJson>("owners", [putCore(world.build().core)], "--suspects");
  expect(json.rows[0]?.suspect).toMatch(/ C code keeps them in memory of its own, or took one too many$/);
});

it("a reference that nobody has is a leak by one core alone", async () => {
  const world = new World(12);
  const { values, containers } = world;
  for (let n = 0; n < 3000; n += 1) containers.list([values.float(n)]).references += 1;
  world.addInterpreter();
  const { json } = await ask<DiagnoseJson>("diagnose", [putCore(world.build().core)]);
  const [lost] = json.rows.filter(({ kind }) => kind === "lost");
  expect(lost).toMatchObject({ verdict: "leak", type: "builtins.list", length: 3000 });
});
