import type { Core, Module } from "../image/index.ts";
import { CoregramError, printable } from "../terms/index.ts";

interface Look {
  /** Of a file's name in the process. */
  readonly file: RegExp;
  readonly what: string;
  /** What reads such a process's objects. */
  readonly instead: string | null;
}

/** The first that a module's file name fits; what embeds the others comes before what they are built on. */
const LOOKS: readonly Look[] = [
  {
    file: /^(libpython|python)\d?/,
    what: "a Python of a build that is not known, or whose data is not saved",
    instead: null,
  },
  { file: /^pypy|^libpypy/, what: "PyPy", instead: null },
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

/** Why there are no objects to tell of, what the process looks like, and what to try instead, in one line. */
export function noRuntime(
  name: string,
  reason: string,
  core: Core,
  modules: readonly Module[],
): CoregramError {
  const files = modules.map(({ path }) => path.slice(path.lastIndexOf("/") + 1));
  const look = LOOKS.find(({ file }) => files.some((found) => file.test(found)));
  const command = core.notes.process?.name ?? "";
  const who = command === "" ? "the process" : `the process (${printable(command)})`;
  const kind = look?.what ?? "a program without shared libraries, or its notes do not name them";
  const file = printable(name);
  const instead = look?.instead ? `${look.instead}; ` : "";
  return new CoregramError(
    "format",
    `${file}: ${reason}; ${who} looks like ${kind}: ${instead}coregram ${file} counts its words`,
  );
}
