import { readFileSync } from "node:fs";
import { kernelPath } from "./artifacts.ts";

/**
 * The functions of `assembly/`, which documents them. Addresses and counts are u32, flags 0 or 1, `multiplier`
 * and `shift` u64. What comes back as an address may be negative: `>>> 0`.
 */
export interface Kernel {
  byteSwap4(at: number, words: number): void;
  byteSwap8(at: number, words: number): void;
  widen(from: number, words: number, to: number): void;
  sketch(chunk: number, words: number, table: number, multiplier: bigint, shift: bigint): void;
  fold(table: number, slots: number, totals: number): void;
  tally(
    chunk: number,
    words: number,
    table: number,
    multiplier: bigint,
    shift: bigint,
    hot: number,
    counts: number,
    mask: number,
  ): number;
  sift(chunk: number, words: number, table: number, multiplier: bigint, shift: bigint, to: number): number;
  scatter(
    chunk: number,
    words: number,
    tree: number,
    levels: number,
    cursors: number,
    blockBytes: number,
    free: number,
    owners: number,
  ): void;
  sortDescending(words: number, spare: number, count: number, histogram: number): number;
  countRuns(
    words: number,
    count: number,
    known: number,
    knownCount: number,
    runs: number,
    apart: number,
    once: number,
  ): number;
  between(words: number, count: number, low: bigint, high: bigint, to: number): number;
  mergeRuns(a: number, aCount: number, b: number, bCount: number, to: number): number;
  orderByCount(
    runs: number,
    count: number,
    spare: number,
    histogram: number,
    words: number,
    steps: number,
  ): number;
  formatRows(
    words: number,
    rows: number,
    prefix: number,
    prefixBytes: number,
    wide: number,
    to: number,
  ): number;
  surveyPages(
    at: number,
    bytes: number,
    tail: number,
    address: bigint,
    pages: number,
    candidates: number,
    most: number,
    marks: number,
    sums: number,
  ): number;
  poolObjects(
    plan: number,
    at: number,
    bytes: number,
    address: bigint,
    pages: number,
    marks: number,
    tally: number,
    sums: number,
    to: number,
  ): number;
  blockObject(
    plan: number,
    block: number,
    address: bigint,
    capacity: bigint,
    tally: number,
    to: number,
  ): number;
  staticObjects(
    plan: number,
    at: number,
    bytes: number,
    tail: number,
    address: bigint,
    tally: number,
    to: number,
  ): number;
  tableSizes(
    plan: number,
    records: number,
    count: number,
    at: number,
    bytes: number,
    address: bigint,
    tally: number,
    large: number,
    found: number,
    most: number,
  ): number;
  chunkObjects(
    plan: number,
    at: number,
    bytes: number,
    address: bigint,
    tally: number,
    sums: number,
    to: number,
    toEnd: number,
    wrote: number,
  ): number;
  objectEdges(
    graph: number,
    first: number,
    end: number,
    at: number,
    bytes: number,
    address: bigint,
    edges: number,
    edgesEnd: number,
    jobs: number,
    jobsEnd: number,
    wrote: number,
  ): number;
  tableEdges(
    graph: number,
    jobs: number,
    first: number,
    end: number,
    at: number,
    bytes: number,
    address: bigint,
    edges: number,
    edgesEnd: number,
    next: number,
    nextEnd: number,
    wrote: number,
  ): number;
  readMapLines(
    text: number,
    at: number,
    end: number,
    sizes: number,
    types: number,
    stop: number,
    found: number,
    others: number,
    most: number,
    wrote: number,
  ): number;
  findDataStacks(at: number, bytes: number, address: bigint, to: number, most: number): number;
}

let compiled: WebAssembly.Module | null = null;

/** Compiles the kernel; a few milliseconds, once a process: all memories and threads share the module. */
export function compileKernel(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(kernelPath));
  return compiled;
}

/** The kernel on the given shared memory; an instance a thread. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernel {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports as unknown as Kernel;
}
