import { type Result, WHATIS, type WhatisLine, type WhatisRow } from "../answers/results/index.ts";
import { formatCount } from "../terms/index.ts";
import { tableColumn } from "./column.ts";
import { placeText } from "./place.ts";
import type { Presentation } from "./view.ts";
import { blockFacts, objectFacts } from "./whatis-object.ts";

/** Bytes of a line of the dump. */
const LINE_BYTES = 16;

/** `coregram whatis`: a line a fact, the address in front of each. */
export function presentWhatis({ rows }: Result<"coregram/whatis@1">): Presentation<WhatisLine> {
  const { lines } = WHATIS;
  return {
    lines: allFacts(rows),
    plain: ({ address, fact, text }) => `${address}  ${fact.padEnd(8)}  ${text}`,
    table: {
      columns: [tableColumn(lines, "address"), tableColumn(lines, "fact"), tableColumn(lines, "text")],
      foot: [],
    },
  };
}

function* allFacts(rows: Iterable<WhatisRow>): Generator<WhatisLine> {
  for (const row of rows) yield* facts(row);
}

function* facts(row: WhatisRow): Generator<WhatisLine> {
  const { address, symbol, segment, mapping, module, bytes, count, memory } = row;
  const say = (fact: string, text: string): WhatisLine => ({ address, fact, text });
  yield say("symbol", symbol ?? `none${row.unnamed === null ? "" : `: ${row.unnamed}`}`);
  yield say(
    "segment",
    segment
      ? `${segment.start}-${segment.end} ${segment.permissions}, ${memory} here`
      : `${memory}: no segment is there`,
  );
  if (mapping)
    yield say(
      "mapping",
      `${mapping.path}, ${mapping.start}-${mapping.end}, from ${mapping.fileOffset} of the file on`,
    );
  if (module && module !== mapping?.path) yield say("module", module);
  if (row.object) for (const [fact, text] of objectFacts(row.object)) yield say(fact, text);
  if (row.block) for (const [fact, text] of blockFacts(row.block)) yield say(fact, text);
  for (const [fact, text] of allocationFacts(row)) yield say(fact, text);
  yield say("occurs", count === 1 ? "once as a word" : `${formatCount(count)} times as a word`);
  if (bytes === null) return;
  for (let at = 0; at < bytes.length; at += 2 * LINE_BYTES)
    yield say("bytes", dumpLine(at / 2, bytes.slice(at, at + 2 * LINE_BYTES)));
}

/** The line that allocated it, and who called that, where tracemalloc was tracing. */
function* allocationFacts({ traced, allocated, object }: WhatisRow): Generator<[fact: string, text: string]> {
  if (traced === false && object?.state === "live")
    yield ["made at", "not traced: allocated before tracemalloc was started, or static"];
  if (allocated === null) return;
  const { frames, totalFrames, bytes, domain } = allocated;
  const [first, ...callers] = frames;
  const extra = domain === 0 ? "" : `, in domain ${domain}`;
  yield ["made at", `${placeText(first)}, a block of ${formatCount(bytes)} bytes${extra}`];
  for (const caller of callers) yield ["called", `from ${placeText(caller)}`];
  if (totalFrames > frames.length)
    yield ["called", `${formatCount(totalFrames - frames.length)} more frames were not kept`];
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
