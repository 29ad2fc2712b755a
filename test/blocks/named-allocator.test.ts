import { expect, it } from "vitest";
import { namedAllocator } from "../../src/blocks/index.ts";
import type { Module } from "../../src/image/index.ts";

const modulesOf = (...paths: readonly string[]): Module[] =>
  paths.map((path, index) => ({
    path,
    start: BigInt(0x7f00_0000_0000 + 0x1_0000 * index),
    end: BigInt(0x7f00_0000_8000 + 0x1_0000 * index),
    ranges: [],
    buildId: null,
    loadBias: null,
    deleted: false,
  })) as unknown as Module[];

it.each([
  ["/usr/lib/x86_64-linux-gnu/libjemalloc.so.2", "jemalloc"],
  ["/opt/lib/libtcmalloc_minimal.so.4.5.10", "tcmalloc"],
  ["/usr/lib/libtcmalloc.so.4", "tcmalloc"],
  ["/usr/lib/x86_64-linux-gnu/libmimalloc.so.2.0", "mimalloc"],
  ["/lib/ld-musl-x86_64.so.1", "musl"],
  ["/lib/libc.musl-aarch64.so.1", "musl"],
  ["/usr/lib/x86_64-linux-musl/libc.so", "musl"],
  ["/lib/x86_64-linux-gnu/libc-2.31.so", "glibc"],
  ["/lib/x86_64-linux-gnu/libc.so.6", "glibc"],
])("%s is %s", (path, name) => {
  expect(namedAllocator(modulesOf("/usr/bin/app", path))).toEqual({ name, path });
});

it("what is preloaded stands before the C library, in whatever order they are mapped", () => {
  const paths = ["/usr/bin/app", "/lib/libc.so.6", "/usr/lib/libjemalloc.so.2"];
  expect(namedAllocator(modulesOf(...paths))?.name).toBe("jemalloc");
  expect(namedAllocator(modulesOf(...paths.toReversed()))?.name).toBe("jemalloc");
});

it.each(["/usr/lib/libc.so", "/data/jemalloc.txt", "/srv/libjemalloc.so.d/notes", "/usr/lib/libmimicry.so"])(
  "%s names none",
  (path) => {
    expect(namedAllocator(modulesOf(path))).toBeNull();
  },
);
