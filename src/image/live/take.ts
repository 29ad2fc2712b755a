import { setImmediate as nextTurn } from "node:timers/promises";
import type { SharedSource } from "../../bytes/index.ts";
import {
  type CoreFrame,
  ELF_HEADER_BYTES,
  frameCore,
  Machine,
  type SegmentToWrite,
  writeNotes,
} from "../../elf/index.ts";
import { CoregramError, formatBytes } from "../../terms/index.ts";
import type { AboutProcess } from "./about.ts";
import { type CoreMemory, HeldMemory, StoppedMemory } from "./core-memory.ts";
import { bytesToRead, layOut, type PlacedMapping, segmentsOf } from "./layout.ts";
import { parseMappings } from "./mappings.ts";
import type { MemoryFile } from "./memory-file.ts";
import type { Run } from "./pages.ts";
import { type Into, readPieces } from "./pieces.ts";
import { planMapping } from "./plan.ts";
import { procFolder, readProc } from "./proc-file.ts";
import { findThreadPointers } from "./thread-pointers.ts";
import { type LiveThread, readLiveThreads } from "./threads.ts";

/** What is to be read of a process, and where it goes. */
export interface ProcessPlan {
  readonly about: AboutProcess;
  readonly threads: readonly LiveThread[];
  readonly placed: readonly PlacedMapping[];
  /** Where memory ends in the core. */
  readonly end: number;
  /** Bytes to read. */
  readonly bytes: number;
  /** Bytes that the core takes with its frame, at the most. */
  readonly room: number;
}

/** A process at one moment: all that was read of it, or itself where it stays stopped. */
export interface TakenMemory {
  readonly about: AboutProcess;
  readonly threads: readonly LiveThread[];
  readonly placed: readonly PlacedMapping[];
  readonly segments: readonly SegmentToWrite[];
  readonly memory: CoreMemory;
  readonly end: number;
  /** What went away while it was read. */
  readonly lostBytes: number;
}

/** Threads that copy a process while it waits. */
const AWAITED_LANES = 2;
/** Pages that vanish cut segments in two: room for as many more. */
const MOST_CUTS = 1 << 16;
/** Bytes of a program header; of a thread's note, of a mapping's entry without its path, and of the other notes at the most. */
const [SEGMENT_BYTES, THREAD_BYTES, MAPPING_BYTES, OTHER_BYTES] = [56, 448, 32, 1 << 16];

/** What a process that goes on maps in addition while room is made for it. */
export const GROWTH_BYTES = 2 ** 26;

/** Looks at what a process has, and reads none of it. */
export function planProcess(about: AboutProcess, memory: MemoryFile): ProcessPlan {
  const { pageBytes } = about;
  const { pid } = about.status;
  const mappings = parseMappings(readProc(procFolder(pid), "smaps"));
  const planned = mappings.map((mapping) =>
    planMapping(mapping, memory.pagemap, pageBytes, (at) => isElfAt(memory, at)),
  );
  const { placed, end } = layOut(planned, Math.max(pageBytes, ELF_HEADER_BYTES));
  const threads = readLiveThreads(procFolder(pid), pid);
  return { about, threads, placed, end, bytes: bytesToRead(planned), room: end + tailRoom(placed, threads) };
}

/**
 * Memory for the copy of a process, into which what is planned has been written as zeros: the system has then found the
 * pages that stand behind it, which takes longer than to copy them, and the process need not be stopped meanwhile.
 */
export async function makeRoom({ about, placed, room }: ProcessPlan): Promise<SharedArrayBuffer> {
  const { pageBytes, status } = about;
  const made = allocate(status.pid, room + GROWTH_BYTES);
  for (const { start, offset, runs } of placed.flatMap(({ parts }) => parts)) {
    for (const run of runs) {
      const bytes = new Uint8Array(made, offset + run.start - start, run.end - run.start);
      for (let at = 0; at < bytes.length; at += pageBytes) bytes[at] = 0;
    }
    await nextTurn();
  }
  return made;
}

/** How a process is copied. */
export interface Copying {
  /** Where to, if it is large enough; zeros. */
  readonly made?: SharedArrayBuffer | null;
  /** Whether the process waits for it: it is copied by several threads then. */
  readonly isAwaited?: boolean;
  /** Hears the bytes copied so far, and all there are. */
  readonly progress?: (done: number, all: number) => void;
}

/**
 * Copies what is planned of a process's memory.
 * @throws CoregramError `changed` where it ends meanwhile
 */
export async function copyProcess(
  { about, threads, placed, end, bytes: all, room }: ProcessPlan,
  memory: MemoryFile,
  { made = null, isAwaited = false, progress }: Copying = {},
): Promise<TakenMemory> {
  const { pageBytes, status } = about;
  const core = made !== null && made.byteLength >= room ? made : allocate(status.pid, room);
  const reading = { pageBytes, lanes: isAwaited ? AWAITED_LANES : 1 };
  const into: Into = ({ place, start, end }) => new Uint8Array(core, place, end - start);
  let done = 0;
  const lost = await readPieces(
    memory,
    placed,
    reading,
    () => into,
    ({ start, end }) => {
      done += end - start;
      progress?.(done, all);
    },
  );
  const segments = placed.flatMap((mapping, index) => segmentsOf(mapping, lost[index] ?? []));
  return { about, threads, placed, segments, memory: new HeldMemory(core), end, lostBytes: bytesOf(lost) };
}

/** Bytes of what was lost of all mappings. */
export function bytesOf(lost: readonly (readonly Run[])[]): number {
  return lost.flat().reduce((sum, { start, end }) => sum + end - start, 0);
}

/**
 * What is planned, read where it stands as it is asked for.
 * @param resume lets the process go on, which stays stopped until the memory is closed
 */
export function readInPlace(
  { about, threads, placed, end }: ProcessPlan,
  memory: MemoryFile,
  resume: () => void,
): TakenMemory {
  const segments = placed.flatMap((mapping) => segmentsOf(mapping, []));
  return {
    about,
    threads,
    placed,
    segments,
    memory: new StoppedMemory(memory, placed, resume),
    end,
    lostBytes: 0,
  };
}

/**
 * The core that it is: header, memory, notes, program headers.
 * @throws CoregramError `changed` where it went to pieces while it was read
 */
export function coreOf(taken: TakenMemory, name: string): SharedSource {
  const core = taken.memory.framed(name, frameOf(taken), taken.end);
  if (core !== null) return core;
  throw new CoregramError(
    "changed",
    `pid ${taken.about.status.pid}: memory went away at more than ${MOST_CUTS} places while it was read`,
  );
}

/** What that core has beside memory. */
export function frameOf({
  about,
  threads,
  placed,
  segments,
  memory,
  end,
}: Omit<TakenMemory, "memory" | "lostBytes"> & { readonly memory: Pick<CoreMemory, "view"> }): CoreFrame {
  const { machine, pageBytes, auxiliary, status } = about;
  const pointers =
    machine === Machine.X86_64
      ? findThreadPointers(memory, placed, new Set(threads.map(({ ownTid }) => ownTid)))
      : new Map<number, bigint>();
  const notes = writeNotes({
    machine,
    pageBytes,
    process: status,
    threads: threads.map(({ tid, ownTid, registers }) => ({
      pid: tid,
      ppid: status.ppid,
      registers: registers && { ...registers, threadPointer: pointers.get(ownTid) ?? null },
    })),
    auxiliary,
    mappings: placed.flatMap(({ mapping }) => (mapping.isFile ? [mapping] : [])),
  });
  return frameCore(machine, segments, notes, end, pageBytes);
}

function isElfAt(memory: MemoryFile, at: number): boolean {
  const magic = new Uint8Array(4);
  return memory.read(at, magic) === magic.length && String.fromCharCode(...magic) === "\x7fELF";
}

function tailRoom(placed: readonly PlacedMapping[], threads: readonly LiveThread[]): number {
  let room = OTHER_BYTES + MOST_CUTS * SEGMENT_BYTES + threads.length * THREAD_BYTES;
  for (const { mapping, parts } of placed)
    room += (2 * parts.length + 1) * SEGMENT_BYTES + MAPPING_BYTES + mapping.path.length;
  return room;
}

/**
 * Shared memory that is zeros, and takes room where it is written to.
 * @throws CoregramError `limit` where there are not so many addresses
 */
export function allocate(pid: number, bytes: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(Math.ceil(bytes / 8) * 8);
  } catch (cause) {
    throw new CoregramError(
      "limit",
      `pid ${pid}: there is no room for a copy of its ${formatBytes(bytes)} of addresses`,
      { cause },
    );
  }
}
