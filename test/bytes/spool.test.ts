import { mkdirSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isFileSource, readAt, Spool, sharedBytes } from "../../src/bytes/index.ts";
import { failureOf, makeScratch, memoryLike, readAll } from "./scratch.ts";

const { folder } = makeScratch();
const room = async () => null;

describe("a spool", () => {
  test("has no name from the start, and gives back what was appended", async () => {
    const here = join(folder, "spool");
    mkdirSync(here);
    const spool = await Spool.create(here, 0, room);
    expect(readdirSync(here)).toEqual([]);
    const bytes = memoryLike(5_000_000);
    // Pieces around the size of its buffer, each overwritten after its promise.
    let at = 0;
    for (const length of [1, 0, 1_048_575, 1_048_576, 1_048_577, 7, 1_854_264]) {
      const piece = Uint8Array.from(bytes.subarray(at, at + length));
      await spool.append(piece);
      piece.fill(0xee);
      at += length;
      expect(spool.size).toBe(at);
    }
    expect(at).toBe(bytes.length);
    const source = await spool.finish("-");
    expect(source.name).toBe("-");
    expect(readAll(source).equals(bytes)).toBe(true);
    if (process.platform === "linux")
      expect(readlinkSync(`/proc/self/fd/${isFileSource(source) ? source.fd : -1}`)).toMatch(/\(deleted\)$/);
    source.close();
  });

  test("of a mebibyte at the most stays in memory, where threads can read it", async () => {
    const bytes = memoryLike(2 ** 20 + 1);
    for (const length of [0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1]) {
      const spool = await Spool.create(folder, length, room);
      for (let at = 0; at < length; at += 300_000)
        await spool.append(bytes.subarray(at, Math.min(length, at + 300_000)));
      const source = await spool.finish("-");
      expect(isFileSource(source)).toBe(length > 2 ** 20);
      expect(spool.isFile).toBe(length > 2 ** 20);
      expect(source.size).toBe(length);
      expect(readAll(source).equals(bytes.subarray(0, length))).toBe(true);
      expect(source.read(length, new Uint8Array(8))).toBe(0);
      const last = new Uint8Array(Math.min(5, length));
      readAt(structuredClone(sharedBytes(source)), length - last.length, last);
      expect(last).toEqual(Uint8Array.from(bytes.subarray(length - last.length, length)));
      source.close();
    }
  });

  test("that cannot fit is refused before it is made", async () => {
    const failure = await failureOf(() => Spool.create(folder, 5 * 2 ** 30, async () => 300 * 2 ** 20));
    expect(failure.code).toBe("limit");
    expect(failure.message).toBe(
      `temporary files need at least 5.0 GiB, ${folder} has 300.0 MiB free; set TMPDIR to a folder with more`,
    );
    (await Spool.create(folder, 300, async () => 300)).discard();
  });

  test("without its folder is a clear error", async () => {
    const missing = join(folder, "missing");
    const asked = () => Spool.create(missing, 2 ** 30);
    const written = async () => (await Spool.create(missing, 0)).append(new Uint8Array(2 ** 20));
    for (const act of [asked, written]) {
      const failure = await failureOf(act);
      expect(failure.code).toBe("io");
      expect(failure.message).toBe(
        `no temporary file in ${folder}/missing: no such file; TMPDIR names another folder`,
      );
    }
  });
});
