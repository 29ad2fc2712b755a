import { compileKernel, instantiate, type Kernel, KernelMemory, MAP_LINE } from "../../kernel/index.ts";
import { RECORD, type SymbolTableBuilder } from "../table/table-builder.ts";
import type { LineShape } from "./format.ts";
import { PAGE_BYTES } from "./pages.ts";

const SIZES = {
  never: MAP_LINE.SIZE_NEVER,
  optional: MAP_LINE.SIZE_OPTIONAL,
  always: MAP_LINE.SIZE_ALWAYS,
} as const;
/** What is found in so many lines stays in the cache until it is added. */
const BATCH = 2048;
/** The kernel reads past the text, a vector at a time. */
const SLACK_BYTES = 64;
const NEWLINE = 0x0a;
/** u32 of another line: how many symbols before it, its start, its end, its number in the batch. */
const OTHER = MAP_LINE.OTHER_LINE_BYTES / 4;
/** u32: how many symbols, other lines, and lines. */
const WROTE = MAP_LINE.LINES_READ_BYTES / 4;

/** Reads the lines of a page in the kernel, and hands those to the format's reader that have not its shape. */
export class LineScanner {
  readonly #shape: LineShape;
  readonly #builder: SymbolTableBuilder;
  readonly #kernel: Kernel;
  readonly #memory: SharedArrayBuffer;
  readonly #text: number;
  readonly #types: number;
  readonly #found: number;
  readonly #others: number;
  readonly #wrote: number;

  /** @throws CoregramError `limit` where the system has no address space for the kernel */
  constructor(shape: LineShape, builder: SymbolTableBuilder) {
    const memory = new KernelMemory();
    this.#shape = shape;
    this.#builder = builder;
    this.#text = memory.place(PAGE_BYTES + SLACK_BYTES);
    this.#types = shape.types ? memory.place(shape.types.length) : 0;
    this.#found = memory.place(BATCH * RECORD * 4);
    this.#others = memory.place(BATCH * OTHER * 4);
    this.#wrote = memory.place(WROTE * 4);
    this.#memory = memory.buffer;
    this.#kernel = instantiate(compileKernel(), memory.wasm);
    if (shape.types) new Uint8Array(this.#memory, this.#types).set(shape.types);
  }

  /**
   * Reads the lines in bytes [at, end) of a page that the builder has adopted; the blank ones and comments say nothing.
   * Returns how many lines there were.
   * @param readOther is given the lines of other shapes, bytes [start, end), with their numbers, from 1
   */
  read(
    page: Uint8Array,
    at: number,
    end: number,
    readOther: (start: number, end: number, number: number) => void,
  ): number {
    const { size, types, stop } = this.#shape;
    const text = new Uint8Array(this.#memory, this.#text, end + 1);
    text.set(page.subarray(0, end));
    text[end] = NEWLINE;
    // Signed: the engine keeps those as they are, where it would box a larger one.
    const found = new Int32Array(this.#memory, this.#found, BATCH * RECORD);
    const others = new Uint32Array(this.#memory, this.#others, BATCH * OTHER);
    const wrote = new Uint32Array(this.#memory, this.#wrote, WROTE);
    let lines = 0;
    for (let next = at; next < end; ) {
      next = this.#kernel.readMapLines({
        text: this.#text,
        at: next,
        end,
        sizes: SIZES[size],
        types: types ? this.#types : 0,
        stop,
        found: this.#found,
        others: this.#others,
        most: BATCH,
        wrote: this.#wrote,
      });
      const [symbols = 0, otherLines = 0, allLines = 0] = wrote;
      let added = 0;
      for (let i = 0; i < OTHER * otherLines; i += OTHER) {
        const before = others[i] ?? 0;
        this.#builder.addRecords(found, added, before);
        added = before;
        readOther(others[i + 1] ?? 0, others[i + 2] ?? 0, lines + (others[i + 3] ?? 0));
      }
      this.#builder.addRecords(found, added, symbols);
      lines += allLines;
    }
    return lines;
  }
}
