// The loops that run at memory speed, and nothing else: WebAssembly, its memory, the threads that split a range.
// in: file ranges as chunks, addresses in the shared memory
// out: numbers in that memory

export { CHUNK_BYTES, type Chunk, Chunks } from "./chunks.ts";
export { Crew, type Progress } from "./crew.ts";
export type { Kernel } from "./interface.ts";
export { compileKernel, instantiate } from "./kernel.ts";
export { KernelMemory } from "./kernel-memory.ts";
export { cutPieces, PIECE_BYTES, type Pieces, readPiece, type SavedRange, TAIL_BYTES } from "./pieces.ts";
export { EDGES_THREAD_ROOM, type FoundEdges } from "./tasks/edges.ts";
export type { BlockList, Group } from "./tasks/group.ts";
export { type KeyTable, TABLE } from "./tasks/key-table.ts";
export type { Directory, Pool } from "./tasks/partition.ts";
export { MEMORY_END, readPlace, type Spill } from "./tasks/spill.ts";
