import type { Module } from "../image/index.ts";

/** What a process looks like by the files that it has mapped. */
export interface Look {
  /** Of a file's name in the process. */
  readonly file: RegExp;
  readonly what: string;
  /** What reads such a process's objects. */
  readonly instead: string | null;
}

/** The first that a module's file name fits; what embeds the others comes before what they are built on. */
const LOOKS: readonly Look[] = [
  {
    file: /^(libpython|python)2/,
    what: "Python 2",
    instead: "guppy's heapy, in the process, has its objects",
  },
  {
    file: /^graalpy|^libpythonvm/,
    what: "GraalPy",
    instead: "a heap dump of its Java VM (jcmd PID GC.heap_dump) has its objects",
  },
  {
    file: /^micropython/,
    what: "MicroPython",
    instead: "micropython.mem_info(1), in the process, has its blocks",
  },
  {
    file: /^(libpython|python)\d?/,
    what: "a Python of a build that is not known, or whose data is not saved",
    instead: null,
  },
  {
    file: /^pypy|^libpypy/,
    what: "PyPy",
    instead: "gc.dump_rpy_heap(FILE), in the process, writes its objects",
  },
  {
    file: /^(node|nodejs)$|^libnode\.so/,
    what: "Node.js",
    instead: "llnode, or a heap snapshot (node --heapsnapshot-signal), has its objects",
  },
  { file: /^libjvm\.so/, what: "a Java VM", instead: "jhsdb jmap --binaryheap has its objects" },
  { file: /^libcoreclr\.so/, what: ".NET", instead: "dotnet-dump analyze has its objects" },
  { file: /^ruby\d*|^libruby/, what: "Ruby", instead: null },
  { file: /^perl\d*|^libperl/, what: "Perl", instead: null },
  { file: /^php(-fpm)?[\d.]*$|^libphp/, what: "PHP", instead: null },
  {
    file: /^libstdc\+\+\.so|^libc\+\+\.so/,
    what: "a C++ program",
    instead: "chap has malloc's blocks and C++ objects",
  },
  {
    file: /^(libc|libc-[\d.]+|ld-musl-[\w-]+)\.so/,
    what: "a C program, or what is built like one",
    instead: "chap has malloc's blocks",
  },
];

/** The first look that one of the modules has; null where none of them says anything. */
export function lookOf(modules: readonly Module[]): Look | null {
  const files = fileNames(modules);
  return LOOKS.find(({ file }) => files.some((found) => file.test(found))) ?? null;
}

/** `3.11`, by what its program or its library is called; null where neither says. */
export function pythonVersion(modules: readonly Module[]): string | null {
  for (const file of fileNames(modules)) {
    const [, version] = /^(?:lib)?python(\d\.\d+)/.exec(file) ?? [];
    if (version !== undefined) return version;
  }
  return null;
}

function fileNames(modules: readonly Module[]): string[] {
  return modules.map(({ path }) => path.slice(path.lastIndexOf("/") + 1));
}
