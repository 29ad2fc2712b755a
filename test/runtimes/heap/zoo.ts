import type { World } from "./world.ts";

/** Objects of every kind that the builder makes, in one list that a module holds. */
export function addZoo(world: World): void {
  const { values, containers, dicts, classes, code, types } = world;
  const str = (text: string) => values.str(text);
  const small = values.int(7);
  const numbers = [values.int(0), small, values.int(-1), values.int(2n ** 31n), values.int(-(10n ** 40n))];
  const wide = values.str("na\u00efve");
  values.keepUtf8(wide, new TextEncoder().encode("na\u00efve"));
  const texts = [str(""), str("a"), wide, str("\u4f60\u597d"), str("\u{1f40d}!"), values.looseStr("loose")];
  const bytes = [values.bytes(new Uint8Array(0)), values.bytes(Uint8Array.of(0, 1, 255))];
  const arrays = [values.bytearray(Uint8Array.of(1, 2)), values.bytearray(new Uint8Array(100), 130)];
  const pair = containers.tuple([small, str("b")]);
  const lists = [containers.list([]), containers.list([small, pair], 4), containers.list([], 200)];
  const sets = [
    containers.set([small]),
    containers.set([pair], "frozenset"),
    containers.set(numbers, "set", 32),
  ];
  const deques = [
    containers.deque([]),
    containers.deque([small, pair], 63),
    containers.deque(numbers, 0),
    // The last one ends with its block.
    containers.deque(
      Array.from({ length: 33 }, () => small),
      31,
    ),
  ];
  const shared = dicts.keys(
    [
      [str("x"), small],
      [str("y"), small],
    ],
    { isSplit: true },
  );
  const maps = [
    dicts.dict([]),
    dicts.dict([[str("k"), small]]),
    dicts.dict([
      [small, pair],
      [str("s"), small],
    ]),
    dicts.dict(
      [
        [small, small],
        [pair, pair],
      ],
      { log2: 8, deleted: [0] },
    ),
    dicts.splitDict(shared, [small, null]),
  ];
  const slotted = classes.make({ module: "zoo", name: "Slotted", slots: ["left", "right"] });
  const plain = classes.make({ module: "zoo", name: "Plain", attributes: ["name", "mass"] });
  const record = classes.make({ module: "zoo", name: "Record", base: types.get("tuple") });
  const animals = [
    classes.instance(slotted, [small, null]),
    classes.instance(plain, [], [str("Kaa"), small]),
    containers.tuple([small], record),
  ];
  const globals = dicts.dict([[str("g"), small]]);
  const body = code.code({ name: "feed", file: "/srv/zoo.py", line: 3, locals: ["food"], free: ["keeper"] });
  const closure = containers.tuple([code.cell(small)]);
  const feed = code.function({ code: body, module: "zoo", name: "feed", globals, closure });
  const calls = [feed, code.method(feed, animals[0] ?? feed), code.cell(null)];
  const all = [
    ...[...numbers, values.float(1.5), values.complex(1, -2), ...texts, ...bytes, ...arrays],
    ...[...lists, ...sets, ...deques, ...maps, slotted, plain, record, ...animals, ...calls],
  ];
  world.module("zoo", [[str("all"), containers.list(all)]]);
}
