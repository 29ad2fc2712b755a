import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, it } from "vitest";
import { openDescriptorOutput } from "../../../src/commands/shell/descriptor-output.ts";

const folder = mkdtempSync(join(tmpdir(), "coregram-descriptor-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "out");
let fd = -1;
beforeEach(() => {
  fd = openSync(path, "w");
});

const isOpen = (descriptor: number): boolean => {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
};

it.each(["finish", "abandon"] as const)(
  "its own descriptor is closed once by %s, and takes nothing more",
  (end) => {
    const output = openDescriptorOutput(fd, "out", true);
    output.write("text ");
    output.write(Buffer.from("bytes"));
    output[end]();
    expect(readFileSync(path, "utf8")).toBe("text bytes");
    expect(isOpen(fd)).toBe(false);
    expect(() => output.write("more")).toThrow("out cannot be written: it is closed");
    // The number may be another file's by now.
    const next = openSync(path, "r");
    expect(next).toBe(fd);
    output.finish();
    output.abandon();
    expect(isOpen(next)).toBe(true);
    closeSync(next);
  },
);

it("another's descriptor stays open, but takes nothing more", () => {
  const output = openDescriptorOutput(fd, "standard output", false);
  output.write("text");
  output.finish();
  expect(isOpen(fd)).toBe(true);
  expect(() => output.write("more")).toThrow("standard output cannot be written: it is closed");
  closeSync(fd);
});

it("what cannot be closed is an error of finish alone", () => {
  const output = openDescriptorOutput(fd, "out", true);
  const other = openDescriptorOutput(fd, "out", true);
  closeSync(fd);
  expect(() => output.finish()).toThrow("out cannot be written: bad file descriptor (EBADF)");
  expect(() => other.abandon()).not.toThrow();
});
