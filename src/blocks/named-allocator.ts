import type { Module } from "../image/index.ts";

/** An allocator by the name of a module that has it. */
export interface NamedAllocator {
  readonly name: "jemalloc" | "tcmalloc" | "mimalloc" | "musl" | "glibc";
  readonly path: string;
}

/**
 * By the names of their files, the ones that replace the C library's malloc first: they are preloaded, or the program is
 * linked with them. `libc.so` alone is musl's where its folder says so, as Debian has it.
 */
const ALLOCATORS: readonly (readonly [NamedAllocator["name"], RegExp])[] = [
  ["jemalloc", /(?:^|\/)libjemalloc[^/]*\.so[^/]*$/],
  ["tcmalloc", /(?:^|\/)libtcmalloc[^/]*\.so[^/]*$/],
  ["mimalloc", /(?:^|\/)libmimalloc[^/]*\.so[^/]*$/],
  ["musl", /(?:^|\/)(?:ld-musl-[^/]*|libc\.musl-[^/]*|[^/]*-linux-musl\/libc\.so)$/],
  ["glibc", /(?:^|\/)libc(?:\.so\.6|-2\.\d+\.so)$/],
];

/** Whose malloc a process has, as far as its modules' names tell; null where none does: linked statically, or another. */
export function namedAllocator(modules: readonly Module[]): NamedAllocator | null {
  for (const [name, pattern] of ALLOCATORS)
    for (const { path } of modules) if (pattern.test(path)) return { name, path };
  return null;
}
