import { describe, expect, it } from "vitest";
import { MemoryReader } from "../../../../src/blocks/index.ts";
import type { ByteSource } from "../../../../src/bytes/index.ts";
import { openRaw } from "../../../../src/image/index.ts";
import { lineAt } from "../../../../src/runtimes/cpython/layout/code-lines.ts";
import { LAYOUTS } from "../../../../src/runtimes/cpython/layout/layout.ts";
import { address } from "../../../../src/terms/index.ts";

/**
 * A function whose lines go forth and back and 300 ahead, as interpreters compiled it: its table, and [start, end, line]
 * of its code by co_lines, and by dis.findlinestarts before there was that.
 */
const TABLES = [
  {
    minor: 9,
    first: 1,
    table: "000204020801040102ff0804020102ff0402040102ff047f007f0030060106ff",
    spans: [
      [0, 4, 3],
      [4, 12, 5],
      [12, 16, 6],
      [16, 18, 7],
      [18, 26, 6],
      [26, 28, 10],
      [28, 30, 11],
      [30, 34, 10],
      [34, 38, 12],
      [38, 40, 13],
      [40, 44, 12],
      [44, 50, 314],
      [50, 56, 315],
      [56, 62, 314],
    ],
  },
  {
    minor: 10,
    first: 1,
    table: "040208020401020108ff0204020104ff0402020104ff007f007f0630060106ff",
    spans: [
      [0, 4, 3],
      [4, 12, 5],
      [12, 16, 6],
      [16, 18, 7],
      [18, 26, 6],
      [26, 28, 10],
      [28, 30, 11],
      [30, 34, 10],
      [34, 38, 12],
      [38, 40, 13],
      [40, 44, 12],
      [44, 50, 314],
      [50, 56, 315],
      [56, 62, 314],
    ],
  },
  {
    minor: 11,
    first: 1,
    table:
      "8000e00c0d8045e01015f000020517f0000205178804d8080d9024d81415f103011316f10001091788058805f00800090ed80c0ef20301090ff00001090fe5080d8865d80e12f103010914f400010914f000010914f05c09010c1af000010c1add0c119025894c8c4cf003010c1af100010c1af400010c1af00001051a",
    spans: [
      [0, 2, 1],
      [2, 4, 3],
      [4, 6, 3],
      [6, 8, 5],
      [8, 10, 5],
      [10, 12, 5],
      [12, 14, 5],
      [14, 16, 6],
      [16, 18, 6],
      [18, 20, 7],
      [20, 24, 6],
      [24, 28, 6],
      [28, 30, 6],
      [30, 32, 6],
      [32, 34, 10],
      [34, 36, 11],
      [36, 42, 10],
      [42, 44, 10],
      [44, 56, 12],
      [56, 58, 12],
      [58, 60, 13],
      [60, 64, 12],
      [64, 74, 12],
      [74, 76, 12],
      [76, 78, 314],
      [78, 80, 314],
      [80, 92, 315],
      [92, 94, 315],
      [94, 98, 315],
      [98, 108, 315],
      [108, 110, 314],
      [110, 114, 314],
      [114, 124, 314],
      [124, 126, 314],
    ],
  },
  {
    minor: 13,
    first: 1,
    table:
      "8000e00c0d8045e310158804d8080dd81415f103011316f1000109178a05f103001116f00a00090ed80c0ef30301090fe4080d8865d80e12f403010914f45e09000d1290258c4cf303010c1ad90c18f0030013148a41d90c18f103010c1af00001051af9f200010c1a",
    spans: [
      [0, 2, 1],
      [2, 6, 3],
      [6, 16, 5],
      [16, 18, 6],
      [18, 20, 7],
      [20, 34, 6],
      [34, 38, 5],
      [38, 40, 10],
      [40, 42, 11],
      [42, 50, 10],
      [50, 62, 12],
      [62, 64, 13],
      [64, 74, 12],
      [74, 96, 315],
      [96, 104, 314],
      [104, 108, 315],
      [108, 116, 314],
      [116, 120, 315],
      [120, 126, 314],
      [130, 136, 314],
    ],
  },
] as const;

const BASE = 0x10000;
const TABLE = 512;

function readerOf(bytes: Buffer): MemoryReader {
  const source: ByteSource = {
    name: "code",
    size: bytes.length,
    read: (position, into) => bytes.copy(into, 0, position, position + into.length),
    close() {},
  };
  return new MemoryReader(openRaw(source, address(BigInt(BASE))));
}

describe.each(TABLES)("lineAt of 3.$minor", ({ minor, first, table, spans }) => {
  const layout = LAYOUTS.find((one) => one.minor === minor);
  if (layout === undefined) throw new Error(`no layout of 3.${minor}`);
  const code = (text: string) => {
    const bytes = Buffer.alloc(4096);
    bytes.writeInt32LE(first, layout.structs.PyCodeObject.co_firstlineno);
    bytes.writeBigUInt64LE(BigInt(BASE + TABLE), layout.code.lines);
    bytes.writeBigUInt64LE(BigInt(text.length / 2), TABLE + 16);
    bytes.write(text, TABLE + 32, "hex");
    return readerOf(bytes);
  };

  it("is what the interpreter says, for each instruction", () => {
    const reader = code(table);
    const wrong: string[] = [];
    for (const [start, end, line] of spans)
      for (let offset = start; offset < end; offset += 2) {
        const found = lineAt(reader, layout, BASE, offset);
        if (found !== line) wrong.push(`${offset}: ${found} for ${line}`);
      }
    expect(wrong).toEqual([]);
  });

  it("is the first line where there is no table", () => {
    expect(lineAt(code(""), layout, BASE, 40)).toBe(first);
    expect(lineAt(readerOf(Buffer.alloc(4096)), layout, BASE, 40)).toBe(0);
  });
});
