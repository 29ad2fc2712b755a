import { describe, expect, it } from "vitest";
import { SymbolTableBuilder } from "../../../src/symbols/index.ts";

describe("SymbolTableBuilder", () => {
  it("takes more and fewer symbols than were reserved, and no more than it may", () => {
    for (const reserved of [0, 5000, 1e15]) {
      const builder = new SymbolTableBuilder({ maxSymbols: 10_000 });
      builder.addSymbol(1n, 2n, "first", 3n);
      builder.reserve(reserved);
      for (let i = 1n; i < 10_000n; i++) builder.addSymbol(16n * i, 0n, "f");
      expect(() => builder.addSymbol(0n, 0n, "f")).toThrow(/more than 10,000 symbols/);
      const table = builder.build();
      expect(table.length).toBe(10_000);
      expect(table.find(2n, false)).toEqual({ name: "first", offset: 4n, size: 2n });
    }
  });

  it("keeps the first name at an address and the first known size", () => {
    const builder = new SymbolTableBuilder();
    builder.addSymbol(0x2000n, 8n, "other");
    builder.addSymbol(0x1000n, 0n, "first");
    builder.addSymbol(0x1000n, 16n, "second");
    builder.addSymbol(0x1000n, 99n, "third");
    const table = builder.build();
    expect(table.length).toBe(2);
    expect(table.find(0x100fn, false)).toEqual({ name: "first", offset: 15n, size: 16n });
    expect(table.find(0x1010n, false)).toBeNull();
  });

  it("takes records as it takes the same symbols one at a time, as far as there is room", () => {
    const [whole, single] = [new SymbolTableBuilder({ maxSymbols: 9000 }), new SymbolTableBuilder()];
    const names = Array.from({ length: 10_000 }, (_, i) => `name ${i}`);
    const records = new Int32Array(6 * names.length);
    let end = 1;
    names.forEach((name, i) => {
      const halves = new BigUint64Array([
        BigInt(48 * ((i * 7919) % 10_007)) + 0xffff_ffff_8000_0000n,
        BigInt(i % 3 && i),
      ]);
      records.set(new Int32Array(halves.buffer), 6 * i);
      records.set([end, end + name.length], 6 * i + 4);
      end += name.length + 1;
      if (i > 0 && i < 9000) single.addSymbol(halves[0] ?? 0n, halves[1] ?? 0n, name);
    });
    const text = new TextEncoder().encode(`-${names.join("\n")}\n`);
    whole.adopt(text);
    // None of the first: they begin at the second.
    whole.addRecords(records, 1, 1);
    expect(whole.length).toBe(0);
    whole.addRecords(records, 1, 9000);
    const [table, expected] = [whole.build(), single.build()];
    expect(table.length).toBe(8999);
    for (let word = 0xffff_ffff_8000_0000n; word < 0xffff_ffff_8008_0000n; word += 5n)
      expect(table.find(word, true)).toEqual(expected.find(word, true));

    const full = new SymbolTableBuilder({ maxSymbols: 9000 });
    full.adopt(text);
    expect(() => full.addRecords(records, 0, 9001)).toThrow(/more than 9,000 symbols/);
  });

  it("takes u32 halves and a part of a buffer as the name", () => {
    const builder = new SymbolTableBuilder();
    const bytes = new TextEncoder().encode("xx_text yy");
    builder.add(0x7fff, 0x81000000, 1, 2, bytes, 2, 7);
    builder.add(0xffffffff, 0x81000000, 1, 2, bytes, 8, 10);
    const table = builder.build();
    expect(table.find(0x7fff81000001n, false)).toEqual({ name: "_text", offset: 1n, size: 0x100000002n });
    // Cut at 2^64.
    expect(table.find(0xffffffff81000000n, false)).toEqual({ name: "yy", offset: 0n, size: 0x7f000000n });
  });

  it("sorts over several blocks, in order and not", () => {
    for (const step of [1n, 7919n]) {
      const count = 200_003n;
      const builder = new SymbolTableBuilder();
      for (let i = 0n; i < count; i++) {
        const key = (i * step) % count;
        builder.addSymbol(key * 0x100000001n, 0n, `s${key}`);
      }
      const table = builder.build();
      for (const key of [0n, 1n, 65535n, 65536n, 123456n, count - 1n]) {
        expect(table.find(key * 0x100000001n, false)?.name).toBe(`s${key}`);
      }
      expect(table.length).toBe(Number(count));
    }
  });

  it("names the start of what an answer lies in, after everything else", () => {
    const builder = new SymbolTableBuilder();
    builder.addSymbol(0x1010n, 0n, "object", 0x10n);
    builder.addSymbol(0x2010n, 0n, "liar", 0x3000n);
    builder.addStartOf(0);
    builder.addStartOf(1);
    const table = builder.build();
    expect(table.find(0x1010n, false)).toMatchObject({ name: "object", offset: 0x10n });
    expect(table.find(0x1000n, false)).toMatchObject({ name: "object", offset: 0n });
    expect(table.find(0x1011n, true)).toMatchObject({ name: "object", offset: 0x11n });
    expect(table.length).toBe(3);
  });

  it("refuses more symbols and longer names than its limits", () => {
    const few = new SymbolTableBuilder({ maxSymbols: 65536 });
    for (let i = 0; i < 65536; i++) few.add(0, i, 0, 0, Uint8Array.of(65), 0, 1);
    expect(() => few.addSymbol(1n, 0n, "one more")).toThrow(
      expect.objectContaining({ code: "limit", message: "symbol map holds more than 65,536 symbols" }),
    );
    const short = new SymbolTableBuilder({ maxNameBytes: 3 * 2 ** 20 });
    const name = new Uint8Array(2 ** 19).fill(65);
    for (let i = 1n; i <= 3n; i++) short.addSymbol(i, 0n, name);
    const error = {
      code: "limit",
      message: "symbol names and the text that they stand in fill more than 3.0 MiB",
    };
    expect(() => short.addSymbol(4n, 0n, name)).toThrow(expect.objectContaining(error));
    const text = new Uint8Array(1).fill(65);
    short.adopt(text);
    expect(() => short.add(0, 4, 0, 0, text, 0, 1)).toThrow(expect.objectContaining(error));
    expect(() => new SymbolTableBuilder().addSymbol(1n, 0n, new Uint8Array(2 ** 20))).toThrow(
      /1048576 bytes/,
    );
  });

  it("finds names in a text that it took over, longer than a page, beside copied ones", () => {
    const text = new Uint8Array(3 * 2 ** 20).fill(65);
    const builder = new SymbolTableBuilder();
    builder.adopt(text);
    builder.add(0, 1, 0, 0, text, 5, 8);
    builder.add(0, 2, 0, 0, text, 2 ** 20 - 2, 2 ** 20 + 2);
    builder.add(0, 3, 0, 0, text, text.length - 1, text.length);
    builder.addSymbol(4n, 0n, "copied");
    const table = builder.build();
    const names = [1n, 2n, 3n, 4n].map((at) => table.find(at, false)?.name);
    expect(names).toEqual(["AAA", "AAAA", "A", "copied"]);
  });

  it("keeps names whole where they cross from page to page", () => {
    const builder = new SymbolTableBuilder();
    const bytes = (i: number): string => `${i}`.padEnd(1000 + (i % 48), "x");
    for (let i = 0; i < 9000; i++) builder.addSymbol(BigInt(i), 0n, bytes(i));
    const table = builder.build();
    for (let i = 0; i < 9000; i += 13) expect(table.find(BigInt(i), false)?.name).toBe(bytes(i));
  });
});
