import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { buildElf } from "../elf/build-elf.ts";
import { CORES, readCoreBytes } from "../elf/memory-bytes.ts";
import { canDump, dump, tool, Workshop } from "./live.ts";
import { coregram, Scratch } from "./program.ts";

const scratch = new Scratch();
type Shape = { readonly bytes: 4 | 8; readonly endian: "little" | "big" };
const USUAL: Shape = { bytes: 8, endian: "little" };

interface Piece {
  readonly offset: number;
  readonly start: bigint;
  readonly bytes: number;
  readonly writable: boolean;
}

/** The saved segments, as readelf has them. */
function segmentsOf(path: string): Piece[] {
  return [
    ...(tool("readelf", "-lW", path) ?? "").matchAll(/^ {2}LOAD +(0x\S+) (0x\S+) \S+ (0x\S+) \S+ (.{3})/gm),
  ].map(([, offset, start = "0", bytes, flags]) => ({
    offset: Number(offset),
    start: BigInt(start),
    bytes: Number(bytes),
    writable: flags?.[1] === "W",
  }));
}

/** Mappings whose names say that others have them too, as eu-readelf has them. */
function sharedOf(path: string): [bigint, bigint][] {
  const notes = tool("eu-readelf", "-n", path) ?? "";
  return [...notes.matchAll(/^ +([0-9a-f]+)-([0-9a-f]+) [0-9a-f]+ \d+ +(\S.*)$/gm)].flatMap(
    ([, start, end, file = ""]) =>
      /^\/dev\/shm\/|^\/memfd:|^\/SYSV|^\/dev\/zero \(deleted\)/.test(file)
        ? [[BigInt(`0x${start}`), BigInt(`0x${end}`)]]
        : [],
  );
}

/** All rows, counted one word at a time, as uniq and sort would print them. */
function naiveRows(bytes: Uint8Array, pieces: readonly Piece[], { bytes: width, endian }: Shape): string {
  const counts = new Map<bigint, number>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { offset, bytes: length } of pieces) {
    for (let at = offset; at < offset + length; at += width) {
      const word =
        width === 8
          ? view.getBigUint64(at, endian === "little")
          : BigInt(view.getUint32(at, endian === "little"));
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? 1 : -1))
    .map(([word, count]) => `${String(count).padStart(7)} ${word.toString(16).padStart(2 * width, "0")}\n`)
    .join("");
}

/** Segments cut at the borders of what is shared. */
function withoutShared(pieces: readonly Piece[], shared: readonly [bigint, bigint][]): Piece[] {
  let left = [...pieces];
  for (const [start, end] of shared) {
    left = left.flatMap((piece) => {
      const pieceEnd = piece.start + BigInt(piece.bytes);
      if (end <= piece.start || start >= pieceEnd) return [piece];
      const before = start > piece.start ? Number(start - piece.start) : 0;
      const after = end < pieceEnd ? Number(pieceEnd - end) : 0;
      return [
        { ...piece, bytes: before },
        {
          ...piece,
          offset: piece.offset + piece.bytes - after,
          start: pieceEnd - BigInt(after),
          bytes: after,
        },
      ].filter(({ bytes }) => bytes > 0);
    });
  }
  return left;
}

/** The account on stderr: all its numbers. */
function account(stderr: string): { counted: number; file: number; leftOut: number[] } {
  const [, counted = "", file = "", rest = ""] =
    /^coregram: scope \w+: ([\d,]+) of ([\d,]+) bytes; left out: (.*)$/m.exec(stderr) ?? [];
  const number = (text: string) => Number(text.replaceAll(",", ""));
  return {
    counted: number(counted),
    file: number(file),
    leftOut: (rest.match(/\d[\d,]*(?= )/g) ?? []).map(number),
  };
}

async function check(path: string, bytes: Uint8Array, shape: Shape): Promise<void> {
  const pieces = segmentsOf(path);
  const shared = sharedOf(path);
  const scopes = {
    memory: pieces,
    writable: withoutShared(
      pieces.filter(({ writable }) => writable),
      shared,
    ),
  };
  for (const [scope, expected] of Object.entries(scopes)) {
    const args = shape === USUAL ? [] : ["--word", String(shape.bytes), "--endian", shape.endian];
    const run = await coregram([path, "--all", "--no-names", "--scope", scope, ...args]);
    expect(run.status).toBe(0);
    expect(run.stdout === naiveRows(bytes, expected, shape), `${scope} of ${path}`).toBe(true);
    const { counted, file, leftOut } = account(run.stderr);
    expect(file).toBe(bytes.length);
    expect(counted).toBe(expected.reduce((sum, piece) => sum + piece.bytes, 0));
    expect(leftOut).toHaveLength(scope === "memory" ? 1 : 3);
    expect(leftOut.reduce((sum, part) => sum + part, counted)).toBe(file);
    if (scope === "writable")
      expect(leftOut[2]).toBe(
        pieces.filter(({ writable }) => writable).reduce((sum, piece) => sum + piece.bytes, 0) - counted,
      );
    expect((await coregram([path, "--no-names", "--scope", scope, "-q"])).stderr).toBe("");
  }
}

const hasReadelf = ["readelf", "eu-readelf"].every((name) => tool(name, "--version") !== null);

describe.skipIf(!hasReadelf).each(CORES)("the scopes of %s", (name) => {
  const bytes = readCoreBytes(name);
  let path = "";
  beforeAll(() => {
    path = scratch.put(`${name}.core`, bytes);
  });

  it("hold the words that a naive count of readelf's segments has", async () => {
    await check(path, bytes, USUAL);
  });

  it("do so for the core's own words", async () => {
    const wide = !/i386|arm/.test(name);
    await check(path, bytes, {
      bytes: wide ? 8 : 4,
      endian: /ppc64|s390x/.test(name) ? "big" : "little",
    });
  });

  it("suggest its own words in one line, where those are others", async () => {
    const run = await coregram([path, "--no-names"]);
    const hint =
      {
        "kernel-i386": "a 32-bit little-endian i386 core: --word 4 counts its own words",
        "qemu-arm": "a 32-bit little-endian arm core: --word 4 counts its own words",
        "qemu-ppc64": "a 64-bit big-endian ppc64 core: --endian big counts its own words",
        "qemu-s390x": "a 64-bit big-endian s390x core: --endian big counts its own words",
      }[name as string] ?? null;
    expect(run.stderr).toBe(hint === null ? "" : `coregram: ${hint}\n`);
    const told = hint?.match(/--\w+ \w+/)?.[0].split(" ") ?? [];
    expect((await coregram([path, "--no-names", ...told])).stderr).toBe("");
  });
});

/** The core with its segments so many bytes further on in the file, as gcore placed them until gdb 8. */
function shifted(bytes: Uint8Array, by: number): Uint8Array {
  const view = new DataView(bytes.slice().buffer);
  const end = Number(view.getBigUint64(32, true)) + 56 * view.getUint16(56, true);
  for (let at = end - 56; at >= 64; at -= 56) {
    view.setBigUint64(at + 8, view.getBigUint64(at + 8, true) + BigInt(by), true);
  }
  const sections = view.getBigUint64(40, true);
  view.setBigUint64(40, sections === 0n ? 0n : sections + BigInt(by), true);
  const moved = new Uint8Array(view.buffer);
  return new Uint8Array([...moved.subarray(0, end), ...new Uint8Array(by), ...moved.subarray(end)]);
}

describe.each(["kernel-x86-64", "gcore-x86-64"] as const)(
  "a %s core whose words stand between the file's",
  (name) => {
    const bytes = readCoreBytes(name);
    const rows = ["--all", "--no-names"];

    it("says so, and is counted whole as memory", async () => {
      const path = scratch.put("shifted.core", shifted(bytes, 4));
      const usual = scratch.put("usual.core", bytes);
      const run = await coregram([path, ...rows]);
      const saved = segmentsOf(path).reduce((sum, piece) => sum + piece.bytes, 0);
      const [said, file] = [saved, bytes.length + 4].map((count) => count.toLocaleString("en"));
      expect(run.stderr).toBe(
        `coregram: ${said} of ${file} bytes are memory whose words the file's cut in two: --scope memory counts them whole\n`,
      );
      // All of the file as it is in the file, its last word filled up with zeros: that is what was asked for.
      const padded = new Uint8Array(Math.ceil((bytes.length + 4) / 8) * 8);
      padded.set(shifted(bytes, 4));
      const all = { offset: 0, start: 0n, bytes: padded.length, writable: true };
      expect(run.stdout === naiveRows(padded, [all], USUAL)).toBe(true);
      const memory = await coregram([path, ...rows, "--scope", "memory"]);
      expect(memory.stderr).toMatch(/^coregram: scope memory: [^\n]*\n$/);
      expect(memory.stdout).toBe((await coregram([usual, ...rows, "--scope", "memory"])).stdout);
    });

    it("says nothing where they are words of the file too", async () => {
      const by8 = scratch.put("by8.core", shifted(bytes, 8));
      expect((await coregram([by8, ...rows])).stderr).toBe("");
      const by4 = scratch.put("by4.core", shifted(bytes, 4));
      expect((await coregram([by4, ...rows, "--word", "4"])).stderr).toBe("");
    });
  },
);

it("what is shared by name is not in the writable scope of the committed cores", async () => {
  for (const name of ["kernel-x86-64", "gcore-x86-64"] as const) {
    const path = scratch.put("shared.core", readCoreBytes(name));
    const [memory, writable] = await Promise.all(
      ["memory", "writable"].map((scope) =>
        coregram([path, "--scope", scope, "--min-count", "500", "--no-names"]),
      ),
    );
    expect(memory?.stdout).toMatch(/^ {4}512 000000005a5a0001$/m);
    expect(writable?.stdout).not.toMatch(/5a5a000/);
    expect(writable?.stdout).toMatch(/^ {4}512 00000000a110c001$/m);
  }
});

it.skipIf(!canDump || !hasReadelf)("a core made on the spot", async () => {
  const shop = new Workshop(scratch.sub("shop"));
  shop.build("-o", "main", "main.c", "own.c");
  const { core } = await dump(shop.path("main"), [], shop.path("core"));
  await check(core, new Uint8Array(readFileSync(core)), USUAL);
});

describe("what has no memory to scope", () => {
  it("a plain file, unless it has a base", async () => {
    const raw = scratch.put("raw", new Uint8Array(80).fill(1));
    const run = await coregram([raw, "--scope", "memory"]);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toMatch(
      /^coregram: --scope memory needs an ELF core, or --base ADDR: \S+ is a plain file\n$/,
    );
    const based = await coregram([raw, "--scope", "writable", "--base", "1000"]);
    expect(based.stdout).toBe("     10 0101010101010101\n");
    // Words are aligned to their address.
    const odd = await coregram([raw, "--scope", "memory", "--base", "1003"]);
    expect(odd.stdout).toMatch(/^ {6}9 0101010101010101\n {6}1 0000000000000001|^ {6}9 /);
    expect(odd.stderr).toMatch(/left out: 0 that are no memory, 5 before the first aligned word/);
  });

  it("a core without segments", async () => {
    const bare = scratch.put("bare.core", buildElf({ class: 64, endian: "little" }));
    const run = await coregram([bare, "--scope", "memory"]);
    expect(run).toMatchObject({ status: 0, stdout: "" });
    expect(run.stderr).toBe(
      "coregram: scope memory: 0 of 64 bytes; left out: 64 that are no memory\ncoregram: no rows: nothing matches\n",
    );
  });
});
