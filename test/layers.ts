import { posix } from "node:path";

/** The rooms of src/, lowest first: a room imports from rooms before it, and from those only their index.ts. */
export const ROOMS = [
  "terms",
  "bytes",
  "kernel",
  "words",
  "elf",
  "image",
  "symbols",
  "blocks",
  "runtimes",
  "heap",
  "answers",
  "views",
  "report",
  "commands",
] as const;

/**
 * Files beside a room's index.ts that rooms above it may import: what they need of it alone. A program's start takes as
 * long as what it loads, and an index brings all of its room.
 */
const DOORS: readonly { readonly of: RegExp; readonly to: readonly string[] }[] = [
  { of: /^answers\/results\/index\.ts$/, to: ["views", "report", "commands"] },
  // Lists of plain literals that columns are made of.
  { of: /^runtimes\/(balance|root-kinds)\.ts$/, to: ["answers"] },
  // A command loads the answer that it gives, and no other.
  { of: /^answers\/[\w-]+\.ts$/, to: ["commands"] },
  // Few runs ask a living process.
  { of: /^image\/live\/open\.ts$/, to: ["commands"] },
];

/** Rooms that a room must not know although they are lower. */
const BARRED: Readonly<Record<string, readonly string[]>> = { heap: ["blocks", "runtimes"] };

/** What only src/commands may touch. */
const OUTSIDE = [
  // A local of that name, from a core's notes, is null at times and read with `?.`; a path ends in `/process.ts`.
  { what: "process", pattern: /(?<![.\w/])process\s*[.[]|\bglobalThis\.process\b|\bnode:process\b/ },
  { what: "console", pattern: /\bconsole\s*\.|\bnode:console\b/ },
  {
    what: "the clock",
    pattern: /\bperformance\s*\.|\bDate\.now\b|\bnew Date\s*\(\s*\)|\bhrtime\b|\bnode:perf_hooks\b/,
  },
] as const;

/**
 * The parts of a room, a folder or a file, lowest first: a part imports from parts before it. `*` is all that is not
 * listed.
 */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  answers: ["results", "*"],
  image: ["*", "modules", "target", "identity", "live", "index"],
  kernel: ["abi", "*", "tasks", "crew", "worker", "index"],
  "runtimes/cpython": [
    "structs",
    "opcodes",
    "layout",
    "types",
    "bytecode",
    "python-memory",
    "objects",
    "values",
    "threads",
    "refusals",
    "python",
    "edges",
    "labels",
    "roots",
    "*",
  ],
  symbols: ["demangle", "table", "modules", "maps", "index"],
};

/** Imports between parts that go up, each with the reason, or with what would have to move. */
export const KNOWN_RISES: Readonly<Record<string, string>> = {
  "image/process.ts: image/process is below modules": "the process's name is that of its first module",
  "runtimes/cpython/python-memory.ts: runtimes/cpython/python-memory is below objects":
    "it hands out the plans of sizes",
  "runtimes/cpython/layout/debug-offsets.ts: runtimes/cpython/layout is below objects":
    "_PyRuntime is searched where static objects lie",
  "runtimes/cpython/layout/debug-offsets.ts: runtimes/cpython/layout is below types":
    "a version is told by types, which are read before it is known",
  "runtimes/cpython/layout/detect.ts: runtimes/cpython/layout is below types":
    "a version is told by types, which are read before it is known",
  "runtimes/cpython/objects/containers.ts: runtimes/cpython/objects is below python":
    "a question asked of the whole heap, which belongs above python",
  "runtimes/cpython/objects/strings.ts: runtimes/cpython/objects is below python":
    "a question asked of the whole heap, which belongs above python",
  "runtimes/cpython/objects/strings.ts: runtimes/cpython/objects is below values":
    "a question asked of the whole heap, which belongs above python",
  "runtimes/cpython/threads/thread-frames.ts: runtimes/cpython/threads is below python":
    "it takes Python's type alone",
  "runtimes/cpython/types/type-names.ts: runtimes/cpython/types is below python-memory":
    "it names types without a reading of the heap, and belongs beside python",
  "symbols/table/address-name.ts: symbols/table is below maps": "a map format of our own tables",
  "symbols/table/name-pool.ts: symbols/table is below maps": "pages of text, which both use",
};

/** Where files refer to each other in a circle, and why. */
export const KNOWN_CIRCLES: readonly { readonly within: string; readonly why: string }[] = [
  { within: "symbols/demangle/", why: "a grammar whose types, names and expressions hold each other" },
];

// Static, side-effect and dynamic imports, and re-exports. Text in strings and comments that looks like one counts
// as one, which errs on the safe side.
const IMPORT = /\b(?:from|import)\s*\(?\s*["'`]([^"'`\n]+)["'`]/g;

/**
 * What a file of src/ does that its room may not; empty where all is well.
 * @param path of the file, from src/ on, with forward slashes
 */
export function layerFaults(path: string, text: string): string[] {
  const faults: string[] = [];
  const room = roomOf(path);
  if (room === null) return [`${path}: is in no room`];
  const code = withoutComments(text);
  for (const [, target] of code.matchAll(IMPORT)) {
    if (target?.startsWith("."))
      faults.push(...importFaults(path, room, posix.join(posix.dirname(path), target)));
    else if (target?.startsWith("/")) faults.push(`${path}: imports ${target}`);
  }
  if (room !== "commands")
    for (const { what, pattern } of OUTSIDE) if (pattern.test(code)) faults.push(`${path}: touches ${what}`);
  return faults;
}

function importFaults(path: string, room: string, target: string): string[] {
  const other = roomOf(target);
  if (other === null) return [`${path}: imports ${target}, which is in no room`];
  if (other === room) return [];
  const faults: string[] = [];
  if (order(other) > order(room)) faults.push(`${path}: ${room} is below ${other}`);
  if (BARRED[room]?.includes(other)) faults.push(`${path}: ${room} must not know ${other}`);
  const isDoor = DOORS.some(({ of, to }) => of.test(target) && to.includes(room));
  if (target !== `${other}/index.ts` && !isDoor)
    faults.push(`${path}: imports ${target}, not ${other}/index.ts`);
  return faults;
}

/**
 * Imports of a file that go from a part of its room to a higher one.
 * @returns `from → to` of parts, with the file
 */
export function partFaults(path: string, text: string): string[] {
  const faults: string[] = [];
  for (const target of relativeImports(path, text)) {
    for (const [room, parts] of Object.entries(PARTS)) {
      const [from, to] = [partOf(room, path), partOf(room, target)];
      if (from === null || to === null || from === to) continue;
      const rank = (part: string) => parts.indexOf(parts.includes(part) ? part : "*");
      if (rank(to) > rank(from)) faults.push(`${path}: ${room}/${from} is below ${to}`);
    }
  }
  return [...new Set(faults)];
}

/** The part of a room that the path lies in: a folder or a file; null where it lies elsewhere. */
function partOf(room: string, path: string): string | null {
  if (!path.startsWith(`${room}/`)) return null;
  return (
    path
      .slice(room.length + 1)
      .split("/")[0]
      ?.replace(/\.ts$/, "") ?? null
  );
}

/** Relative imports of a file, as paths from src/ on. */
function relativeImports(path: string, text: string): string[] {
  return [...withoutComments(text).matchAll(IMPORT)].flatMap(([, target]) =>
    target?.startsWith(".") ? [posix.join(posix.dirname(path), target)] : [],
  );
}

/**
 * Circles of imports, also of types alone, each as the files that it runs through, in the order of a walk by depth.
 * @param files paths from src/ on, and their texts
 */
export function importCycles(files: ReadonlyMap<string, string>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const way: string[] = [];
  function walk(path: string): void {
    const text = files.get(path);
    if (text === undefined || done.has(path)) return;
    const at = way.indexOf(path);
    if (at >= 0) {
      cycles.push(way.slice(at));
      return;
    }
    way.push(path);
    for (const target of relativeImports(path, text)) walk(target);
    way.pop();
    done.add(path);
  }
  for (const path of files.keys()) walk(path);
  return cycles;
}

function roomOf(path: string): string | null {
  // The library: what the answers know.
  if (path === "index.ts") return "answers";
  const [room = "", file] = path.split("/");
  return file !== undefined && order(room) >= 0 ? room : null;
}

function order(room: string): number {
  return (ROOMS as readonly string[]).indexOf(room);
}

// Line comments are those after white space or at a line's start, so that the // of an address stays.
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}
