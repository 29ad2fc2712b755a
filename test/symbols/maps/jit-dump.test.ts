import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openFile } from "../../../src/bytes/index.ts";
import { readSymbolFile, type SymbolMap } from "../../../src/symbols/index.ts";

const folder = mkdtempSync(join(tmpdir(), "coregram-jit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(path: string): Promise<SymbolMap> {
  const source = openFile(path);
  try {
    return await readSymbolFile(source, null);
  } finally {
    source.close();
  }
}

/** Of `{ id, at, name }` each: code of 64 bytes that was made, or moved from elsewhere, by number. */
interface Piece {
  readonly id: 0 | 1 | 2;
  readonly at: number;
  readonly index?: number;
  readonly name?: string;
}

function record({ id, at, index = at, name = "" }: Piece): Buffer {
  const bytes = Buffer.alloc(id === 1 ? 64 : 56 + name.length + 1 + 64, 0xcc);
  bytes.writeUInt32LE(id, 0);
  bytes.writeUInt32LE(bytes.length, 4);
  const [place, size, number] = id === 1 ? [40, 48, 56] : [32, 40, 48];
  bytes.writeBigUInt64LE(BigInt(at), place);
  bytes.writeBigUInt64LE(64n, size);
  bytes.writeBigUInt64LE(BigInt(index), number);
  if (id !== 1) bytes.write(`${name}\0`, 56);
  return bytes;
}

function dump(pieces: readonly Piece[]): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(0x4a69_5444, 0);
  header.writeUInt32LE(1, 4);
  header.writeUInt32LE(header.length, 8);
  return Buffer.concat([header, ...pieces.map(record)]);
}

const put = (bytes: Buffer) => {
  const path = join(folder, "jit-1.dump");
  writeFileSync(path, bytes);
  return path;
};
const nameAt = (map: SymbolMap, at: number) => map.table.find(BigInt(at), false)?.name;

describe("a jitdump", () => {
  it("of Node names its code as Node's own perf map does", async () => {
    const program =
      "const total = (n) => { let s = 0; for (let i = 0; i < n; i++) s += (i * i) % 7; return s; };" +
      "for (let i = 0; i < 300; i++) total(20000); console.log(process.pid)";
    const flags = ["--perf-prof", "--perf-basic-prof", "--no-logfile-per-isolate", "-e", program];
    const pid = execFileSync(process.execPath, flags, { cwd: folder, encoding: "utf8" }).trim();
    const perf = `/tmp/perf-${pid}.map`;
    try {
      const [map, truth] = await Promise.all([read(join(folder, `jit-${pid}.dump`)), read(perf)]);
      expect(map).toMatchObject({ format: "jitdump", warnings: [] });
      const named = [...map.table.symbols()];
      const known = new Map([...truth.table.symbols()].map((symbol) => [symbol.address, symbol]));
      const others = named.filter((symbol) => known.get(symbol.address)?.name !== symbol.name);
      expect(others).toEqual([]);
      expect(named.length).toBeGreaterThan(1000);
      const own = (symbols: Iterable<{ name: string; address: bigint }>) =>
        [...symbols].filter(({ name }) => /JS:[*^].*total/.test(name)).map(({ address }) => address);
      expect(own(named)).not.toEqual([]);
      expect(own(named)).toEqual(own(known.values()));
    } finally {
      rmSync(perf, { force: true });
    }
  });

  it("is a log: later code takes the memory of earlier, and code that moved has its name there", async () => {
    const map = await read(
      put(
        dump([
          { id: 0, at: 0x1000, name: "first" },
          { id: 0, at: 0x2000, name: "second" },
          { id: 2, at: 0x2000, name: "lines of source" },
          { id: 0, at: 0x1020, name: "third" },
          { id: 1, at: 0x3000, index: 0x2000 },
          { id: 1, at: 0x4000, index: 0x7777 },
        ]),
      ),
    );
    expect([0x1000, 0x1020, 0x2008, 0x3008, 0x4000].map((at) => nameAt(map, at))).toEqual([
      undefined,
      "third",
      "second",
      "second",
      undefined,
    ]);
    expect(map.warnings).toEqual([]);
  });

  it("that is cut or damaged is read as far as it goes, and says where that is", async () => {
    const whole = dump([
      { id: 0, at: 0x1000, name: "first" },
      { id: 0, at: 0x2000, name: "second" },
    ]);
    for (const bytes of [
      whole.subarray(0, whole.length - 1),
      damaged(whole, 0),
      damaged(whole, 2 ** 32 - 1),
    ]) {
      const map = await read(put(bytes));
      expect([nameAt(map, 0x1000), nameAt(map, 0x2000)]).toEqual(["first", undefined]);
      expect(map.warnings).toEqual([
        `the record at byte 166 is cut or damaged: ${bytes.length - 166} B are not read`,
      ]);
    }
  });
});

/** The same with another length of its second record. */
function damaged(whole: Buffer, length: number): Buffer {
  const bytes = Buffer.from(whole);
  bytes.writeUInt32LE(length, 166 + 4);
  return bytes;
}
