import { isFoldedPath, PathFinder, type Resolved, retainedBy } from "../heap/index.ts";
import {
  type Address,
  address,
  CoregramError,
  didYouMean,
  formatAddress,
  formatCount,
  printable,
  shellWord,
  similarNames,
} from "../terms/index.ts";
import type { Heap } from "./read-heap.ts";

/** An object that is asked for: by its address, or by its path as `answerOwners` has it. */
export type Asked = Address | string;

/** Names that are listed where a path leads no further. */
const MOST_LISTED = 10;
const MOST_OFFERED = 3;
/** Between the holders of a set, as `formatNames` has them. */
const SET_SEPARATOR = / and |, (?=[\w<])/;

/** Finds what paths lead to among the objects of a heap. */
export class AskedPaths {
  readonly #heap: Heap;
  #finder: PathFinder | null = null;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /**
   * The nodes that a path leads to. `["key"]` will do for `['key']`.
   * @throws CoregramError `absent` where it leads nowhere: how far it leads, and what names are there
   */
  require(path: string): Resolved {
    const { graph, tree, labels, paths } = this.#heap;
    this.#finder ??= new PathFinder(graph, tree, labels, paths);
    const found = this.#finder.find(path);
    if (found.nodes.length > 0) return found;
    const quoted = path.replace(/\["([^"'\\]*)"\]/g, "['$1']");
    const other = quoted === path ? found : this.#finder.find(quoted);
    if (other.nodes.length > 0) return other;
    const [first = "", second] = quoted.split(SET_SEPARATOR);
    if (second !== undefined && this.#finder.find(first).nodes.length > 0)
      throw new CoregramError(
        "absent",
        `${printable(path)} is what several hold together, each by a path of its own: ask for one, as ${shellWord(first)}`,
      );
    throw unknownPath(path, other);
  }
}

/**
 * The node that is asked for by a path. Of those that a folded path stands for, the one that holds most.
 * @param note called where that is one of several
 * @throws CoregramError `absent` where there is none, or there are several, which are listed
 */
export function requireNode(heap: Heap, path: string, note: (text: string) => void): number {
  const { nodes } = new AskedPaths(heap).require(path);
  const [node = -1] = nodes;
  if (nodes.length === 1) return node;
  if (isFoldedPath(path)) {
    note(
      `${printable(path)} is the path of ${formatCount(nodes.length)} objects: the one that holds most is told`,
    );
    return nodes.reduce((most, each) =>
      retainedBy(heap.tree, each).bytes > retainedBy(heap.tree, most).bytes ? each : most,
    );
  }
  const listed = nodes
    .slice(0, MOST_LISTED)
    .map((each) => `${formatAddress(addressOf(heap, each))} ${printable(heap.labels.typeName(each))}`);
  if (nodes.length > MOST_LISTED) listed.push(`${formatCount(nodes.length - MOST_LISTED)} more`);
  throw new CoregramError(
    "absent",
    `${printable(path)} is the path of ${formatCount(nodes.length)} objects, give one's address: ${listed.join(", ")}`,
  );
}

/** Where a node begins. */
export function addressOf(heap: Heap, node: number): Address {
  return address(BigInt(heap.addressOf(node)));
}

function unknownPath(path: string, { reached, rest, names }: Resolved): CoregramError {
  const piece = pieceOf(rest);
  const offered =
    reached === ""
      ? similarStarts(rest, names)
      : similarNames(piece, INDEX.test(piece) ? [] : names, MOST_OFFERED).map((name) => reached + name);
  const meant = didYouMean(offered);
  const where =
    reached === ""
      ? `nothing is called ${printable(piece)}`
      : `${printable(reached)} has no ${printable(piece)}`;
  const there = reached === "" ? "" : listNames(names);
  return new CoregramError("absent", `${printable(path)} leads to no object: ${where}${meant}${there}`);
}

/** `[17]` of a list. */
const INDEX = /^\[(\d+)\]$/;

/** `[0] to [19999]` */
function indexRange(indices: readonly number[]): string {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const index of indices) [least, most] = [Math.min(least, index), Math.max(most, index)];
  return `[${least}] to [${most}]`;
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) return "; it holds nothing that has a name";
  const indices = names.flatMap((name) => INDEX.exec(name)?.[1] ?? []).map(Number);
  if (indices.length > 1 && indices.length === names.length) return `; it has ${indexRange(indices)}`;
  const listed = [...names]
    .sort((a, b) => Number(isInner(a)) - Number(isInner(b)) || (a < b ? -1 : 1))
    .slice(0, MOST_LISTED)
    .map(printable);
  if (names.length > MOST_LISTED) listed.push(`${formatCount(names.length - MOST_LISTED)} more`);
  return `; it has ${listed.join(", ")}`;
}

// What a reader of the program has no use for: `.__doc__`, `.<key>`.
function isInner(name: string): boolean {
  return name.startsWith(".__") || name.startsWith(".<");
}

// Names of modules, classes and functions have dots: each is compared with as many parts of the path.
function similarStarts(path: string, names: readonly string[]): string[] {
  // `list` for `builtins.list`.
  const qualified = names.filter((name) => name.endsWith(`.${pieceOf(path)}`));
  if (qualified.length > 0)
    return qualified.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).slice(0, MOST_OFFERED);
  const byParts = new Map<number, string[]>();
  for (const name of names) {
    const parts = name.split(".").length;
    const like = byParts.get(parts);
    if (like === undefined) byParts.set(parts, [name]);
    else like.push(name);
  }
  const pieces = path.split(".");
  for (const [parts, like] of [...byParts].sort(([a], [b]) => b - a)) {
    if (parts > pieces.length) continue;
    const found = similarNames(pieces.slice(0, parts).join("."), like, MOST_OFFERED);
    if (found.length > 0) return found;
  }
  return [];
}

/** The first piece of a path: `.attr`, `['key']`, `shop`. */
function pieceOf(path: string): string {
  return /^\['(?:[^'\\]|\\.)*'\]|^\[[^\]]*\]|^[.]?(?:<[^>]*>|[^.[]*)/.exec(path)?.[0] || path;
}
