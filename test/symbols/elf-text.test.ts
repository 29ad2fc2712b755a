import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { readSymbolMap } from "../../src/symbols/index.ts";

const binary = process.execPath;

function run(tool: string, ...args: string[]): string | null {
  try {
    return execFileSync(tool, args, {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return null;
  }
}

// nm's own reading of the same table is the reference; the goldens in maps/ hold wherever there is no binutils.
describe.skipIf(run("nm", "--version") === null)(`symbols of ${binary}, on this machine`, () => {
  it.each([
    ["readelf -sW", "readelf", ["--dyn-syms", "-W"]],
    ["objdump -t", "objdump", ["-T"]],
  ])("%s names what nm names", async (format, tool, args) => {
    const text = run(tool, ...args, binary) ?? "";
    const map = await readSymbolMap([new TextEncoder().encode(text)], "map.txt");
    expect(map).toMatchObject({ format, skippedLines: 0 });
    const names = new Map<bigint, Set<string>>();
    const sizes = new Map<bigint, Set<bigint>>();
    for (const line of (run("nm", "-D", "-S", binary) ?? "").split("\n")) {
      const match = /^([0-9a-f]{16}) (?:([0-9a-f]{16}) )?[^AaNnCUwv] ([^@]+)/.exec(line);
      if (!match) continue;
      const at = BigInt(`0x${match[1]}`);
      // nm does not tell thread-local variables, whose values are small offsets.
      if (at < 0x1000n) continue;
      names.set(at, (names.get(at) ?? new Set()).add(match[3] ?? ""));
      sizes.set(at, (sizes.get(at) ?? new Set()).add(BigInt(`0x${match[2] ?? "0"}`)));
    }
    expect(names.size).toBeGreaterThan(1000);
    let wrong = 0;
    for (const [at, known] of names) {
      const found = map.table.find(at, false);
      if (!found || !known.has(found.name) || !sizes.get(at)?.has(found.size)) wrong++;
    }
    expect(wrong).toBe(0);
    expect(map.symbols).toBe(names.size);
  });
});

describe("lines of readelf and objdump", () => {
  it("have sizes in hex, visibilities with more to them, versions and constants", async () => {
    const readelf = [
      "Symbol table '.symtab' contains 5 entries:",
      "     5: 0000000000401000 0x30d40 OBJECT  GLOBAL DEFAULT   27 big@@V1",
      "     6: 0000000000500000    12 FUNC    GLOBAL DEFAULT [<localentry>: 8]    15 entry",
      "     7: 0000000000000040     8 TLS     GLOBAL DEFAULT   20 thread_local",
      "     8: 0000000000000001     0 NOTYPE  GLOBAL DEFAULT  ABS V1",
      "     9: 0000000000600000 99999999999999999999 FUNC    GLOBAL DEFAULT   15 too_big",
    ].join("\n");
    const one = await readSymbolMap([new TextEncoder().encode(readelf)], "x");
    expect(one).toMatchObject({ format: "readelf -sW", symbols: 2, skippedLines: 1, firstSkippedLine: 6 });
    expect(one.table.find(0x431d3fn, false)).toEqual({ name: "big", offset: 0x30d3fn, size: 0x30d40n });
    expect(one.table.find(0x500003n, false)?.name).toBe("entry");
    const objdump = [
      "lib.so:     file format elf64-x86-64",
      "",
      "DYNAMIC SYMBOL TABLE:",
      "0000000000401000 g    DO .data\t0000000000000010  Base        .hidden secret",
      "0000000000402000 g    DF .text\t0000000000000010 (V_OLD)      old",
      "0000000000403000  w   DF .text\t0000000000000010  V_NEW       (anonymous namespace)::f(int)",
      "0000000000000040 g    D  .tbss\t0000000000000008  Base        thread_local",
      "ffffffff81000000 g       *ABS*\t0000000000000000 _text",
    ].join("\n");
    const two = await readSymbolMap([new TextEncoder().encode(objdump)], "x");
    expect(two).toMatchObject({ format: "objdump -t", symbols: 4, skippedLines: 0 });
    expect(two.table.find(0x40100fn, false)?.name).toBe("secret");
    expect(two.table.find(0x402000n, false)?.name).toBe("old");
    expect(two.table.find(0x403001n, false)?.name).toBe("(anonymous namespace)::f(int)");
    expect(two.table.find(0xffffffff81000000n, false)?.name).toBe("_text");
  });
});

describe("perf maps", () => {
  it("are told from nm's sizes and from names with blanks", async () => {
    const read = async (text: string) => (await readSymbolMap([new TextEncoder().encode(text)], "x")).format;
    expect(await read("7f00aa000000 40 f\n7f00aa000040 b g\n")).toBe("perf map");
    expect(await read("7f00aa000000 40 T f\n7f00aa000040 b D g\n")).toBe("nm");
    expect(await read("7f00aa000000 D f\n7f00aa000040 b g\n")).toBe("nm");
    expect(await read("0x7f00aa000000 add two\n0x7f00aa000040 bed time\n")).toBe("ADDRESS NAME");
    expect(await read("7f00aa000000 add\n7f00aa000040 40\n")).toBe("ADDRESS NAME");
  });
});
