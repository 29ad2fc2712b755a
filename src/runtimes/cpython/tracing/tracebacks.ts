import type { MemoryReader } from "../../../blocks/index.ts";
import type { Traceback, TraceFrame } from "../../traced-memory.ts";
import { V38 } from "../structs/v38.ts";
import { V314 } from "../structs/v314.ts";

const FRAME = V314.frame_t;
/** From 3.9 on; up to 3.8 the count of frames takes the place of both counts. */
const TRACEBACK = V314.traceback_t;
const OLD_TRACEBACK = V38.traceback_t;

/** Frames of all tracebacks that are read; the deepest process has some million. */
export const MOST_FRAMES = 2 ** 25;
/** No file has as many lines. */
const MOST_LINE = 2 ** 24;

/** The head of a traceback_t: how many frames it keeps, and how many there were. */
interface Head {
  readonly frames: number;
  readonly total: number;
}

function readHead(reader: MemoryReader, isOld: boolean, at: number): Head | null {
  const word = reader.u32(at + TRACEBACK.nframe);
  if (isOld) return word >= 1 && word < 2 ** 16 ? { frames: word, total: word } : null;
  const frames = word & 0xffff;
  const total = word >>> 16;
  return frames >= 1 && total >= frames ? { frames, total } : null;
}

/** Frames are packed: their words are not aligned. */
function fileOf(reader: MemoryReader, frame: number): number {
  return reader.u64(frame + FRAME.filename);
}

/** Whether a traceback_t is at the address whose most recent frame is in a file with a name. */
export function isTraceback(
  reader: MemoryReader,
  isOld: boolean,
  isText: (at: number) => boolean,
  at: number,
): boolean {
  if (!(at > 0) || readHead(reader, isOld, at) === null) return false;
  const frame = at + (isOld ? OLD_TRACEBACK : TRACEBACK).frames;
  return reader.u32(frame + FRAME.lineno) < MOST_LINE && isText(fileOf(reader, frame));
}

/** Reads tracebacks: each file's name once, and each place once. */
export class TracebackReader {
  readonly #reader: MemoryReader;
  readonly #isOld: boolean;
  readonly #nameAt: (at: number) => string | null;
  readonly #names = new Map<number, string | null>();
  readonly #frames = new TraceFrames();
  #left = MOST_FRAMES;

  /** @param nameAt the text of a file's name; null where it cannot be read */
  constructor(reader: MemoryReader, isOld: boolean, nameAt: (at: number) => string | null) {
    this.#reader = reader;
    this.#isOld = isOld;
    this.#nameAt = nameAt;
  }

  /** Whether there are frames that were not read, as there were too many. */
  get isCut(): boolean {
    return this.#left <= 0;
  }

  /** The traceback at the address; one without frames where none can be read. */
  read(at: number): Traceback {
    const head = readHead(this.#reader, this.#isOld, at);
    if (head === null) return NONE;
    const frames: TraceFrame[] = [];
    const first = at + (this.#isOld ? OLD_TRACEBACK : TRACEBACK).frames;
    for (let index = 0; index < head.frames && this.#left > 0; index += 1, this.#left -= 1) {
      const frame = this.#frame(first + FRAME.sizeof * index);
      if (frame === null) return NONE;
      frames.push(frame);
    }
    return { frames, totalFrames: head.total };
  }

  #frame(at: number): TraceFrame | null {
    const line = this.#reader.u32(at + FRAME.lineno);
    const word = fileOf(this.#reader, at);
    if (Number.isNaN(word) || Number.isNaN(line)) return null;
    let file = this.#names.get(word);
    if (file === undefined) {
      file = this.#nameAt(word);
      this.#names.set(word, file);
    }
    return this.#frames.of(file, line);
  }
}

/** One object for each place. By text: tracemalloc has one str of each file, but the name of unknown ones is not among them. */
export class TraceFrames {
  readonly #files = new Map<string | null, Map<number, TraceFrame>>();

  of(file: string | null, line: number): TraceFrame {
    let lines = this.#files.get(file);
    if (lines === undefined) {
      lines = new Map();
      this.#files.set(file, lines);
    }
    let frame = lines.get(line);
    if (frame === undefined) {
      frame = { file, line };
      lines.set(line, frame);
    }
    return frame;
  }
}

const NONE: Traceback = { frames: [], totalFrames: 0 };
