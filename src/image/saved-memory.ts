import type { ByteSource } from "../bytes/index.ts";
import type { Fault, MemoryLayer, Origin } from "./memory-layer.ts";
import type { SegmentTable } from "./segment-table.ts";

const SAVED: Origin = { kind: "saved" };

/** What a dump holds of a process's memory: the saved beginnings of its segments. */
export class SavedMemory implements MemoryLayer {
  readonly source: ByteSource;
  readonly table: SegmentTable;

  constructor(source: ByteSource, table: SegmentTable) {
    this.source = source;
    this.table = table;
  }

  /** @throws CoregramError as the source does */
  read(at: bigint, into: Uint8Array): number {
    const { table } = this;
    let index = table.indexOf(at);
    let done = 0;
    while (index >= 0 && index < table.count && done < into.length) {
      const inside = at + BigInt(done) - (table.starts[index] ?? 0n);
      const saved = table.saved[index] ?? 0;
      if (inside < 0n || inside >= BigInt(saved)) break;
      const skip = Number(inside);
      const bytes = Math.min(saved - skip, into.length - done);
      const got = this.source.read((table.offsets[index] ?? 0) + skip, into.subarray(done, done + bytes));
      done += got;
      if (got < bytes) break;
      index += 1;
    }
    return done;
  }

  nextFrom(at: bigint, end: bigint): bigint {
    const { table } = this;
    for (let index = Math.max(0, table.lastAtOrBelow(at)); index < table.count; index += 1) {
      const start = table.starts[index] ?? 0n;
      if (start >= end) break;
      if (at < start + BigInt(table.saved[index] ?? 0)) return at > start ? at : start;
    }
    return end;
  }

  originAt(at: bigint): Origin | null {
    const index = this.table.indexOf(at);
    const isSaved =
      index >= 0 && at - (this.table.starts[index] ?? 0n) < BigInt(this.table.saved[index] ?? 0);
    return isSaved ? SAVED : null;
  }

  /** Why a segment lacks the byte; null where no segment has the address, or it is saved. */
  reasonAt(at: bigint): Exclude<Fault["reason"], "not mapped"> | null {
    const { table } = this;
    const index = table.indexOf(at);
    if (index < 0) return null;
    const beyond = at - (table.starts[index] ?? 0n) - BigInt(table.saved[index] ?? 0);
    if (beyond < 0n) return null;
    return beyond < (table.missing[index] ?? 0n) ? "cut off" : "not saved";
  }
}
