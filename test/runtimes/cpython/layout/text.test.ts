import { describe, expect, it } from "vitest";
import { readStr } from "../../../../src/runtimes/cpython/layout/text.ts";
import { AT, layout, memory } from "../one-page.ts";

const OBJECT = 0x40;
const ELSEWHERE = 0x400;
/** State of a str (Include/cpython/unicodeobject.h): interned in two bits, three bits of kind, compact, ascii. */
const [COMPACT, ASCII] = [0x20, 0x40];
const KINDS = { 1: 1 << 2, 2: 2 << 2, 4: 4 << 2 } as const;

interface Plan {
  readonly state: number;
  readonly length: number;
  /** What stands behind the struct of an ASCII str, of another compact one, and elsewhere. */
  readonly places?: "all" | "ascii" | "compact" | "elsewhere";
  readonly bytes: Uint8Array;
  readonly most?: number;
  readonly data?: number;
}

function read(version: string, { state, length, bytes, most, data = AT + ELSEWHERE, places = "all" }: Plan) {
  const made = layout(version);
  const { PyASCIIObject, PyCompactUnicodeObject, PyUnicodeObject } = made.structs;
  const reader = memory((view) => {
    const put = (at: number) => new Uint8Array(view.buffer, at, bytes.length).set(bytes);
    if (places === "compact") put(OBJECT + PyCompactUnicodeObject.sizeof);
    else if (places === "ascii") put(OBJECT + PyASCIIObject.sizeof);
    else put(ELSEWHERE);
    view.setBigUint64(OBJECT + PyASCIIObject.length, BigInt(length), true);
    view.setUint8(OBJECT + PyASCIIObject.state, state);
    if (places === "elsewhere") view.setBigUint64(OBJECT + PyUnicodeObject.data, BigInt(data), true);
  });
  return readStr(reader, made, AT + OBJECT, ...(most === undefined ? [] : [most]));
}
const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const utf16 = (text: string) => new Uint8Array(Buffer.from(text, "utf16le"));
const utf32 = (points: readonly number[]) => new Uint8Array(Uint32Array.from(points).buffer);

describe.each(["3.9", "3.11", "3.12", "3.14"])("a str of CPython %s has its characters", (version) => {
  it("behind its struct, which is shorter where they are all ASCII, or elsewhere", () => {
    for (const interned of [0, 1, 2, 3]) {
      const [length, state] = [5, KINDS[1] + interned];
      const bytes = latin("hello");
      expect(read(version, { length, bytes, state: state + COMPACT + ASCII, places: "ascii" })).toBe("hello");
      expect(read(version, { length, bytes, state: state + COMPACT, places: "compact" })).toBe("hello");
      expect(read(version, { length, bytes, state, places: "elsewhere" })).toBe("hello");
      expect(read(version, { length, bytes, state: state + ASCII, places: "elsewhere" })).toBe("hello");
    }
  });

  it("in one, two or four bytes each", () => {
    const compact = (kind: 1 | 2 | 4, length: number, bytes: Uint8Array) =>
      read(version, { state: KINDS[kind] + COMPACT, length, bytes, places: "compact" });
    expect(compact(1, 4, latin("na\u00efv"))).toBe("na\u00efv");
    // Not what windows-1252 makes of these bytes.
    expect(compact(1, 3, latin("\u0080\u0092\u009f"))).toBe("\u0080\u0092\u009f");
    expect(compact(1, 2, latin("\u00a0\u00ff"))).toBe("\u00a0\u00ff");
    expect(compact(2, 3, utf16("\ufeff\u4f60\ud800"))).toBe("\ufeff\u4f60\ud800");
    expect(compact(4, 2, utf32([0x1f40d, 0x10ffff]))).toBe("\u{1f40d}\u{10ffff}");
    expect(compact(4, 2, utf32([0x1f40d, 0x110000]))).toBeNull();
  });

  it("as many as are asked for, 512 unless it is said", () => {
    const long = {
      state: KINDS[1] + COMPACT + ASCII,
      length: 1000,
      bytes: latin("x".repeat(1000)),
      places: "ascii",
    } as const;
    expect(read(version, long)).toBe("x".repeat(512));
    expect(read(version, { ...long, most: 3 })).toBe("xxx");
    expect(read(version, { ...long, most: 2000 })).toBe("x".repeat(1000));
    expect(read(version, { ...long, length: 0 })).toBe("");
  });

  it("and none where its kind or its length makes no sense, or they are not saved", () => {
    const bytes = latin("hello");
    for (const kind of [0, 3, 5, 6, 7])
      expect(
        read(version, { state: (kind << 2) + COMPACT + ASCII, length: 5, bytes, places: "ascii" }),
      ).toBeNull();
    const state = KINDS[1];
    const elsewhere = { state, bytes, places: "elsewhere", most: 5 } as const;
    expect(read(version, { ...elsewhere, length: 2 ** 40 - 1 })).toBe("hello");
    expect(read(version, { ...elsewhere, length: 2 ** 40 })).toBeNull();
    expect(read(version, { ...elsewhere, length: 5, data: AT + 4096 - 4 })).toBeNull();
    expect(read(version, { ...elsewhere, length: 4, data: AT + 4096 - 4 })).toBe("\0\0\0\0");
    expect(read(version, { ...elsewhere, length: 5, data: 0 })).toBeNull();
  });
});
