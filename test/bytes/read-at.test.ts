import { closeSync, openSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { bytesSource, isFileSource, openFile, readAt } from "../../src/bytes/index.ts";
import { makeScratch, memoryLike } from "./scratch.ts";

const { put } = makeScratch();
const bytes = memoryLike(1000);
const path = put("bytes", bytes);
const file = { name: "bytes\x1b", fd: openSync(path, "r") };
afterAll(() => closeSync(file.fd));

test("what is asked for is read from its position, whole", () => {
  const into = new Uint8Array(300);
  readAt(file, 700, into);
  expect(Buffer.from(into)).toEqual(bytes.subarray(700));
  readAt(file, 2000, into.subarray(0, 0));
  expect(Buffer.from(into)).toEqual(bytes.subarray(700));
});

test("a file that ends before is an error with the place of its end", () => {
  expect(() => readAt(file, 700, new Uint8Array(301))).toThrow(
    expect.objectContaining({
      code: "changed",
      message: "bytes\\x1b: became shorter while it was read: nothing at 0x3e8",
    }),
  );
  expect(() => readAt({ ...file, name: "-" }, 1000, new Uint8Array(1))).toThrow(/^standard input: became/);
});

test("what the system says is an error with the place", () => {
  const shut = { name: "shut", fd: openSync(path, "r") };
  closeSync(shut.fd);
  expect(() => readAt(shut, 16, new Uint8Array(1))).toThrow(
    expect.objectContaining({
      code: "io",
      message: expect.stringMatching(/^shut: cannot be read at 0x10: EBADF/),
    }),
  );
});

test("a file has a descriptor for threads, bytes in memory have none", () => {
  const source = openFile(path);
  expect(isFileSource(source)).toBe(true);
  source.close();
  expect(isFileSource(bytesSource("memory", bytes))).toBe(false);
});
