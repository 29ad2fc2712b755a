import type { MemoryTotals, SubjectInput, WhatisRow } from "../answers/index.ts";
import { formatCount } from "../terms/index.ts";
import type { Result } from "./result.ts";
import { objectFacts } from "./whatis-object.ts";

/** One fact about one address. */
interface Fact {
  readonly address: string;
  readonly fact: string;
  readonly text: string;
}

/** Bytes of a line of the dump. */
const LINE_BYTES = 16;

/** `coregram whatis` as a result: a row an address for programs, a line a fact for people. */
export function whatisResult(
  input: SubjectInput,
  totals: MemoryTotals,
  rows: readonly WhatisRow[],
): Result<"coregram/whatis@1", Fact> {
  return {
    schema: "coregram/whatis@1",
    input,
    totals,
    rows,
    entries: rows.flatMap((row) => [...facts(row)]),
    plain: ({ address, fact, text }) => `${address}  ${fact.padEnd(8)}  ${text}`,
    fields: [
      { key: "address", value: ({ address }) => address },
      { key: "fact", value: ({ fact }) => fact },
      { key: "text", value: ({ text }) => text },
    ],
    table: {
      columns: [
        { header: "Address", align: "left", cell: ({ address }) => address },
        { header: "Fact", align: "left", cell: ({ fact }) => fact },
        { header: "What", align: "left", cell: ({ text }) => text },
      ],
      foot: [],
    },
  };
}

function* facts(row: WhatisRow): Generator<Fact> {
  const { address, symbol, segment, mapping, module, bytes, count, memory } = row;
  const say = (fact: string, text: string): Fact => ({ address, fact, text });
  yield say("symbol", symbol ?? `none${row.unnamed === null ? "" : `: ${row.unnamed}`}`);
  yield say(
    "segment",
    segment
      ? `${segment.start}-${segment.end} ${segment.permissions}, ${memory} here`
      : `${memory}: the core has no segment there`,
  );
  if (mapping)
    yield say(
      "mapping",
      `${mapping.path}, ${mapping.start}-${mapping.end}, from ${mapping.fileOffset} of the file on`,
    );
  if (module && module !== mapping?.path) yield say("module", module);
  if (row.object) for (const [fact, text] of objectFacts(row.object)) yield say(fact, text);
  yield say("occurs", count === 1 ? "once as a word" : `${formatCount(count)} times as a word`);
  if (bytes === null) return;
  for (let at = 0; at < bytes.length; at += 2 * LINE_BYTES)
    yield say("bytes", dumpLine(at / 2, bytes.slice(at, at + 2 * LINE_BYTES)));
}

// `+0x10  01 02 …  ..` as hexdump -C has it.
function dumpLine(offset: number, hex: string): string {
  const pairs = hex.match(/../g) ?? [];
  const text = pairs
    .map((pair) => Number.parseInt(pair, 16))
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."))
    .join("");
  return `+0x${offset.toString(16).padStart(2, "0")}  ${pairs.join(" ").padEnd(3 * LINE_BYTES - 1)}  ${text}`;
}
