import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { buildElf } from "../elf/build-elf.ts";
import { readCoreBytes } from "../elf/memory-bytes.ts";
import { checkFrame } from "../views/frame-check.ts";
import { coregram, Scratch } from "./program.ts";

const scratch = new Scratch();
const made = (name: string) => fileURLToPath(new URL(`../elf/cores/${name}.core.gz`, import.meta.url));

interface Row {
  readonly address: string;
  readonly count: number;
  readonly memory: string;
  readonly segment: { readonly permissions: string; readonly start: string } | null;
  readonly mapping: { readonly path: string } | null;
  readonly symbol: string | null;
  readonly unnamed: string | null;
  readonly bytes: string | null;
}

async function whatis(core: string, ...args: readonly string[]): Promise<Row[]> {
  const run = await coregram(["whatis", core, ...args, "-f", "json", "-q"]);
  expect(run).toMatchObject({ status: 0, stderr: "" });
  const frame = JSON.parse(run.stdout) as { rows: Row[] };
  expect(checkFrame(frame)).toEqual([]);
  return frame.rows;
}

/** Where `pattern` lies in the core, by its first words, which tiny.c has: at a place in the file. */
function findPattern(bytes: Uint8Array, wordBytes: 4 | 8, endian: "little" | "big"): number {
  const pattern = Buffer.alloc(2 * wordBytes);
  for (const [index, word] of [0x11223344, 0x55667788].entries()) {
    if (endian === "little") pattern.writeUInt32LE(word, index * wordBytes);
    else pattern.writeUInt32BE(word, index * wordBytes + wordBytes - 4);
  }
  return Buffer.from(bytes).indexOf(pattern);
}

/** How often a word stands at a multiple of its size, counted one by one. */
function naiveCount(bytes: Uint8Array, word: bigint, wordBytes: 4 | 8, endian: "little" | "big"): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  for (let at = 0; at + wordBytes <= bytes.length; at += wordBytes) {
    const little = endian === "little";
    const here = wordBytes === 8 ? view.getBigUint64(at, little) : BigInt(view.getUint32(at, little));
    if (here === word) count += 1;
  }
  return count;
}

const SHAPES = [
  ["kernel-x86-64", 8, "little"],
  ["gcore-x86-64", 8, "little"],
  ["kernel-i386", 4, "little"],
  ["qemu-aarch64", 8, "little"],
  ["qemu-arm", 4, "little"],
  ["qemu-ppc64", 8, "big"],
  ["qemu-s390x", 8, "big"],
] as const;

describe.each(SHAPES)("an address in %s", (name, wordBytes, endian) => {
  const bytes = readCoreBytes(name);

  it("is explained as its machine has it", async () => {
    const core = scratch.put(`${name}.core`, bytes);
    const info = JSON.parse((await coregram(["info", core, "-f", "json"])).stdout) as {
      rows: { segments: { start: string; savedBytes: number; offset: number; permissions: string }[] }[];
    };
    const place = findPattern(bytes, wordBytes, endian);
    const segment = info.rows[0]?.segments.find(
      ({ offset, savedBytes }) => offset <= place && place < offset + savedBytes,
    );
    if (!segment) throw new Error("no pattern");
    const at = BigInt(segment.start) + BigInt(place - segment.offset);
    const [row] = await whatis(core, `0x${at.toString(16)}`);
    expect(row).toMatchObject({
      address: `0x${at.toString(16)}`,
      memory: "saved",
      segment: { start: segment.start, permissions: "rw-" },
      bytes: Buffer.from(bytes.subarray(place, place + 64)).toString("hex"),
      // pattern[5] is the address of pattern.
      count: naiveCount(bytes, at, wordBytes, endian),
    });
    expect(row?.count).toBeGreaterThan(0);
    expect(row?.bytes?.slice(10 * wordBytes, 12 * wordBytes)).toBe(
      endian === "big"
        ? at.toString(16).padStart(2 * wordBytes, "0")
        : Buffer.from(at.toString(16).padStart(2 * wordBytes, "0"), "hex")
            .reverse()
            .toString("hex"),
    );
  });
});

describe("addresses where nothing is", () => {
  it("are said to be not mapped, not saved, or cut off", async () => {
    const bytes = readCoreBytes("kernel-x86-64");
    const core = scratch.put("kernel.core", bytes);
    const top = "ffffffffffffffff";
    const rows = await whatis(core, "0", "1", top, "ffff800000000000", "0x7FFFFFFFFFFF", "ffffffffff600000");
    expect(rows.map(({ memory }) => memory)).toEqual([
      "not mapped",
      "not mapped",
      "not mapped",
      "not mapped",
      "not mapped",
      "saved",
    ]);
    expect(rows[5]?.segment?.permissions).toBe("--x");
    // The libc's text is mapped and not saved.
    const [text] = await whatis(core, "7fa07ca01eec");
    expect(text).toMatchObject({ memory: "not saved", bytes: null, mapping: { path: /libc/ } });
    const cut = scratch.put("cut.core", bytes.subarray(0, bytes.length - 8192));
    const info = JSON.parse((await coregram(["info", core, "-f", "json"])).stdout) as {
      rows: { segments: { start: string; offset: number; savedBytes: number }[] }[];
    };
    const last = info.rows[0]?.segments.reduce((a, b) => (b.savedBytes > 0 && b.offset > a.offset ? b : a));
    expect((await whatis(cut, last?.start ?? ""))[0]).toMatchObject({ memory: "cut off", bytes: null });
  });

  it("that have a module without a file say so", async () => {
    const [row] = await whatis(made("kernel-x86-64"), "55fa2a9d0000");
    expect(row).toMatchObject({ symbol: null, unnamed: "/tmp/tiny/tiny is not found", memory: "saved" });
    expect((await whatis(made("kernel-x86-64"), "55fa2a9d0000", "--no-modules"))[0]?.unnamed).toBeNull();
    const run = await coregram(["whatis", made("kernel-x86-64"), "55fa2a9d0000", "1", "-q"]);
    expect(run.stdout).toMatch(/^0x55fa2a9d0000 {2}symbol {4}none: \/tmp\/tiny\/tiny is not found\n/);
    expect(run.stdout).toMatch(/^0x1 {2}symbol {4}none\n0x1 {2}segment {3}not mapped: /m);
  });
});

describe("a raw file", () => {
  const words = new BigUint64Array(64).fill(0x1122334455667788n);
  words[3] = 0x7f0000000000n;
  const bytes = new Uint8Array(words.buffer);

  it("has addresses from --base on", async () => {
    const raw = scratch.put("raw", bytes);
    const rows = await whatis(
      raw,
      "7f0000000000",
      "7f00000001f8",
      "7f0000000200",
      "--base",
      "0x7f0000000000",
    );
    expect(rows).toMatchObject([
      { memory: "saved", count: 1, bytes: Buffer.from(bytes.subarray(0, 64)).toString("hex"), mapping: null },
      // The last word of the segment: what is there, and no more.
      { memory: "saved", count: 0, bytes: "8877665544332211" },
      { memory: "not mapped", segment: null, bytes: null },
    ]);
    const top = await whatis(raw, "ffffffffffffffff", "--base", "fffffffffffffe00");
    expect(top[0]).toMatchObject({ memory: "saved", bytes: "11" });
    const out = await coregram(["whatis", raw, "1", "--base", "fffffffffffffe01"]);
    expect(out.status).toBe(2);
    const plain = await whatis(raw, "7f0000000000");
    expect(plain[0]).toMatchObject({ memory: "not mapped", count: 1 });
  });

  it("is read over the borders of segments that touch", async () => {
    const core = scratch.put(
      "touching.core",
      buildElf({
        class: 64,
        endian: "little",
        segments: [1, 2, 3].map((byte) => ({
          type: 1,
          start: BigInt(0x1000 + 16 * byte),
          data: new Uint8Array(16).fill(byte),
        })),
      }),
    );
    const [row] = await whatis(core, "1018");
    expect(row?.bytes).toBe(`${"01".repeat(8)}${"02".repeat(16)}${"03".repeat(16)}`);
  });
});

describe("the command line", () => {
  it("takes several addresses, one twice, with and without 0x", async () => {
    const raw = scratch.put("zeros", new Uint8Array(80));
    const rows = await whatis(raw, "0", "0x0", "0000000000000000", "0X00");
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row).toMatchObject({ address: "0x0", count: 10 });
  });

  it.each(["0xzz", "", "0x", "1 2", "main", "1.5", "\x1b[31m"])("refuses %j with 2", async (text) => {
    const run = await coregram(["whatis", scratch.put("zero", new Uint8Array(8)), "1", text]);
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expect(run.stderr).toMatch(
      /^coregram: ".*" is no address: 1 to 16 hex digits, with or without 0x; (nor is it a path, such as .*|a path is one of objects in a core, and .*\/zero is none)\n/,
    );
    expect(run.stderr).not.toMatch(/\x1b/);
  });

  it("needs an address and a file", async () => {
    expect((await coregram(["whatis", scratch.path("zero")])).status).toBe(2);
    expect((await coregram(["whatis"])).status).toBe(2);
    expect((await coregram(["whatis", scratch.path("missing"), "1"])).status).toBe(1);
  });
});
