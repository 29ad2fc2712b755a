import { zeroBytes } from "../../../blocks/index.ts";
import type { Core, Module } from "../../../image/index.ts";
import { type Crew, type FoundEdges, GRAPH, JOB, NATIVE } from "../../../kernel/index.ts";
import type { NativeMemory } from "../../references.ts";
import type { PythonEdges } from "../edges/edges.ts";
import { JobQueue } from "../edges/table-jobs.ts";
import type { ObjectTable } from "../objects/object-table.ts";
import type { Python } from "../python.ts";
import { type Blocks, blockAt, indexBlocks } from "./block-index.ts";
import { findBlockRoots } from "./block-roots.ts";
import { DeadObjects } from "./dead-objects.ts";
import { findBlocks } from "./find-blocks.ts";

const JOB_WORDS = JOB.JOB_BYTES / 4;
const { INNER } = NATIVE;

/**
 * Finds the memory that C code has for itself, and what may hold it or be held by it. All of it is conservative: a word
 * is taken for an address because it looks like one.
 * @param open for each object 1 where something that is not known may hold it
 * @param interpreters names of those that are not the first one, by where they have their state
 */
export async function findNativeMemory(
  crew: Crew,
  core: Core,
  modules: readonly Module[],
  python: Python,
  table: ObjectTable,
  { traces }: PythonEdges,
  open: Uint8Array,
  interpreters: ReadonlyMap<number, string>,
): Promise<NativeMemory> {
  const { memory } = crew;
  const { pieces } = python.survey;
  const { graph, firsts, threads } = traces;
  const blocks = await findBlocks(crew, python, traces);
  const index = indexBlocks(memory, blocks);
  const openAt = memory.place(Math.max(1, open.length));
  new Uint8Array(memory.buffer, openAt, open.length).set(open);
  const fields = new DataView(memory.buffer, graph, GRAPH.GRAPH_BYTES);
  const put = (place: number, word: number) => fields.setBigUint64(place, BigInt(word), true);
  put(GRAPH.BLOCKS, index.blocks);
  put(GRAPH.BLOCK_HASH, index.hash);
  put(GRAPH.BLOCK_HASH_MASK, index.hashMask);
  put(GRAPH.BLOCK_CELLS, index.cells);
  put(GRAPH.OPEN, openAt);
  const own = (thread: number) => threads[thread] ?? { buffer: 0, room: 0 };
  const ofObjects = inOrder(
    await crew.run("looseEdges", pieces.count, (thread) => ({ pieces, graph, firsts, ...own(thread) })),
  );
  const tables = orderTables(python, table, blocks, ofObjects);
  const queue = new JobQueue(pieces, python.survey.bytes);
  for (const { jobs } of ofObjects) queue.add(jobs, () => {});
  queue.add(blockJobs(blocks, tables, table.count), () => {});
  const { places, firsts: firstJobs, bytes } = queue.sorted();
  const jobs = memory.place(Math.max(1, bytes.byteLength));
  new Uint32Array(memory.buffer, jobs, bytes.length).set(bytes);
  const ofWords = inOrder(
    await crew.run("looseWords", places.length, (thread) => ({
      pieces,
      graph,
      places,
      firsts: firstJobs,
      jobs,
      ...own(thread),
    })),
  );
  const kept = withoutTables(blocks, tables);
  const edges = [...ofObjects, ...ofWords].map(({ edges: pairs }) => pairs);
  return {
    ...withoutUntouched(crew, python, kept.blocks),
    ...splitEdges(edges, table.count, kept.numbers, new DeadObjects(python, blocks)),
    roots: findBlockRoots(core, modules, python, kept.blocks, interpreters),
  };
}

function inOrder(results: FoundEdges[][]): FoundEdges[] {
  return results.flat().sort((a, b) => a.item - b.item);
}

/** 1 for the blocks that are the nodes of ordered dicts, which their sizes count, and the arrays of those. */
function orderTables(
  python: Python,
  table: ObjectTable,
  blocks: Blocks,
  found: readonly FoundEdges[],
): Uint8Array {
  const tables = new Uint8Array(blocks.count);
  for (const { edges } of found)
    for (let at = 0; at < edges.length; at += 2) {
      if (python.types[table.type(edges[at] ?? 0)]?.other !== "ordered dict") continue;
      const block = ((edges[at + 1] ?? 0) & ~INNER) - table.count;
      if (block < 0) continue;
      tables[block] = 1;
      markNodes(python, blocks, block, tables);
    }
  return tables;
}

function markNodes({ reader }: Python, blocks: Blocks, array: number, tables: Uint8Array): void {
  const start = blocks.starts[array] ?? 0;
  for (let at = start; at < start + (blocks.bytes[array] ?? 0); at += 8) {
    const word = reader.u64(at);
    const block = blockAt(blocks, word);
    if (blocks.starts[block] === word) tables[block] = 1;
  }
}

/** A job for each block that is no table: all of its words. */
function blockJobs({ count, starts, bytes }: Blocks, tables: Uint8Array, first: number): Uint32Array {
  const jobs = new Uint32Array(count * JOB_WORDS);
  let at = 0;
  for (let block = 0; block < count; block += 1) {
    if (tables[block] === 1) continue;
    const start = starts[block] ?? 0;
    jobs[at] = start % 2 ** 32;
    jobs[at + 1] = Math.floor(start / 2 ** 32) + JOB.WORDS * 2 ** 16;
    jobs[at + 2] = first + block;
    jobs[at + 3] = Math.min(0xffffffff, Math.floor((bytes[block] ?? 0) / 8));
    at += JOB_WORDS;
  }
  return jobs.subarray(0, at);
}

/** The blocks that are no tables, and for each the number that it has among them, or NONE. */
function withoutTables(
  { count, starts, bytes }: Blocks,
  tables: Uint8Array,
): { blocks: Blocks; numbers: Uint32Array } {
  const numbers = new Uint32Array(count).fill(NONE);
  let next = 0;
  for (let block = 0; block < count; block += 1) if (tables[block] !== 1) numbers[block] = next++;
  const isKept = (_: number, block: number) => tables[block] !== 1;
  return { blocks: { count: next, starts: starts.filter(isKept), bytes: bytes.filter(isKept) }, numbers };
}

/** What objects have mapped, without its whole pages of zeros: no memory stands behind most of them. */
function withoutUntouched({ memory }: Crew, { mapped, survey }: Python, blocks: Blocks): Blocks {
  const bytes = blocks.bytes.slice();
  for (const { start, end } of mapped) {
    const block = blockAt(blocks, start);
    if (blocks.starts[block] === start)
      bytes[block] = (bytes[block] ?? 0) - zeroBytes(memory, survey, { start, end });
  }
  return { ...blocks, bytes };
}

const NONE = 0xffffffff;

/**
 * Edges by whether they lead to the start of something, or inside of a block; those to and from tables are left out, and
 * what objects that are gone held.
 */
function splitEdges(
  chunks: readonly Uint32Array[],
  objects: number,
  numbers: Uint32Array,
  dead: DeadObjects,
): { exact: Uint32Array; inner: Uint32Array } {
  const most = chunks.reduce((sum, { length }) => sum + length, 0);
  const exact = new Uint32Array(most);
  const inner = new Uint32Array(most);
  let exacts = 0;
  let inners = 0;
  const numberOf = (node: number) => (node < objects ? node : objects + (numbers[node - objects] ?? NONE));
  for (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += 2) {
      const [from, to] = [chunk[at] ?? 0, chunk[at + 1] ?? 0];
      const source = numberOf(from);
      const target = numberOf((to & ~INNER) >>> 0);
      if (from >= objects && target < objects && dead.has(from - objects)) continue;
      if (source >= NONE || target >= NONE) continue;
      if ((to & INNER) !== 0) {
        inner[inners++] = source;
        inner[inners++] = target;
      } else {
        exact[exacts++] = source;
        exact[exacts++] = target;
      }
    }
  return { exact: exact.slice(0, exacts), inner: inner.slice(0, inners) };
}
