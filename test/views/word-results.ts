import fc from "fast-check";
import type { Result, SchemaName, WordRow, WordsTotals } from "../../src/answers/results/index.ts";
import { type RenderOptions, render as renderResult, TEXT_FORMATS } from "../../src/views/index.ts";

export function row(
  count: number,
  word: string,
  symbol: string | null = null,
  type: string | null = null,
): WordRow {
  return { count, word, symbol, type };
}

/** A result of these rows, with `restCount` words beside them. */
export function resultOf(
  rows: readonly WordRow[],
  { restCount = 0, distinct = null as number | null } = {},
): Result<"coregram/words@1"> {
  const words = rows.reduce((sum, { count }) => sum + count, restCount);
  const totals: WordsTotals = { bytes: words * 8, words, distinct, restCount };
  const input = {
    path: "core.1",
    bytes: words * 8,
    compression: null,
    wordBytes: 8,
    endian: "little",
  } as const;
  return { schema: "coregram/words@1", input, totals, rows };
}

/** All of what the format prints. */
export function render<Name extends SchemaName>(
  format: string,
  result: Result<Name>,
  options?: RenderOptions,
): string {
  const found = TEXT_FORMATS.find(({ name }) => name === format);
  if (!found) throw new Error(`no format ${format}`);
  const decoder = new TextDecoder();
  return [...renderResult(found, result, options)]
    .map((chunk) => (typeof chunk === "string" ? chunk : decoder.decode(chunk)))
    .join("");
}

/** The article's rows. */
export const ARTICLE = resultOf(
  [row(1209344, "0000000000000000"), row(145219, "00007f01104e0c70", "PyTuple_Type")],
  { restCount: 42345678 },
);

/** Names as a hostile file would have them. */
export const HOSTILE_NAMES: readonly string[] = [
  'operator"" _s, "quoted"',
  "a\tb",
  "a\nb\r\nc",
  "\x1b[31mred\x1b[0m",
  "\u009b31m",
  "x\u202edcba",
  "lone \ud800 high",
  "lone \udc00 low",
  "pair \u{1f600}",
  "\u2028",
  "=HYPERLINK(1)",
  "+1",
  "-[NSObject init]",
  "@SUM(1)",
  "",
  " spaces ",
];

const anyName = fc.oneof(
  fc.constantFrom(...HOSTILE_NAMES),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
);

export const anyRow: fc.Arbitrary<WordRow> = fc.record({
  count: fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(2 ** 32 - 1, 2 ** 32 + 1, 2 ** 45)),
  word: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((word) => word.toString(16).padStart(16, "0")),
  symbol: fc.option(anyName),
  type: fc.option(anyName),
});

/** What no terminal should be sent: C0 but LF, DEL, C1, bidi controls, line separators, lone surrogates. */
export const UNSAFE =
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u;
