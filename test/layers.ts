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
  "commands",
] as const;

/**
 * Files beside a room's index.ts that rooms above it may import: what they need of it alone. A program's start takes as
 * long as what it loads, and an index brings all of its room.
 */
const DOORS: readonly { readonly of: RegExp; readonly to: readonly string[] }[] = [
  { of: /^answers\/results\/index\.ts$/, to: ["views", "commands"] },
  // Lists of plain literals that columns are made of.
  { of: /^runtimes\/(balance|root-kinds)\.ts$/, to: ["answers"] },
  // A command loads the answer that it gives, and no other.
  { of: /^answers\/[\w-]+\.ts$/, to: ["commands"] },
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
