import { describe, expect, it } from "vitest";
import { bytesSource } from "../../../src/bytes/index.ts";
import { readSymbolMap, type SymbolMap } from "../../../src/symbols/index.ts";
import { CoregramError } from "../../../src/terms/index.ts";

function read(text: string): Promise<SymbolMap> {
  return readSymbolMap([new TextEncoder().encode(text)], "syms.txt");
}

async function failure(chunks: Iterable<Uint8Array>): Promise<CoregramError> {
  const error = await readSymbolMap(chunks, "syms\x1b.txt").catch((thrown: unknown) => thrown);
  if (!(error instanceof CoregramError)) throw new Error(`not refused: ${String(error)}`);
  expect(error.code).toBe("format");
  return error;
}

describe("readSymbolMap", () => {
  it("decides by the whole map, not by the line", async () => {
    const mostlyPlain = await read("0x1000 one\n0x2000 T two\n0x3000 three\n0x4000 four\n");
    expect(mostlyPlain.format).toBe("ADDRESS NAME");
    expect(mostlyPlain.table.find(0x2000n, false)?.name).toBe("T two");
    const mostlyNm = await read("1000 T one\n2000 two\n3000 0010 d three\n4000 B four\n");
    expect(mostlyNm).toMatchObject({ format: "nm", symbols: 3, skippedLines: 1, firstSkippedLine: 2 });
    expect(mostlyNm.table.find(0x300fn, false)).toEqual({ name: "three", offset: 15n, size: 16n });
    const posix = await read("add T 401000 10\nbad T 402000 a\nf T 3 4\n");
    expect(posix).toMatchObject({ format: "nm -P", symbols: 3 });
    expect(posix.table.find(0x40100fn, false)?.name).toBe("add");
    expect((await read("0000000000401000 T add\n")).format).toBe("nm");
    expect((await read("abcd one\nbeef two\n")).symbols).toBe(2);
  });

  it("decides late where the start is all comments or all noise", async () => {
    const comments = `# ${"x".repeat(100)}\n`.repeat(30_000);
    expect(await read(`${comments}1000 T one\n`)).toMatchObject({
      format: "nm",
      symbols: 1,
      skippedLines: 0,
    });
    const noise = "warning: this and that, over and over again, in every line\n".repeat(40_000);
    expect(await read(`${noise}1000 T one\n`)).toMatchObject({
      format: "nm",
      symbols: 1,
      skippedLines: 40_000,
      firstSkippedLine: 1,
    });
  });

  it("counts the lines that it does not understand, and says where the first one is", async () => {
    expect(
      await read("# map\n\n1000 one\nwhat is this\n2000 two\n12345678123456781 long\n3000\n"),
    ).toMatchObject({
      symbols: 2,
      skippedLines: 3,
      firstSkippedLine: 4,
    });
  });

  it("takes an empty map, and one of comments, as one that names nothing", async () => {
    for (const text of ["", "\n\r\n", "# nothing\n  # here\n", "\ufeff"]) {
      expect(await read(text)).toMatchObject({
        format: null,
        symbols: 0,
        skippedLines: 0,
        firstSkippedLine: null,
      });
    }
  });

  it("reads from an asynchronous source, whatever the chunks, and keeps nothing of them", async () => {
    async function* source() {
      const reused = new Uint8Array(5);
      const bytes = new TextEncoder().encode("0x1000 one\r\n0x2000\tzwölf\n0x3000 three");
      for (let at = 0; at < bytes.length; at += reused.length) {
        const part = bytes.subarray(at, at + reused.length);
        reused.set(part);
        yield reused.subarray(0, part.length);
      }
    }
    const { table, symbols } = await readSymbolMap(source(), "syms.txt");
    expect(symbols).toBe(3);
    expect(table.find(0x2000n, false)?.name).toBe("zwölf");
    expect(table.find(0x3000n, false)?.name).toBe("three");
  });

  it("refuses a map of which it understands nothing, quoting it printably", async () => {
    const text = new TextEncoder().encode(`\x1b[31mhello\u202e ${"world ".repeat(30)}\nfoo\n`);
    const { message } = await failure([text]);
    expect(message).toBe(
      'symbol map syms\\x1b.txt has no line that is understood: line 1 starts "\\x1b[31mhello\\u202e world world world world world world worl", expected ADDRESS NAME, perf map, nm, go tool nm -size, nm -P, crash sym -l, objdump -d, objdump -t, readelf -sW, gdb x/a or gdb transcript with its commands echoed',
    );
    const prose = "Add the two numbers.\nThis is a text,\nand not a map.\n";
    await failure([new TextEncoder().encode(prose)]);
    await failure([new TextEncoder().encode("# a comment\nPyTuple_Type in section .data of /bin/x\n")]);
    const endless = new TextEncoder().encode(`${"none of this is a symbol ".repeat(40)}\n`.repeat(20_000));
    await failure([endless, endless, endless]);
  });

  it("refuses binary files", async () => {
    const binary = new Uint8Array(4096).map((_, i) => (i * 37) & 255);
    expect((await failure([binary])).message).toContain("is not text: line 1 starts");
    expect((await failure([new TextEncoder().encode("0x1000 one\n"), new Uint8Array(9)])).message).toContain(
      'is not text: line 1 starts "0x1000 one"',
    );
  });

  it("reads UTF-16 by its mark, in chunks of any size and from a source", async () => {
    const wide = Buffer.from("\ufeff0x1000 one\r\n0x2000 zwölf 𝄞\r\n", "utf16le");
    for (const bytes of [wide, Buffer.from(wide).swap16()]) {
      const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
      for (const text of [[bytes], pieces, bytesSource("syms.txt", bytes)]) {
        const { table, symbols, skippedLines } = await readSymbolMap(text, "syms.txt");
        expect({ symbols, skippedLines }).toEqual({ symbols: 2, skippedLines: 0 });
        expect(table.find(0x2000n, false)?.name).toBe("zwölf 𝄞");
      }
    }
  });

  it("passes over lines longer than 64 KiB without keeping them", async () => {
    const piece = new TextEncoder().encode("abcdefgh".repeat(2 ** 17));
    function* source() {
      yield new TextEncoder().encode("0x1000 one\n0x2000 ");
      for (let i = 0; i < 100; i++) yield piece;
      yield new TextEncoder().encode("\n0x3000 three\n");
    }
    const map = await readSymbolMap(source(), "syms.txt");
    expect(map).toMatchObject({ symbols: 2, skippedLines: 1, firstSkippedLine: 2 });
    expect(map.table.find(0x3000n, false)?.name).toBe("three");
    const whole = `0x1000 ${"n".repeat(2 ** 16 - 7)}\n`;
    expect(await read(whole)).toMatchObject({ symbols: 1, skippedLines: 0 });
    expect(await read(`0x1000 one\n${whole.slice(0, -1)}n`)).toMatchObject({ symbols: 1, skippedLines: 1 });
    expect((await failure([piece])).message).toContain(
      `line 1 starts "${"abcdefgh".repeat(8).slice(0, 60)}"`,
    );
  });
});
