import { formatCount } from "../terms/index.ts";

/** What tells one of several from its like: a thread, a task. */
export interface Alike {
  /** What all of them go by, `<threads in f app.py:42>.rows`; see `countAlike`. */
  readonly name: string;
  /** Which it is: the number of the thread, the address of the task. */
  readonly which: number;
}

/** Names, asked of the runtime for single objects; a path is their concatenation. */
export interface Labels {
  /** Where the root at this index of the graph's roots is: `app` for a module, `<thread 4711 f app.py:42>.rows`. */
  rootName(root: number): string;
  /** The same of all that are like it; null where nothing is. */
  rootAlike(root: number): Alike | null;
  /**
   * How `from` reaches `to`: `.attr`, `[3]`, `['key']`, `.<closure x>`; empty for a part that has no name in a path,
   * such as a `__dict__`. Where it does in several ways, the first by name.
   */
  edgeName(from: number, to: number): string;
  /** The full name of a module, class or function, `pkg.mod.Class`, which needs no path; null for all else. */
  qualifiedName(node: number): string | null;
  /** The qualified name of all that are like the node, which has one; null where nothing is. */
  nodeAlike(node: number): Alike | null;
  /** The name of an object's type, `builtins.list`. */
  typeName(node: number): string;
}

/** Something that a node holds, and its name as `edgeName` has it. */
export interface HeldNode {
  readonly node: number;
  readonly name: string;
  /** What a part whose name is empty is called where it must have one: `__dict__`; empty where there is a name. */
  readonly part: string;
}

/** Names both ways: also all that a node holds. */
export interface HeldLabels extends Labels {
  /** A node comes as often as it is held. */
  held(from: number): Iterable<HeldNode>;
}

/** The name of so many that are alike: `<60 threads in f app.py:42>.rows`. */
export function countAlike(name: string, count: number): string {
  return name.replace(
    /^<(\S+)s (in|of) /,
    (_, one: string, of: string) => `<${formatCount(count)} ${one}${count === 1 ? "" : "s"} ${of} `,
  );
}

/** The text without the count that `countAlike` puts in front of it; null where there is none. */
export function uncountAlike(text: string): string | null {
  const found = /^<[\d,]+ ([^\s<>]+?)s? (in|of) /.exec(text);
  return found && `<${found[1]}s ${found[2]} ${text.slice(found[0].length)}`;
}

/** Whether a path is that of all that are alike: `app.workers[*].rows`, `<60 threads in f app.py:42>.rows`. */
export function isFoldedPath(path: string): boolean {
  return uncountAlike(path) !== null || path.includes(ANY_ITEM);
}

/** In a folded path: each of a container's items. */
export const ANY_ITEM = "[*]";
