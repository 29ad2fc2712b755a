import { execFileSync } from "node:child_process";
import { closeSync, fstatSync, mkdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openFile } from "../../src/bytes/index.ts";
import { failureOf, makeScratch, memoryLike, readAll } from "./scratch.ts";

const { folder, put } = makeScratch();

describe("a regular file", () => {
  test("is read at any position, and less than asked for only at its end", () => {
    const bytes = memoryLike(10_000);
    const source = openFile(put("plain", bytes));
    expect(source.size).toBe(10_000);
    expect(readAll(source)).toEqual(bytes);
    const into = new Uint8Array(100);
    expect(source.read(4_321, into)).toBe(100);
    expect(Buffer.from(into)).toEqual(bytes.subarray(4_321, 4_421));
    expect(source.read(9_990, into)).toBe(10);
    expect(source.read(10_000, into)).toBe(0);
    expect(source.read(20_000, into)).toBe(0);
    source.close();
    expect(() => fstatSync(source.fd)).toThrow("EBADF");
  });

  test("is closed once only", () => {
    const source = openFile(put("once", Buffer.alloc(1)));
    source.close();
    const other = openFile(put("other", Buffer.alloc(1)));
    source.close();
    expect(fstatSync(other.fd).size).toBe(1);
    closeSync(other.fd);
  });

  test("that becomes shorter is an error with the numbers", async () => {
    const path = put("shrinks", memoryLike(10_000));
    const source = openFile(path);
    truncateSync(path, 4_096);
    const failure = await failureOf(() => source.read(4_000, new Uint8Array(200)));
    expect(failure.code).toBe("changed");
    expect(failure.message).toBe(`${path}: became shorter while it was read: nothing at 0x1000`);
    expect(source.read(0, new Uint8Array(4_096))).toBe(4_096);
    source.close();
  });

  test("that becomes longer is read up to its first size", () => {
    const path = put("grows", Buffer.from("12345678"));
    const source = openFile(path);
    put("grows", Buffer.from("12345678 and more"));
    expect(source.read(0, new Uint8Array(100))).toBe(8);
    source.close();
  });

  test("is all that it opens", async () => {
    const fifo = join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    mkdirSync(join(folder, "sub"));
    for (const [path, message] of [
      [join(folder, "missing"), `${folder}/missing: no such file`],
      [
        join(folder, "shrinks", "below"),
        `${folder}/shrinks/below: no such file, a part of its path is not a directory`,
      ],
      [join(folder, "sub"), `${folder}/sub is a directory`],
      [fifo, `${fifo} is a pipe`],
      ["/dev/null", "/dev/null is a character device"],
      [`${folder}/${"x".repeat(300)}`, `${folder}/${"x".repeat(300)}: name too long`],
      [`${folder}/\x1b[2J`, `${folder}/\\x1b[2J: no such file`],
    ] as const) {
      const failure = await failureOf(() => openFile(path));
      expect(failure.code).toBe("io");
      expect(failure.message).toBe(message);
    }
  });
});
