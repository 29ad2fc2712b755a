import {
  heldSource,
  readAt,
  type ScatteredBytes,
  type SharedSource,
  scatteredSource,
} from "../../bytes/index.ts";
import type { CoreFrame } from "../../elf/index.ts";
import type { PlacedMapping } from "./layout.ts";
import type { MemoryFile } from "./memory-file.ts";

/** A process's memory at its places in a core. */
export interface CoreMemory {
  /** Bytes from a place of the core on, all in one run. They stay until all is closed, or its room is used again. */
  view(at: number, bytes: number): Uint8Array<ArrayBufferLike>;
  /** All of it as a core's file, whose frame's tail stands at `end`; null where there is no room for that. */
  framed(name: string, frame: CoreFrame, end: number): SharedSource | null;
  close(): void;
}

/** A copy: the process may do what it likes. */
export class HeldMemory implements CoreMemory {
  readonly bytes: SharedArrayBuffer;

  /** @param bytes with room for the frame: its first bytes, and what follows memory */
  constructor(bytes: SharedArrayBuffer) {
    this.bytes = bytes;
  }

  view(at: number, bytes: number): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.bytes, at, bytes);
  }

  framed(name: string, { head, tail }: CoreFrame, end: number): SharedSource | null {
    if (end + tail.length > this.bytes.byteLength) return null;
    this.view(0, head.length).set(head);
    this.view(end, tail.length).set(tail);
    return heldSource(name, this.bytes, end + tail.length);
  }

  close(): void {}
}

/** Memory where it stands, of a process that stays stopped until this is closed. */
export class StoppedMemory implements CoreMemory {
  readonly #memory: MemoryFile;
  readonly #runs: Float64Array;
  readonly #resume: () => void;

  /** @param resume lets the process go on */
  constructor(memory: MemoryFile, placed: readonly PlacedMapping[], resume: () => void) {
    this.#memory = memory;
    this.#resume = resume;
    const threes: number[] = [];
    for (const { start: first, offset, runs } of placed.flatMap(({ parts }) => parts))
      for (const { start, end } of runs) threes.push(offset + start - first, offset + end - first, start);
    this.#runs = new Float64Array(new SharedArrayBuffer(8 * threes.length));
    this.#runs.set(threes);
  }

  view(at: number, bytes: number): Uint8Array {
    const into = new Uint8Array(bytes);
    const none = new SharedArrayBuffer(0);
    readAt(this.#scattered("", { head: none, tail: none }, at + bytes), at, into);
    return into;
  }

  framed(name: string, { head, tail }: CoreFrame, end: number): SharedSource {
    return scatteredSource(this.#scattered(name, { head: shared(head), tail: shared(tail) }, end), () =>
      this.close(),
    );
  }

  close(): void {
    this.#memory.close();
    this.#resume();
  }

  #scattered(
    name: string,
    frame: { readonly head: SharedArrayBuffer; readonly tail: SharedArrayBuffer },
    tailAt: number,
  ): ScatteredBytes {
    return { name, scattered: this.#memory.descriptor, runs: this.#runs, ...frame, tailAt };
  }
}

function shared(bytes: Uint8Array): SharedArrayBuffer {
  const held = new SharedArrayBuffer(bytes.length);
  new Uint8Array(held).set(bytes);
  return held;
}
