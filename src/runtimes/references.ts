import type { Collector } from "./collector.ts";
import type { ObjectTraits } from "./traits.ts";

/** All live objects as numbers below `count`, in the order of their addresses. */
export interface ObjectList {
  readonly count: number;
  address(object: number): number;
  /** The index of its type. */
  type(object: number): number;
  /** What the runtime says that it takes, at most 2^32 - 1. */
  bytes(object: number): number;
  /** The object that begins at the address, or -1. */
  find(address: number): number;
  /** The last object that begins at or below the address, or -1. */
  lastAtOrBelow(address: number): number;
}

/** Who points to whom among objects, what keeps them alive from outside, and how the program calls all that. */
export interface References {
  readonly objects: ObjectList;
  /** `bytes` and `type` of each object; behind them there is room for a number each of `native`'s blocks. */
  readonly sizes: Uint32Array;
  readonly types: Uint32Array;
  /** A `Role` of each object. */
  readonly roles: Uint8Array;
  /** Pairs (from, to) in chunks, in an order that does not depend on threads. Whoever uses them may empty the list. */
  readonly edges: Uint32Array[];
  readonly roots: ObjectRoots;
  readonly labels: ObjectLabels;
  /** Null where the runtime does not tell of memory that is no object. */
  readonly native: NativeMemory | null;
  /** Null where the runtime has none, or it was not found. */
  readonly collector: Collector | null;
  /** Null where the runtime tells nothing of them. */
  readonly traits: ObjectTraits | null;
  /** What is to be said of them, a line each. */
  readonly remarks: readonly string[];
  /**
   * Functions whose code names what a holder calls a container: those that add to it first, then those that may,
   * those that take from it, and those that only name it; null where the runtime does not tell.
   */
  readonly nameUsers: ((container: number, holder: number, attribute: string) => NameUser[]) | null;
}

/** What keeps objects alive from outside. */
export interface ObjectRoots {
  readonly nodes: Uint32Array;
  /** Numbers of ROOT_KINDS, see ROOT_NUMBERS. */
  readonly kinds: Uint8Array;
  /** 1 where a word refers to the object, at the place that the name says; 0 where it is a root for another reason. */
  readonly words: Uint8Array;
  /** `app`, `<thread 4711 f app.py:42>.rows`, `<libfoo.so data+0x40>`. Untrusted. */
  nameOf(root: number): string;
  /** The same of all that are like it, and which of them it is; null where nothing is. */
  alikeOf(root: number): AlikeName | null;
}

/** What several things go by that are alike: `<threads in f app.py:42>.rows`. Untrusted. */
export interface AlikeName {
  readonly name: string;
  /** Which of them this is. */
  readonly which: number;
}

/**
 * Memory that C code has for itself: blocks in use that are neither objects nor a part of their sizes, in the order of
 * their addresses, and words that may be addresses. Nodes below are objects' numbers, and blocks' behind them.
 */
export interface NativeMemory {
  readonly count: number;
  readonly starts: Float64Array;
  readonly bytes: Float64Array;
  /** Pairs (from, to) of what may hold the start of a block, or an object that something unknown holds. */
  readonly exact: Uint32Array;
  /** The same of words that point inside a block. */
  readonly inner: Uint32Array;
  readonly roots: BlockRoots;
}

/** What may hold blocks from outside. */
export interface BlockRoots {
  readonly blocks: Uint32Array;
  /** 1 where the word points inside the block. */
  readonly inner: Uint8Array;
  /** As in `ObjectRoots`. */
  readonly kinds: Uint8Array;
  nameOf(root: number): string;
  alikeOf(root: number): AlikeName | null;
}

/** Names of objects and of what they hold, as the program's source would write them. Untrusted, of bounded length. */
export interface ObjectLabels {
  /**
   * How `from` reaches `to`: `.attr`, `[3]`, `['key']`; empty for a part that has no name in a path, `.<a dict>` for
   * what is in a struct that nothing describes, `.<?>` where that is not known.
   * @param holdersOf the objects that hold one, for what is named by what holds it
   */
  edgeName(from: number, to: number, holdersOf: (object: number) => Iterable<number>): string;
  /** How an object reaches a block of `NativeMemory`: `.<native memory>`, or `[*]` where its items are there. */
  blockName(from: number): string;
  /** All that an object holds, each as `edgeName` names it; as often as it is held. */
  held(from: number, holdersOf: (object: number) => Iterable<number>): Iterable<HeldName>;
  /** The full name of what needs no path, `pkg.mod.Class`; null for all else. */
  qualifiedName(object: number): string | null;
  /** The same of all that are like an object that has one, a task; null where nothing is. */
  alikeOf(object: number): AlikeName | null;
  /** The name of an object's type: `builtins.list`. */
  typeName(object: number): string;
  /** Items of a container; null for what is none. */
  lengthOf(object: number): number | null;
}

/** An object that another holds, and what it is called there: `.attr`, `[3]`, or empty. */
export interface HeldName {
  readonly object: number;
  readonly name: string;
  /** What the runtime calls a part whose name is empty, as a path leaves it out: `__dict__`; empty where there is a name. */
  readonly part: string;
}

/** A function whose code names something, or one place in it that changes that. Untrusted. */
export interface NameUser {
  /** `downstream/profiler.py`: the file and the folder that it is in. */
  readonly file: string;
  /** Of the first instruction that adds or removes; the function's first where none is known to. */
  readonly line: number;
  /** `Profiler.end`. */
  readonly function: string;
  /** Whether an instruction on this line adds to it. */
  readonly adds: boolean;
  /** The same of what removes from it, empties it or puts another in its place. A function that does both is there twice. */
  readonly removes: boolean;
  /** Whether all that it does of these is to put another in its place. */
  readonly replaces: boolean;
  /** Whether it gives it to other code, which may take from it, or compares how long it is with something. */
  readonly mayRemove: boolean;
  /** Whether the function names what adds to a container (`append`, `add` …), where its instructions do not tell. */
  readonly mayAdd: boolean;
  /** Whether it adds outside of loops: one by one, as it is called. */
  readonly once: boolean;
  /** Who calls the function, by its name in their code: others, only what makes objects (`__init__`), or nobody known. */
  readonly callers: "others" | "makers" | "none";
  /** The function object's number. */
  readonly object: number;
}
