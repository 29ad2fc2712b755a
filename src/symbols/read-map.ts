import { CoregramError, printable } from "../terms/index.ts";
import { skipBlanks } from "./fields.ts";
import { type LineReader, type MapFormat, Verdict } from "./format.ts";
import { MAP_FORMATS } from "./formats.ts";
import { LineCutter } from "./lines.ts";
import { Sample, sniffFormat } from "./sniff.ts";
import type { SymbolTable } from "./table.ts";
import { SymbolTableBuilder } from "./table-builder.ts";

/** What a map said. */
export interface SymbolMap {
  readonly table: SymbolTable;
  /** The name of its format; null where it holds no lines but blanks and comments. */
  readonly format: string | null;
  /** How many addresses have a name. */
  readonly symbols: number;
  /** Lines that were not understood, and the first one's number, from 1. */
  readonly skippedLines: number;
  readonly firstSkippedLine: number | null;
}

/** The format is decided on this much of the map's lines; all of them where there are fewer. */
const SAMPLE_BYTES = 2 ** 19;
/** After so many samples of which no format understands a line, it is no symbol map. */
const MAX_SAMPLES = 16;
const PIECE_BYTES = 2 ** 20;
const QUOTED_CHARACTERS = 60;
const HASH = 0x23;

/**
 * Reads a symbol map in any of MAP_FORMATS, told by what its lines are as a whole. Blank lines and lines that
 * start with `#` are comments in all of them. A map of nothing else is an empty one and no error: `nm` of a
 * stripped file prints nothing, and the histogram without names is still what the user asked for.
 *
 * Memory: the chunk, 2 MiB, and what SymbolTableBuilder says a symbol.
 *
 * @param name what the user called the map, for messages
 * @throws CoregramError `format` where no line is understood, or the map is binary or UTF-16; `limit` where
 *   it holds more symbols or names than a table can
 */
export async function readSymbolMap(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  name: string,
): Promise<SymbolMap> {
  const reading = new MapReading(name);
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      // Never a Buffer: the loops below compile to something faster where all bytes are of one class.
      const bytes = Math.min(PIECE_BYTES, chunk.length - at);
      reading.push(new Uint8Array(chunk.buffer, chunk.byteOffset + at, bytes));
    }
  }
  return reading.finish();
}

class MapReading {
  readonly #name: string;
  readonly #cutter = new LineCutter((bytes, start, end, number) => this.#line(bytes, start, end, number));
  readonly #builder = new SymbolTableBuilder();
  #format: MapFormat | null = null;
  #reader: LineReader | null = null;
  #sample = new Sample();
  #samples = 0;
  /** The first bytes of the map, for messages. */
  #head = new Uint8Array(0);
  #firstLine: { readonly number: number; readonly start: Uint8Array } | null = null;
  #skipped = 0;
  #firstSkipped: number | null = null;

  constructor(name: string) {
    this.#name = printable(name);
  }

  push(piece: Uint8Array): void {
    if (!this.#reader) this.#checkText(piece);
    this.#cutter.push(piece);
  }

  finish(): SymbolMap {
    this.#cutter.finish();
    if (!this.#reader && (this.#sample.lines > 0 || this.#skipped > 0)) {
      this.#decide();
      if (!this.#reader) throw this.#notUnderstood();
    }
    this.#reader?.finish?.();
    const table = this.#builder.build();
    return {
      table,
      format: this.#format?.name ?? null,
      symbols: table.length,
      skippedLines: this.#skipped,
      firstSkippedLine: this.#firstSkipped,
    };
  }

  #line(bytes: Uint8Array | null, start: number, end: number, number: number): void {
    if (!bytes) {
      this.#skip(number);
      return;
    }
    const from = number === 1 && hasMark(bytes, start) ? start + 3 : start;
    const first = skipBlanks(bytes, from, end);
    if (first >= end || bytes[first] === HASH) return;
    if (this.#reader) {
      this.#read(this.#reader, bytes, from, end, number);
      return;
    }
    this.#firstLine ??= { number, start: bytes.slice(from, Math.min(end, from + 4 * QUOTED_CHARACTERS)) };
    this.#sample.add(bytes, from, end, number);
    if (this.#sample.bytes < SAMPLE_BYTES) return;
    this.#decide();
    if (!this.#reader && ++this.#samples === MAX_SAMPLES) throw this.#notUnderstood();
  }

  #read(reader: LineReader, bytes: Uint8Array, start: number, end: number, number: number): void {
    if (reader.read(bytes, start, end, number) === Verdict.skipped) this.#skip(number);
  }

  #skip(number: number): void {
    this.#skipped++;
    this.#firstSkipped = Math.min(number, this.#firstSkipped ?? number);
  }

  /** Reads the sample in the format that fits it best; without one, passes it over. */
  #decide(): void {
    const sample = this.#sample;
    this.#sample = new Sample();
    const format = sniffFormat(MAP_FORMATS, sample);
    if (!format) {
      sample.forEach((_bytes, _start, _end, number) => {
        this.#skip(number);
      });
      return;
    }
    const reader = format.open(this.#builder, (number) => this.#skip(number));
    this.#format = format;
    this.#reader = reader;
    sample.forEach((bytes, start, end, number) => {
      this.#read(reader, bytes, start, end, number);
    });
  }

  #checkText(piece: Uint8Array): void {
    if (this.#head.length < 4 * QUOTED_CHARACTERS) {
      const more = piece.subarray(0, 4 * QUOTED_CHARACTERS - this.#head.length);
      const head = new Uint8Array(this.#head.length + more.length);
      head.set(this.#head);
      head.set(more, this.#head.length);
      this.#head = head;
    }
    const [a, b] = this.#head;
    if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
      throw new CoregramError("format", `symbol map ${this.#name} is UTF-16, expected UTF-8 or ASCII`);
    }
    if (piece.includes(0)) throw this.#notUnderstood("is not text");
  }

  #notUnderstood(what = "has no line that is understood"): CoregramError {
    const newline = this.#head.indexOf(0x0a);
    const line = this.#firstLine ?? {
      number: 1,
      start: newline < 0 ? this.#head : this.#head.subarray(0, newline),
    };
    const names = MAP_FORMATS.map((format) => format.name).reverse();
    const expected = `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
    return new CoregramError(
      "format",
      `symbol map ${this.#name} ${what}: line ${line.number} starts "${quote(line.start)}", expected ${expected}`,
    );
  }
}

/** Whether a UTF-8 byte order mark starts here. */
function hasMark(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}

function quote(bytes: Uint8Array): string {
  const characters = [...printable(new TextDecoder().decode(bytes).trimEnd())];
  return characters.slice(0, QUOTED_CHARACTERS).join("");
}
