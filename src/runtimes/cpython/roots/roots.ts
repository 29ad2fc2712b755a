import { wordsOf, writableData } from "../../../blocks/index.ts";
import { type Core, type Module, readThreads } from "../../../image/index.ts";
import { formatAddress, formatCount } from "../../../terms/index.ts";
import type { AlikeName, ObjectRoots } from "../../references.ts";
import { ROOT_NUMBERS, type RootKey, UNNAMED_ROOTS } from "../../root-kinds.ts";
import type { PythonEdges } from "../edges/edges.ts";
import type { PythonLabels } from "../labels/labels.ts";
import { isInterned } from "../objects/interned.ts";
import type { ObjectTable } from "../objects/object-table.ts";
import { type Python, typeNameOf } from "../python.ts";
import { framePlace } from "../threads/thread-frames.ts";
import { findRunningFrames, type RunningFrames } from "./running-frames.ts";

/** Larger stacks are looked through up to here. */
export const MOST_STACK_BYTES = 2 ** 26;
const IMMORTAL = 0xffffffff;
/** What words on threads' stacks have in common. */
export const STACKS = "<stacks of threads>";

/**
 * Finds the roots: modules, variables of running frames, and whatever has more references than objects hold. Of those
 * words on threads' stacks and in modules' data tell the place; a stale word there is not enough.
 * @param outside as `heldFromOutside` tells
 */
export function findRoots(
  core: Core,
  modules: readonly Module[],
  python: Python,
  table: ObjectTable,
  edges: PythonEdges,
  labels: PythonLabels,
  outside: Uint8Array,
): { roots: ObjectRoots; remarks: string[] } {
  const roots = new RootList();
  for (let node = 0; node < table.count; node += 1)
    if (familyOf(edges, table, node) === "module")
      roots.add(node, "modules", labels.moduleName(node) ?? `<module 0x${table.address(node).toString(16)}>`);
  const threads = readThreads(core);
  // Up to 3.10 a frame is an object, which refers to its variables itself.
  const isWord = python.layout.frame !== null;
  const addFrame = (thread: number | null, address: number, stack: number) => {
    const [kind, which] = thread === null ? (["stack", stack] as const) : (["thread", thread] as const);
    const number = thread ?? formatAddress(BigInt(stack));
    const name = () => `<${kind} ${number} ${framePlace(python, address)}>`;
    const alike = () => ({ name: `<${kind}s in ${framePlace(python, address)}>`, which });
    for (const { address: held, name: word } of labels.heldNames.frameLocals(address)) {
      const node = table.find(held);
      // What is above a stack's top may be stale.
      if (node >= 0 && (word.kind === "local" || outside[node] === 1))
        roots.add(
          node,
          "frames",
          () => name() + labels.text(word),
          isWord,
          () => {
            const { name, which } = alike();
            return { name: name + labels.text(word), which };
          },
        );
    }
  };
  const running = findRunningFrames(core, modules, python, table, edges.stacks);
  for (const { thread, address, stack } of running.frames) addFrame(thread, address, stack);
  let guessed = running.isExact ? 0 : running.frames.length;
  const addObject = (pid: number, node: number, at: number) => {
    roots.add(node, "frames", () => `<thread ${pid} ${framePlace(python, at)}>`);
    addFrame(pid, at, at);
  };
  for (const [at, pid] of running.objects ?? []) {
    const node = table.find(at);
    // That of a generator is held by it.
    if (node >= 0 && outside[node] === 1) addObject(pid, node, at);
  }
  for (const { pid, sp, stack } of threads) {
    if (sp === null || stack === null) continue;
    const start = Number(sp - (sp % 8n));
    const end = Math.min(Number(stack.start) + stack.extent.bytes, start + MOST_STACK_BYTES);
    const seen = new Set<number>();
    for (const [, word] of wordsOf(python.reader, start, end)) {
      const node = table.find(word);
      if (node < 0 || outside[node] !== 1 || seen.has(node)) continue;
      seen.add(node);
      if (running.objects?.has(word)) continue;
      if (!running.isExact && familyOf(edges, table, node) === "frame" && !isWord) {
        addObject(pid, node, word);
        guessed += 1;
      } else roots.add(node, "stacks", `<thread ${pid} stack>`, true, () => ({ name: STACKS, which: pid }));
    }
  }
  addData(core, modules, python, table, outside, roots);
  for (let node = 0; node < table.count; node += 1)
    if (outside[node] !== 1) continue;
    else if (isInternedStr(python, edges, table, node)) roots.add(node, "interned", UNNAMED_ROOTS.interned);
    else roots.add(node, "other", UNNAMED_ROOTS.other);
  return { roots: roots.done(), remarks: [...remarksOn(edges, running, guessed)] };
}

function* remarksOn(
  { lostStacks }: PythonEdges,
  { frames, objects, isCut }: RunningFrames,
  guessed: number,
): Generator<string> {
  if (guessed > 0)
    yield `the interpreter's own list of threads was not found: ${formatCount(guessed)} frames are told by their form, and whose they are by what lies near`;
  if (lostStacks > 0)
    yield `${formatCount(lostStacks)} of what may be stacks of frames were not looked at: what these hold is held by other memory here`;
  if (isCut)
    yield `frames: the first ${formatCount(frames.length + (objects?.size ?? 0))} were read; what others hold is held by other memory here`;
}

function familyOf({ scans }: PythonEdges, table: ObjectTable, node: number) {
  return scans[table.type(node)]?.descent.family;
}

/** 1 where an object has more references than other objects hold, or is immortal. */
export function heldFromOutside(table: ObjectTable, edges: PythonEdges): Uint8Array {
  const into = new Uint32Array(table.count);
  for (const chunk of edges.chunks)
    for (let i = 1; i < chunk.length; i += 2) {
      const node = chunk[i] ?? 0;
      into[node] = (into[node] ?? 0) + 1;
    }
  const outside = new Uint8Array(table.count);
  for (let node = 0; node < table.count; node += 1)
    if ((edges.refs[node] ?? 0) > (into[node] ?? 0)) outside[node] = 1;
  return outside;
}

function addData(
  core: Core,
  modules: readonly Module[],
  python: Python,
  table: ObjectTable,
  outside: Uint8Array,
  roots: RootList,
): void {
  const firsts = new Map<Module, number>();
  for (const { module, segment, span } of writableData(core.image, modules)) {
    const { start } = span;
    const end = Math.min(span.end, start + segment.extent.bytes);
    const first = firsts.get(module) ?? start;
    firsts.set(module, first);
    const file = module.path.replace(/^.*\//, "");
    const name = (at: number) => () => `<${file} data+${formatAddress(BigInt(at - first))}>`;
    for (const [at, word] of wordsOf(python.reader, start, end)) {
      const node = table.find(word);
      if (node >= 0 && outside[node] === 1) roots.add(node, "data", name(at), true);
    }
    // Static objects are never freed, whatever their count.
    for (let node = table.lastAtOrBelow(start - 1) + 1; node < table.count; node += 1) {
      const at = table.address(node);
      if (at >= end) break;
      roots.add(node, "data", name(at));
    }
  }
}

/** From 3.12 on interned strings live as long as the interpreter; nothing that the collector sees holds them. */
function isInternedStr(python: Python, edges: PythonEdges, table: ObjectTable, node: number) {
  const { reader, layout } = python;
  if (!layout.keepsInterned || edges.refs[node] !== IMMORTAL) return false;
  return (
    typeNameOf(python, table.type(node)) === "builtins.str" && isInterned(reader, layout, table.address(node))
  );
}

/** Roots as they are found; of a node and kind the first name counts. */
class RootList {
  readonly #nodes: number[] = [];
  readonly #kinds: number[] = [];
  readonly #words: number[] = [];
  readonly #names: (string | (() => string))[] = [];
  readonly #alikes: ((() => AlikeName) | undefined)[] = [];

  add(
    node: number,
    kind: RootKey,
    name: string | (() => string),
    isWord = false,
    alike?: () => AlikeName,
  ): void {
    this.#alikes.push(alike);
    this.#nodes.push(node);
    this.#words.push(isWord ? 1 : 0);
    this.#kinds.push(ROOT_NUMBERS[kind]);
    this.#names.push(name);
  }

  done(): ObjectRoots {
    const names = this.#names;
    const alikes = this.#alikes;
    return {
      alikeOf: (root) => alikes[root]?.() ?? null,
      nodes: Uint32Array.from(this.#nodes),
      kinds: Uint8Array.from(this.#kinds),
      words: Uint8Array.from(this.#words),
      nameOf(root) {
        const name = names[root] ?? "";
        return typeof name === "string" ? name : name();
      },
    };
  }
}
