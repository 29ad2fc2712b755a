import { describe, expect, it } from "vitest";
import { CodeNames } from "../../../src/answers/redaction/code-names.ts";
import { Hashed } from "../../../src/answers/redaction/hashed.ts";
import { readOwnWords } from "../../../src/answers/redaction/own-words.ts";
import { redactProse } from "../../../src/answers/redaction/prose.ts";
import { runsOf } from "../../../src/answers/redaction/runs.ts";
import type { LibraryNames } from "../../../src/runtimes/index.ts";

const LIBRARY: LibraryNames = {
  modules: new Set(["json", "json.decoder", "flask.app", "builtins", "threading"]),
  own: new Set(["shop", "shop.ledger", "__main__"]),
  names: new Set([
    "json",
    "decoder",
    "JSONDecoder",
    "memo",
    "list",
    "Thread",
    "run",
    "Flask",
    "cache",
    "KeyError",
  ]),
  packages: ["flask"],
  fileOf: (path) =>
    path.startsWith("/usr/lib/python3.11/")
      ? path.slice("/usr/lib/".length)
      : path === "json/decoder.py"
        ? path
        : null,
};

function namesOf(key = "a key of this test"): CodeNames {
  const names = new CodeNames(new Hashed(Buffer.from(key)));
  names.know([LIBRARY]);
  return names;
}

/** The hashes taken out, each of them as its style and the order in which it first came. */
function shapeOf(text: string): string {
  const seen: string[] = [];
  return text.replaceAll(
    /(name|Name|NAME|key|text|file|symbol)_([0-9a-f]{8})/g,
    (_, style: string, hash: string) => {
      if (!seen.includes(hash)) seen.push(hash);
      return `${style}${seen.indexOf(hash) + 1}`;
    },
  );
}

describe("a path", () => {
  it.each([
    ["shop.ledger.Ledger.cache", "name1.name2.Name3.name4"],
    ["__main__.LIMITS", "__main__.NAME1"],
    ["shop._hidden.__very", "name1._name2.__name3"],
    ["json.decoder.JSONDecoder.memo", "json.decoder.JSONDecoder.memo"],
    ["json.patched_by_user", "json.name1"],
    ["json.Faked", "json.Name1"],
    ["builtins.list", "builtins.list"],
    ["shop.ledger.rows[*].cache", "name1.name2.name3[*].name4"],
    ["shop.rows[3]", "name1.name2[3]"],
    ["shop.rows[4711]", "name1.name2[key3]"],
    ["shop.rows['a.b]c'].x", "name1.name2['key3'].name4"],
    [`shop.rows["it's"][b'\\'x']`, "name1.name2['key3']['key4']"],
    ["shop.rows[('a', 17)]", "name1.name2[key3]"],
    ["flask.app.Flask.cache['secret']", "flask.app.Flask.cache['key1']"],
    ["shop.f.<locals>.Made", "name1.name2.<locals>.Name3"],
    ["shop.visit.<closure seen>", "name1.name2.<closure name3>"],
    ["shop.fetch.<cache>", "name1.name2.<cache>"],
    ["shop.fetch.<defaults>[0]", "name1.name2.<defaults>[0]"],
    ["shop.thing.<a shop.Other at 0x18>", "name1.name2.<a name1.Name3 at 0x18>"],
    ["<thread 4711 Job.go job/start.py:42>.rows", "<thread 4711 Name1.name2 name3/name4.py:42>.name5"],
    [
      "<60 threads in run /usr/lib/python3.11/threading.py:9>.memo",
      "<60 threads in run python3.11/threading.py:9>.memo",
    ],
    ["<interpreter 1>.json.decoder.JSONDecoder.memo", "<interpreter 1>.json.decoder.JSONDecoder.memo"],
    ["<interpreter 12>.shop.rows['a']", "<interpreter 12>.name1.name2['key3']"],
    ["<interpreter 2>.__main__.rows", "<interpreter 2>.__main__.name1"],
    ["<interpreter 2>", "<interpreter 2>"],
    ["<interpreter ann>.json", "<name1>.name2"],
    ["<thread 4711 stack>", "<thread 4711 stack>"],
    ["<libshop.so data+0x40>", "<name1.so data+0x40>"],
    ["<libc.so.6 data+0x40>", "<libc.so.6 data+0x40>"],
    ["<ContextVar 'secret'>", "<ContextVar '…'>"],
    ["<garbage>", "<garbage>"],
    ["<native memory that nothing found refers to>", "<native memory that nothing found refers to>"],
    ["native memory", "native memory"],
    ["type@0x7f00", "type@0x7f00"],
    ["shop.Odd <img src=x onerror=1> name", "name1.Name2<name3>name4"],
    ["unclosed[ 'secret", "name1name2name3"],
    ["", ""],
  ])("%s has the shape %s", (path, shape) => {
    expect(shapeOf(namesOf().path(path))).toBe(shape);
  });

  it("has the same stand-ins under one key, and others under another", () => {
    const path = "shop.ledger.Ledger.rows['x']";
    expect(namesOf().path(path)).toBe(namesOf().path(path));
    const [one, other] = [namesOf().path(path), namesOf("another key of it").path(path)].map((text) => [
      ...text.matchAll(/[0-9a-f]{8}/g),
    ]);
    expect(one).toHaveLength(5);
    expect(one?.filter(([hash]) => other?.some(([its]) => its === hash))).toEqual([]);
  });

  it("of a library that the user's module hides is the user's", () => {
    const names = namesOf();
    names.know([{ ...LIBRARY, modules: new Set(), own: new Set(["json"]) }]);
    expect(shapeOf(names.path("json.decoder.JSONDecoder"))).toBe("json.decoder.JSONDecoder");
    expect(shapeOf(names.path("json.memo"))).toBe("name1.name2");
  });
});

describe("a file", () => {
  it.each([
    ["/usr/lib/python3.11/json/decoder.py", "python3.11/json/decoder.py"],
    ["json/decoder.py", "json/decoder.py"],
    ["/home/ann/shop/ledger.py", "/name1/name2/name3/name4.py"],
    ["/opt/shop/libshop.so", "/name1/name2/name3.so"],
    ["/lib/x86_64-linux-gnu/libc.so.6", "libc.so.6"],
    ["/home/ann/bin/python3.11", "python3.11"],
    ["[vdso]", "[vdso]"],
    ["<string>", "<string>"],
  ])("%s has the shape %s", (path, shape) => {
    expect(shapeOf(namesOf().file(path))).toBe(shape);
  });

  it("is called as the module in it", () => {
    const names = namesOf();
    expect(names.file("/app/ledger.py").split("/").at(-1)).toBe(`${names.path("ledger")}.py`);
  });
});

describe("a sentence", () => {
  const own = readOwnWords();
  const redact = (text: string) => shapeOf(redactProse(text, namesOf(), own));

  it.each([
    [
      "145,219 items of 1.2 KiB each, added to in shop/ledger.py:23 Ledger.add, and nothing found in the code takes from it",
      "145,219 items of 1.2 KiB each, added to in name1/name2.py:23 Name3.name4, and nothing found in the code takes from it",
    ],
    [
      "with 12 items in 3 containers: shop.rooms['a b, c'].x[*]",
      "with 12 items in 3 containers: name1.name2['key3'].name4[*]",
    ],
    [
      "in about 3 str or bytes that are equal to another: 'open: secret, 1' is there 3 times",
      "in about 3 str or bytes that are equal to another: '…' is there 3 times",
    ],
    [
      "waits for lock shop.pool.lock of thread 12 worker",
      "waits for lock name1.name2.name3 of thread 12 name4",
    ],
    ["handles shop.Boom('a) b', 17), in futex(0x7f00)", "handles name1.Name2(…), in futex(0x7f00)"],
    ["raises KeyError(4711", "raises KeyError(…)"],
    ["/home/ann/core.1: it was cut short", "/name1/name2/name3: it was cut short"],
    ["glibc's malloc, and the module's data", "glibc's malloc, and the module's data"],
    ["it is secret'ly <there> and [here", "it is name1 <name2> and name3name4"],
  ])("%s becomes %s", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it("is the same again when it is redacted again", () => {
    const names = namesOf();
    const once = redactProse("shop.rows['k'] holds /a/b.py:3 f, and secret", names, own);
    expect(redactProse(once, names, own)).toBe(once);
  });

  it("is cut into what adds up to it", () => {
    const text = "a.b['x, y'](1, \"z\") – <c d>: it's b'q', [e";
    expect([...runsOf(text)].map((run) => run.text).join("")).toBe(text);
  });
});
