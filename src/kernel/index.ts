// The loops that run at memory speed, and nothing else: WebAssembly, its memory, the threads that split a range.
// in: file ranges as chunks, addresses in the shared memory
// out: numbers in that memory

export * as BLOCK_SUMS from "./abi/block-sums.ts";
export * as GRAPH from "./abi/graph.ts";
export { GOLDEN_HIGH, GOLDEN_LOW } from "./abi/hash.ts";
export * as JOB from "./abi/job.ts";
export * as LOOSE from "./abi/loose.ts";
export * as MALLOCNG_SLOT from "./abi/mallocng-slot.ts";
export * as MAP_LINE from "./abi/map-line.ts";
export * as MIMALLOC_PAGE from "./abi/mimalloc-page.ts";
export * as NATIVE from "./abi/native.ts";
export * as OBJECT_PLAN from "./abi/object-plan.ts";
export * as PAGE_SUMS from "./abi/page-sums.ts";
export * as PAGES from "./abi/pages.ts";
export { PAGE_BYTES, PIECE_BUFFER_BYTES, PIECE_BYTES, TAIL_BYTES } from "./abi/pieces.ts";
export * as POOL from "./abi/pool.ts";
export * as RECORD from "./abi/record.ts";
export * as SCAN from "./abi/scan-entry.ts";
export * as TALLY from "./abi/tally.ts";
export * as TYPE_ENTRY from "./abi/type-entry.ts";
export * as TYPE_KIND from "./abi/type-kinds.ts";
export { CHUNK_BYTES, type Chunk, Chunks } from "./chunks.ts";
export { Crew, type Progress } from "./crew.ts";
export type { Kernel } from "./interface.ts";
export { compileKernel, instantiate } from "./kernel.ts";
export { KernelMemory } from "./kernel-memory.ts";
export { cutPieces, type Pieces, readPiece, type SavedRange } from "./pieces.ts";
export { EDGES_THREAD_ROOM, type FoundEdges } from "./tasks/edges.ts";
export { type KeyTable, TABLE } from "./tasks/key-table.ts";
export type { FoundLoose } from "./tasks/loose.ts";
export type { FoundBlocks } from "./tasks/native.ts";
export type { Directory, Pool } from "./tasks/partition.ts";
export type { BlockList, Group } from "./tasks/parts.ts";
export { MEMORY_END, readPlace, type Spill, takeSpill, writePlace } from "./tasks/spill.ts";
export { readSteps } from "./tasks/steps.ts";
