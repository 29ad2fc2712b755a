import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CompressedInput } from "../../src/bytes/compressed.ts";
import { findCompression } from "../../src/bytes/compressions.ts";
import { decompressed } from "../../src/bytes/index.ts";
import { CoregramError } from "../../src/terms/index.ts";
import { memoryLike } from "./scratch.ts";

const folder = join(import.meta.dirname, "streams");
const streams = readdirSync(folder).filter((file) => /\.(gz|zst|xz|lz4)$/.test(file));

// What make.sh puts into every one of them.
const numbers = Array.from({ length: 100 }, (_, index) => `${index + 1}\n`).join("");
const content = Buffer.concat([
  Buffer.from("0000000000000000 00007f01104e0c70\n".repeat(5000)).subarray(0, 150_000),
  Buffer.from(numbers),
]);

async function* cutInto(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function decompress(file: string, bytes: Uint8Array, chunkBytes = 100_000): Promise<Buffer> {
  const compression = findCompression(bytes);
  if (compression === null) throw new Error("no compressed format");
  const { decompress } = await compression.load();
  const pieces: Buffer[] = [];
  for await (const piece of decompress(
    new CompressedInput(file, compression.name, cutInto(bytes, chunkBytes)),
  )) {
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces);
}

/** Decompressed, or the message it failed with; anything but a CoregramError goes through. */
async function outcome(file: string, bytes: Uint8Array): Promise<Buffer | string> {
  try {
    return await decompress(file, bytes);
  } catch (error) {
    if (error instanceof CoregramError && error.code !== "io") return error.message;
    throw error;
  }
}

const LONGEST_MAGIC = 6;

/** Cuts that leave whole frames, members or streams, which nobody can tell from a whole file. */
const WHOLE_FRAMES: Readonly<Record<string, number>> = {
  "members.gz": 1,
  "padded.gz": 64,
  "frames.zst": 1,
  "skippable.zst": 2,
  "seekable.zst": 1,
  "streams.xz": 3,
  "frames.lz4": 2,
};

describe.each(streams)("%s", (file) => {
  const bytes = readFileSync(join(folder, file));

  test("gives its content, in whatever pieces it comes", async () => {
    for (const chunkBytes of [bytes.length, 1, 7, 64]) {
      expect((await decompress(file, bytes, chunkBytes)).equals(content)).toBe(true);
    }
  });

  test("states no more bytes than it holds", async () => {
    const stated = (await findCompression(bytes)?.load())?.statedBytes?.(
      bytes.subarray(0, 18),
      bytes.subarray(-18),
      bytes.length,
    );
    expect(stated ?? 0).toBeLessThanOrEqual(content.length);
    if (file.startsWith("sized") || file === "member.gz") expect(stated).toBe(content.length);
  });

  test("cut anywhere ends early and says where", async () => {
    let whole = 0;
    for (let length = LONGEST_MAGIC; length < bytes.length; length++) {
      const got = await outcome(file, bytes.subarray(0, length));
      if (typeof got === "string")
        expect(got).toMatch(new RegExp(`^${file}: \\w+ data ends early at byte ${length}$`));
      else {
        expect(content.subarray(0, got.length).equals(got)).toBe(true);
        whole++;
      }
    }
    expect(whole).toBe(WHOLE_FRAMES[file] ?? 0);
  });

  test("with a bit changed fails, or the bit meant nothing", async () => {
    for (let at = LONGEST_MAGIC; at < bytes.length; at += 3) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      const got = await outcome(file, changed);
      // Without checksums only the structure is verified: other content is what was asked for then.
      if (typeof got !== "string" && !file.startsWith("unchecked")) expect(got.equals(content)).toBe(true);
    }
  });

  test("followed by anything but its like is corrupt", async () => {
    const got = await outcome(file, Buffer.concat([bytes, Buffer.from("something else")]));
    expect(got).toMatch(/data is corrupt (at|after) byte \d+: /);
  });
});

test("the streams are all there", () => {
  expect(streams.length).toBe(19);
});

describe.each(["gzip", "zstd", "xz", "lz4"])("%s, where it is installed", (tool) => {
  const installed = (() => {
    try {
      execFileSync(tool, ["--version"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  })();

  test.skipIf(!installed)("packs large memory that comes back whole", async () => {
    const large = Buffer.concat([Buffer.alloc(3_000_000), memoryLike(3_000_000)]);
    for (const level of ["-1", "-9"]) {
      const packed = execFileSync(tool, ["-q", "-c", level], { input: large, maxBuffer: 1e8 });
      for (const chunkBytes of [1000, 262_144, packed.length]) {
        expect((await decompress(tool, packed, chunkBytes)).equals(large)).toBe(true);
      }
    }
  });

  test.skipIf(!installed)("cut gives as much as the tool does, and is said to be cut", async () => {
    const large = Buffer.concat([memoryLike(1_500_000), Buffer.alloc(1_500_000), memoryLike(1_000_000)]);
    const packed = execFileSync(tool, ["-q", "-c"], { input: large, maxBuffer: 1e8 });
    for (const share of [0.3, 0.7, 0.99]) {
      const cut = packed.subarray(0, Math.floor(share * packed.length));
      const { stdout } = spawnSync(tool, ["-dqc"], { input: cut, maxBuffer: 1e8 });
      const { pieces, isCut } = await decompressed("cut", cutInto(cut, 100_000));
      let got = 0;
      await expect(
        (async () => {
          for await (const piece of pieces) {
            expect(large.subarray(got, got + piece.length).equals(piece)).toBe(true);
            got += piece.length;
          }
        })(),
      ).rejects.toThrow(`${tool} data ends early at byte ${cut.length}`);
      expect(isCut()).toBe(true);
      // What a decoder gives of a part of a block of zstd's, or with the last bytes that xz needs in advance, is its own affair.
      const kept = { zstd: 131_072, xz: 1024 }[tool] ?? 0;
      expect(got).toBeGreaterThanOrEqual(stdout.length - kept);
    }
  });
});
