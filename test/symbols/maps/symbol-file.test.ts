import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openFile } from "../../../src/bytes/index.ts";
import { parseSymbolFileName, readSymbolFile, type SymbolMap } from "../../../src/symbols/index.ts";

const folder = mkdtempSync(join(tmpdir(), "coregram-elf-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(tool: string, ...args: string[]): string | null {
  try {
    return execFileSync(tool, args, { encoding: "utf8", cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
}

async function read(path: string, bias: bigint | null = null): Promise<SymbolMap> {
  const source = openFile(path);
  try {
    return await readSymbolFile(source, bias);
  } finally {
    source.close();
  }
}

describe("parseSymbolFileName", () => {
  it("takes what follows the last @ for a bias where it is a number", () => {
    expect(parseSymbolFileName("/lib/a.so@0x7f00")).toEqual({ path: "/lib/a.so", bias: 0x7f00n });
    expect(parseSymbolFileName("a@b.so@7f00")).toEqual({ path: "a@b.so", bias: 0x7f00n });
    for (const path of ["/lib/a.so", "me@host", "a@cafe", "@0x10", "a@", "a@0xzz", "-"]) {
      expect(parseSymbolFileName(path)).toEqual({ path, bias: null });
    }
  });
});

describe("readSymbolFile", () => {
  it("reads a map as a map, at no bias", async () => {
    const path = join(folder, "map.txt");
    writeFileSync(path, "0x1000 one\n");
    expect(await read(path)).toMatchObject({ format: "ADDRESS NAME", symbols: 1 });
    await expect(read(path, 0n)).rejects.toThrow(/is no ELF file: only those take @BIAS$/);
    writeFileSync(path, "neither\n");
    await expect(read(path)).rejects.toThrow(/has no line that is understood/);
  });

  it("says where an ELF file is broken or has no symbols", async () => {
    const path = join(folder, "broken");
    writeFileSync(path, "\x7fELF\x02\x01\x01");
    await expect(read(path)).rejects.toThrow(/ELF header needs 52 bytes, the file has 7/);
    const header = new Uint8Array(64);
    header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    writeFileSync(path, header);
    await expect(read(path)).rejects.toThrow(/broken has no symbols$/);
  });
});

const program =
  "int shown = 1; static int hidden(int a) { return a * shown; } int main(void) { return hidden(3); }\n";
writeFileSync(join(folder, "p.c"), program);
const isBuilt =
  run("gcc", "-O0", "-g", "-Wl,--build-id", "-o", "p", "p.c") !== null &&
  run("objcopy", "--version") !== null;

describe.skipIf(!isBuilt)("a program that gcc and objcopy made here", () => {
  const at = (name: string): bigint => {
    const line = (run("nm", "p") ?? "").split("\n").find((text) => text.endsWith(` ${name}`));
    return BigInt(`0x${line?.split(" ")[0]}`);
  };
  const names = (map: SymbolMap) => [...map.table.symbols()].map(({ name }) => name);

  it("has all of its names in .symtab", async () => {
    const map = await read(join(folder, "p"), 0x1000n);
    expect(map.format).toBe("ELF symtab");
    expect(map.table.find(at("hidden") + 0x1001n, false)).toMatchObject({ name: "hidden", offset: 1n });
    expect(map.table.find(at("shown") + 0x1000n, false)?.name).toBe("shown");
  });

  it("has them in the file of its .gnu_debuglink when it is stripped, by build ID or checksum", async () => {
    run("objcopy", "--only-keep-debug", "p", "p.debug");
    run("objcopy", "--strip-all", "--add-gnu-debuglink=p.debug", "p", "linked");
    expect((await read(join(folder, "linked"))).format).toBe("ELF debug file");
    expect(names(await read(join(folder, "linked")))).toContain("hidden");
    run("objcopy", "--remove-section=.note.gnu.build-id", "linked", "without-id");
    expect((await read(join(folder, "without-id"))).format).toBe("ELF debug file");
    // Another file by that name is not its.
    mkdirSync(join(folder, "other"));
    copyFileSync(join(folder, "without-id"), join(folder, "other/without-id"));
    const changed = readFileSync(join(folder, "p.debug"));
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    writeFileSync(join(folder, "other/p.debug"), changed);
    expect((await read(join(folder, "other/without-id"))).format).not.toBe("ELF debug file");
  });

  it("has them in .gnu_debugdata, xz inside of the file", async (context) => {
    run("objcopy", "--strip-debug", "--only-keep-debug", "p", "mini");
    if (run("xz", "-k", "mini") === null || !existsSync(join(folder, "mini.xz")))
      return context.skip("xz is not here");
    run("objcopy", "--strip-all", "--add-section", ".gnu_debugdata=mini.xz", "p", "packed");
    const map = await read(join(folder, "packed"));
    expect(map.format).toBe("ELF dynsym and debugdata");
    expect(map.table.find(at("hidden"), false)?.name).toBe("hidden");
    const bytes = readFileSync(join(folder, "mini.xz"));
    bytes.fill(0x55, 40, 80);
    writeFileSync(join(folder, "bad.xz"), bytes);
    run("objcopy", "--strip-all", "--add-section", ".gnu_debugdata=bad.xz", "p", "corrupt");
    expect((await read(join(folder, "corrupt"))).format).toBe("ELF dynsym");
  });
});
