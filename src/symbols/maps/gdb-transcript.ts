import type { SymbolTableBuilder } from "../table/table-builder.ts";
import { isBlank } from "./fields.ts";
import { type LineReader, type MapFormat, Verdict } from "./format.ts";

/**
 * What gdb said to `info symbol ADDR` (gdb/symtab.c and printcmd.c, info_symbol_command): each question is
 * echoed by `set trace-commands on` (`+info symbol 0x953cc0`, a `+` more in a sourced script) or typed at a
 * prompt (`(gdb) info symbol 0x953cc0`), and answered by `NAME in section .data of FILE`,
 * `NAME + OFFSET in section …`, without ` of FILE` where only one is loaded, or `No symbol matches 0x953cc0.`
 *
 * The word asked for answers as gdb did. Where the answer has an offset, the start it implies is named too,
 * unless gdb was asked about that address and said something else. Whatever else gdb prints says nothing: only
 * an answer to no question, and a question with no answer, are not understood.
 */
export const gdbTranscript: MapFormat = {
  name: "gdb transcript with its commands echoed",
  open: (builder, skip) => new GdbReader(builder, skip),
};

const QUESTION = /^\s*(?:\(gdb\)\s*)*\+*\s*i(?:nfo?)?\s+sy(?:m|mb|mbo|mbol)?\s+(0x[0-9a-f]+|\d+)$/i;
/** Longer lines are no questions; the pattern may take the square of the length on hostile ones. */
const MAX_QUESTION = 256;
const ANSWER = /^(.+?)(?: \+ (\d{1,20}))?$/s;
const NO_ANSWER = "No symbol matches ";
const IN_SECTION = " in section ";

class GdbReader implements LineReader {
  readonly #builder: SymbolTableBuilder;
  readonly #skip: (number: number) => void;
  /** The question that waits for its answer. */
  #asked: { readonly word: bigint; readonly number: number } | null = null;
  /** Answers with an offset, by their index in the builder: their starts come last, so that answers win. */
  readonly #inside: number[] = [];

  constructor(builder: SymbolTableBuilder, skip: (number: number) => void) {
    this.#builder = builder;
    this.#skip = skip;
  }

  read(bytes: Uint8Array, start: number, end: number, number: number): Verdict {
    if (!mayMatter(bytes, start, end)) return Verdict.neutral;
    // Latin-1 keeps every byte as it is and is the cheapest to make.
    const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
    const question = line.length <= MAX_QUESTION ? QUESTION.exec(line) : null;
    if (question) return this.#ask(question[1] ?? "", number);
    const section = line.lastIndexOf(IN_SECTION);
    const isNone = section < 0 && line.startsWith(NO_ANSWER);
    if (section <= 0 && !isNone) return Verdict.neutral;
    if (!this.#asked) return Verdict.skipped;
    const { word } = this.#asked;
    this.#asked = null;
    if (isNone) this.#builder.addSymbol(word, 0n, "");
    else this.#answer(word, line.slice(0, section));
    return Verdict.understood;
  }

  finish(): void {
    if (this.#asked) this.#skip(this.#asked.number);
    for (const index of this.#inside) this.#builder.addStartOf(index);
  }

  #ask(text: string, number: number): Verdict {
    if (this.#asked) this.#skip(this.#asked.number);
    const word = BigInt(text);
    // Beyond 64 bits gdb says that it is too large, and not where it is.
    this.#asked = word >> 64n === 0n ? { word, number } : null;
    return this.#asked ? Verdict.neutral : Verdict.skipped;
  }

  #answer(word: bigint, answer: string): void {
    const match = ANSWER.exec(answer);
    const offset = BigInt(match?.[2] ?? 0);
    if (offset !== 0n) this.#inside.push(this.#builder.length);
    this.#builder.addSymbol(word, 0n, Buffer.from(match?.[1] ?? answer, "latin1"), offset);
  }
}

/**
 * Whether a line may be a question or an answer: a field of it starts as `symbol` or `section` do. Cheaply,
 * since every map is looked at as a transcript too.
 */
function mayMatter(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i + 2 < end; i++) {
    if (!isBlank(bytes[i]) || ((bytes[i + 1] ?? 0) | 0x20) !== 0x73) continue;
    const second = (bytes[i + 2] ?? 0) | 0x20;
    if (second === 0x79 || second === 0x65) return true;
  }
  return false;
}
