import type { ByteSource } from "../../bytes/index.ts";
import { CoregramError, printable } from "../../terms/index.ts";
import { SymbolTableBuilder } from "../table/table-builder.ts";
import { type LineReader, type MapFormat, Verdict } from "./format.ts";
import { MAP_FORMATS } from "./formats.ts";
import { LineScanner } from "./line-scanner.ts";
import { LineCursor } from "./lines.ts";
import { MAX_LINE_BYTES, PageCutter } from "./pages.ts";
import { sniffFormat } from "./sniff.ts";
import { SymbolMap } from "./symbol-map.ts";
import { asUtf8, headOf, piecesOf, wideEncoding } from "./text.ts";

/** The format is decided on this much of the map, from its first line that says something on. */
const SAMPLE_BYTES = 2 ** 17;
/** After so many samples of which no format understands a line, it is no symbol map. */
const MAX_SAMPLES = 64;
const QUOTED_CHARACTERS = 60;
/** Of less, all is read line by line in the time that the kernel takes to start. */
const LEAST_SCANNED_BYTES = 2 ** 18;

/**
 * Reads a symbol map in any of MAP_FORMATS, told by what its lines are as a whole. Blank lines and lines that
 * start with `#` are comments in all of them. A map of nothing else is an empty one and no error: `nm` of a
 * stripped file prints nothing, and the histogram without names is still what the user asked for.
 *
 * Memory: the map's text, of which its names are a part, and what SymbolTableBuilder says a symbol.
 *
 * @param name what the user called the map, for messages
 * @throws CoregramError `format` where no line is understood, or the map is binary; `limit` where
 *   it holds more symbols or names than a table can
 */
export async function readSymbolMap(
  text: ByteSource | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  name: string,
): Promise<SymbolMap> {
  const reading = new MapReading(name, "read" in text ? text.size : 0);
  const cutter = new PageCutter((page, end) => reading.readPage(page, end));
  if ("read" in text && wideEncoding(headOf(text)) === null) cutter.pull(text);
  else for await (const chunk of asUtf8("read" in text ? piecesOf(text) : text)) cutter.push(chunk);
  cutter.finish();
  return reading.finish();
}

class MapReading {
  readonly #name: string;
  /** Of the whole map, 0 where that is not known. */
  readonly #bytes: number;
  readonly #builder = new SymbolTableBuilder();
  #format: MapFormat | null = null;
  #reader: LineReader | null = null;
  /** Null while nothing is worth to start the kernel for. */
  #scanner: LineScanner | null = null;
  #samples = 0;
  #lines = 0;
  /** The first bytes of the map, for messages. */
  #head: Uint8Array | null = null;
  #firstLine: { readonly number: number; readonly start: Uint8Array } | null = null;
  #skipped = 0;
  #firstSkipped: number | null = null;

  constructor(name: string, bytes: number) {
    this.#name = printable(name);
    this.#bytes = bytes;
  }

  readPage(page: Uint8Array, end: number): void {
    let at = 0;
    if (!this.#head) {
      this.#head = page.slice(0, Math.min(end, 4 * QUOTED_CHARACTERS));
      if (hasMark(page)) at = 3;
    }
    if (!this.#reader) this.#checkText(page, end);
    while (!this.#reader && at < end) at = this.#readSample(page, at, end);
    if (this.#reader && at < end) this.#readLines(this.#reader, page, at, end);
  }

  finish(): SymbolMap {
    if (!this.#reader && this.#firstLine) throw this.#notUnderstood();
    this.#reader?.finish?.();
    if (this.#format?.isLog) this.#builder.dropSuperseded();
    return new SymbolMap(this.#builder, this.#format?.name ?? null, {
      skippedLines: this.#skipped,
      firstSkippedLine: this.#firstSkipped,
    });
  }

  /** Decides the format on the lines from `at` on, or passes over them. Returns where to go on. */
  #readSample(page: Uint8Array, at: number, end: number): number {
    const line = new LineCursor(page, at, end, this.#lines);
    const numbers: number[] = [];
    let start = at;
    while (line.position - start < SAMPLE_BYTES && line.next()) {
      if (numbers.length === 0) start = line.start;
      numbers.push(line.number);
      const quoted = Math.min(line.end, line.start + 4 * QUOTED_CHARACTERS);
      this.#firstLine ??= { number: line.number, start: page.slice(line.start, quoted) };
    }
    if (numbers.length > 0) {
      // The last line of all may lack its newline.
      const format = sniffFormat(MAP_FORMATS, page, start, Math.min(line.position, end));
      if (format) {
        this.#format = format;
        this.#reader = format.open(this.#builder, (number) => this.#skip(number));
        return at;
      }
      if (++this.#samples === MAX_SAMPLES) throw this.#notUnderstood();
      for (const number of numbers) this.#skip(number);
    }
    this.#lines = line.number;
    return line.position;
  }

  #readLines(reader: LineReader, page: Uint8Array, at: number, end: number): void {
    this.#builder.adopt(page);
    const read = (start: number, lineEnd: number, number: number) => {
      const isTooLong = lineEnd - start > MAX_LINE_BYTES;
      if (isTooLong || reader.read(page, start, lineEnd, number) === Verdict.skipped) this.#skip(number);
    };
    if (this.#format?.shape && end - at >= LEAST_SCANNED_BYTES) {
      this.#scanner ??= new LineScanner(this.#format.shape, this.#builder);
      const before = this.#lines;
      this.#lines += this.#scanner.read(page, at, end, (start, lineEnd, number) =>
        read(start, lineEnd, before + number),
      );
      // Pages are much alike.
      if (before === 0) this.#builder.reserve((1.1 * this.#builder.length * this.#bytes) / (end - at));
      return;
    }
    const line = new LineCursor(page, at, end, this.#lines);
    while (line.next()) read(line.start, line.end, line.number);
    this.#lines = line.number;
  }

  #skip(number: number): void {
    this.#skipped++;
    this.#firstSkipped = Math.min(number, this.#firstSkipped ?? number);
  }

  #checkText(page: Uint8Array, end: number): void {
    if (page.subarray(0, end).includes(0)) throw this.#notUnderstood("is not text");
  }

  #notUnderstood(what = "has no line that is understood"): CoregramError {
    const head = this.#head ?? new Uint8Array(0);
    const newline = head.indexOf(0x0a);
    const line = this.#firstLine ?? { number: 1, start: newline < 0 ? head : head.subarray(0, newline) };
    const names = MAP_FORMATS.map((format) => format.name).reverse();
    const expected = `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
    return new CoregramError(
      "format",
      `symbol map ${this.#name} ${what}: line ${line.number} starts "${quote(line.start)}", expected ${expected}`,
    );
  }
}

/** Whether the text starts with a UTF-8 byte order mark. */
function hasMark(text: Uint8Array): boolean {
  return text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf;
}

function quote(bytes: Uint8Array): string {
  const characters = [...printable(new TextDecoder().decode(bytes).trimEnd())];
  return characters.slice(0, QUOTED_CHARACTERS).join("");
}
