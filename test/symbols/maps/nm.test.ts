import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { Names, readSymbolMap } from "../../../src/symbols/index.ts";

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

async function names(text: string) {
  const map = await readSymbolMap([new TextEncoder().encode(text)], "nm.txt");
  return { ...map, symbols: map.symbols, find: (word: bigint) => new Names([map.table], false).find(word) };
}

// The same on the goldens in maps/, wherever there is no nm.
const binary = process.execPath;
describe.skipIf(run("nm", "--version") === null)(`nm of ${binary}, on this machine`, () => {
  it.each([
    ["nm", ["-D"]],
    ["nm", ["-D", "-S"]],
    ["nm", ["-D", "-S", "-n"]],
    ["nm -P", ["-D", "-P"]],
  ])("%s %j is read line by line as a slow reader would", async (format, args) => {
    const text = run("nm", ...args, binary) ?? "";
    const map = await names(text);
    expect(map).toMatchObject({ format, skippedLines: 0 });
    const firsts = new Map<bigint, string>();
    for (const line of text.split("\n")) {
      const match =
        format === "nm"
          ? /^(?<at>[0-9a-f]{16}) (?:[0-9a-f]{16} )?[^AaNnCUwv] (?<name>.+)$/.exec(line)
          : /^(?<name>.+) [^AaNnCUwv] (?<at>[0-9a-f]+)(?: [0-9a-f]*)?$/.exec(line);
      const at = BigInt(`0x${match?.groups?.at ?? "0"}`);
      if (at !== 0n && !firsts.has(at)) firsts.set(at, match?.groups?.name ?? "");
    }
    expect(map.symbols).toBe(firsts.size);
    let wrong = 0;
    for (const [at, name] of firsts) if (map.find(at) !== name) wrong++;
    expect(wrong).toBe(0);
  });
});

describe("nm lines", () => {
  it("name no constants, no undefined symbols and never the word 0", async () => {
    const map = await names(
      [
        "                 U puts",
        "         w __gmon_start__",
        "0000000000000000 A GLIBC_2.2.5",
        "0000000000000001 a one",
        "ffffffffffffffff A minus_one",
        "ffffffff81000000 A _text",
        "0000000000000004 C common",
        "0000000000000010 N .debug_info",
        "0000000000000000 T start_of_a_library",
        "",
        "libfoo.so:",
        "0000000000002000 i memcpy",
        "0000000000003000 0000000000000010 u unique\t/src/foo.c:12",
        "ffffffffc0401000 t ext4_acl_get \t[ext4]",
      ].join("\n"),
    );
    expect(map).toMatchObject({ format: "nm", symbols: 4, skippedLines: 0 });
    for (const word of [0n, 1n, 4n, 0x10n, 0xffffffffffffffffn]) expect(map.find(word)).toBeNull();
    expect(map.find(0xffffffff81000000n)).toBe("_text");
    expect(map.find(0x2000n)).toBe("memcpy");
    expect(map.find(0x300fn)).toBe("unique+0xf");
    expect(map.find(0xffffffffc0401000n)).toBe("ext4_acl_get");
  });
});
