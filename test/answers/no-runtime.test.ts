import { expect, it } from "vitest";
import { noRuntime } from "../../src/answers/no-runtime.ts";
import type { Module } from "../../src/image/index.ts";
import { openPlan } from "../image/open-plan.ts";

/** A page of memory that may be a heap. */
const WRITABLE = [{ type: 1, flags: 6, start: 0x1000n, data: new Uint8Array(4096) }];

/** What is said of a process that has these files mapped. */
function saidOf(...files: readonly string[]): string {
  const modules: unknown = files.map((path) => ({ path }));
  const { code, message } = noRuntime("a\tcore", "no CPython", openPlan(WRITABLE), modules as Module[]);
  expect(code).toBe("format");
  return message
    .replace("a\\x09core: no CPython; the process looks like ", "")
    .replace(/: (?=coregram )/, "; ");
}

it.each([
  [["/usr/lib/libpython3.11.so.1.0", "/lib/libc.so.6"], /^a Python of a build that is not known/],
  [["/usr/bin/python3.6"], /^a Python of a build/],
  [["/opt/pypy/bin/pypy3"], /^PyPy: gc\.dump_rpy_heap\(FILE\), .*; coregram/],
  [["/opt/libpypy3-c.so"], /^PyPy: /],
  [["/usr/bin/python2.7", "/lib/libc.so.6"], /^Python 2: guppy's heapy, .*; coregram/],
  [["/usr/lib/libpython2.7.so.1.0"], /^Python 2: /],
  [["/opt/graalpy/bin/graalpy", "/jre/libjvm.so"], /^GraalPy: a heap dump .*; coregram/],
  [["/opt/graalpy/lib/libpythonvm.so"], /^GraalPy: /],
  [["/usr/bin/micropython"], /^MicroPython: micropython\.mem_info\(1\), .*; coregram/],
  [["/usr/bin/node", "/usr/lib/libstdc++.so.6"], /^Node\.js: llnode, or a heap snapshot .*; coregram/],
  [["/usr/lib/libnode.so.115"], /^Node\.js: /],
  [["/usr/bin/nodeenv"], /^a program without shared libraries/],
  [["/jre/libjvm.so"], /^a Java VM: jhsdb/],
  [["/dotnet/libcoreclr.so"], /^\.NET: dotnet-dump/],
  [["/usr/bin/ruby3.1"], /^Ruby; /],
  [["/usr/lib/libruby-3.1.so"], /^Ruby; /],
  [["/usr/bin/perl5.36.0"], /^Perl; /],
  [["/usr/bin/php-fpm8.2"], /^PHP; /],
  [["/usr/bin/php8.2"], /^PHP; /],
  [["/usr/bin/phpize.sh"], /^a program without/],
  [["/lib/libc.so.6", "/lib/libstdc++.so.6"], /^a C\+\+ program: chap has malloc's blocks and C\+\+/],
  [["/lib/libc++.so.1"], /^a C\+\+ program: /],
  [["/lib/libc.so.6"], /^a C program, or what is built like one: chap has malloc's blocks; coregram/],
  [["/lib/libc-2.31.so"], /^a C program/],
  [["/lib/ld-musl-x86_64.so.1"], /^a C program/],
  [
    [],
    /^a program without shared libraries, or its notes do not name them; coregram a\\x09core counts its words$/,
  ],
])("a process with %j looks like what it is", (files, text) => {
  expect(saidOf(...files)).toMatch(text);
});

it.each([
  ["nothing", []],
  ["only what is not writable", [{ type: 1, flags: 4, start: 0x1000n, data: new Uint8Array(4096) }]],
  ["of a heap nothing", [{ type: 1, flags: 6, start: 0x1000n, data: new Uint8Array(0), memoryBytes: 4096n }]],
])("a core in which %s was saved is told to have no heap, and how to get one", (_, segments) => {
  const { message } = noRuntime("core", "no CPython", openPlan(segments), []);
  expect(message).toMatch(/^core: no writable memory was saved in it, and so no heap: echo 0x3f > /);
});

it("a core whose notes were cut off is not taken for a program without libraries", () => {
  const core = openPlan([...WRITABLE, { type: 1, flags: 6, start: 0x9000n, data: new Uint8Array(64) }]);
  const cut = { ...core, missingBytes: 4096n };
  expect(noRuntime("core", "no threads of a Python", cut, []).message).toBe(
    "core: no threads of a Python: it was cut short, and what says which threads and files it had is lost; coregram core counts its words",
  );
});
