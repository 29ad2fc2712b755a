import type { Survey } from "../../src/blocks/index.ts";
import { KernelMemory } from "../../src/kernel/index.ts";

/** A piece of memory, by what its pages are. */
export interface PiecePlan {
  readonly start: number;
  readonly kinds: readonly number[];
  /** Whole pages unless given. */
  readonly bytes?: number;
}

/** A survey that found pages of these kinds. `behind` is what the kernel's memory holds behind the last page's. */
export function surveyOf(pieces: readonly PiecePlan[], behind = 0): { memory: KernelMemory; survey: Survey } {
  const memory = new KernelMemory();
  const kinds = pieces.flatMap((piece) => piece.kinds);
  const pages = memory.place(kinds.length + 8);
  new Uint8Array(memory.buffer).set([...kinds, behind, behind], pages);
  const firstPages = new Float64Array(pieces.length + 1);
  pieces.forEach((piece, index) => {
    firstPages[index + 1] = (firstPages[index] ?? 0) + piece.kinds.length;
  });
  const zeros = new Float64Array(pieces.length);
  return {
    memory,
    survey: {
      pieces: {
        from: { descriptor: 0, size: 0 } as never,
        count: pieces.length,
        starts: Float64Array.from(pieces, ({ start }) => start),
        offsets: zeros,
        bytes: Uint32Array.from(pieces, (piece) => piece.bytes ?? 4096 * piece.kinds.length),
        tails: new Uint32Array(pieces.length),
        firstPages,
      },
      ...{ pages, sums: 0, candidates: new Float64Array(0), lostCandidates: 0 },
      ...{ pools: 0, tornPools: 0, blocksInUse: 0, bytes: 0 },
    },
  };
}
