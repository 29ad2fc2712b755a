import { spanAt, wordsOf, writableData } from "../../../blocks/index.ts";
import { type Core, type Module, readThreads } from "../../../image/index.ts";
import { formatAddress } from "../../../terms/index.ts";
import type { AlikeName, BlockRoots } from "../../references.ts";
import { ROOT_NUMBERS, type RootKey } from "../../root-kinds.ts";
import type { Python } from "../python.ts";
import { MOST_STACK_BYTES, STACKS } from "../roots/roots.ts";
import { type Blocks, blockAt } from "./block-index.ts";

/**
 * Finds what words of modules' data and of threads' stacks point to among the blocks.
 * @param interpreters names of those that lie in blocks, by address: each stands for itself, not behind the one that leads to it
 */
export function findBlockRoots(
  core: Core,
  modules: readonly Module[],
  python: Python,
  blocks: Blocks,
  interpreters: ReadonlyMap<number, string>,
): BlockRoots {
  const roots = new BlockRootList(blocks);
  for (const [at, name] of interpreters) roots.add(at, "data", () => name);
  const states = [...python.records.mallocStates].sort((a, b) => a.start - b.start);
  const firsts = new Map<Module, number>();
  for (const { module, segment, span } of writableData(core.image, modules)) {
    const { start } = span;
    const first = firsts.get(module) ?? start;
    firsts.set(module, first);
    const file = module.path.replace(/^.*\//, "");
    for (const [at, word] of wordsOf(python.reader, start, Math.min(span.end, start + segment.extent.bytes)))
      if (spanAt(states, at) === null)
        roots.add(word, "data", () => `<${file} data+${formatAddress(BigInt(at - first))}>`);
  }
  for (const { pid, sp, stack } of readThreads(core)) {
    if (sp === null || stack === null) continue;
    const start = Number(sp - (sp % 8n));
    const end = Math.min(Number(stack.start) + stack.extent.bytes, start + MOST_STACK_BYTES);
    const name = () => `<thread ${pid} stack>`;
    const alike = { name: STACKS, which: pid };
    for (const [, word] of wordsOf(python.reader, start, end)) roots.add(word, "stacks", name, alike);
  }
  return roots.done();
}

class BlockRootList {
  readonly #all: Blocks;
  readonly #blocks: number[] = [];
  readonly #inner: number[] = [];
  readonly #kinds: number[] = [];
  readonly #names: (() => string)[] = [];
  readonly #alikes: (AlikeName | null)[] = [];

  constructor(blocks: Blocks) {
    this.#all = blocks;
  }

  add(word: number, kind: RootKey, name: () => string, alike: AlikeName | null = null): void {
    const block = blockAt(this.#all, word);
    if (block < 0) return;
    this.#blocks.push(block);
    this.#inner.push(this.#all.starts[block] === word ? 0 : 1);
    this.#kinds.push(ROOT_NUMBERS[kind]);
    this.#names.push(name);
    this.#alikes.push(alike);
  }

  done(): BlockRoots {
    const names = this.#names;
    const alikes = this.#alikes;
    return {
      blocks: Uint32Array.from(this.#blocks),
      inner: Uint8Array.from(this.#inner),
      kinds: Uint8Array.from(this.#kinds),
      nameOf: (root) => names[root]?.() ?? "",
      alikeOf: (root) => alikes[root] ?? null,
    };
  }
}
