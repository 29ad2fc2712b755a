import type { JsonObject, JsonValue } from "../answers/results/index.ts";
import { printable } from "../terms/index.ts";
import { gatherLines } from "./chunks.ts";
import { signed } from "./column.ts";
import type { TextFormat } from "./format.ts";

/**
 * Rows as `str()` of tracemalloc's Statistic and StatisticDiff has them (Lib/tracemalloc.py): for traces and their growth
 * alone. The name of a file with control characters in it is made printable.
 */
export const tracemalloc: TextFormat = {
  name: "tracemalloc",
  render: ({ rows }) => gatherLines(linesOf(rows)),
};

function* linesOf(rows: Iterable<JsonObject>): Generator<string> {
  for (const row of rows) yield printable("newBytes" in row ? differenceLine(row) : statisticLine(row));
}

function statisticLine(row: JsonObject): string {
  const [bytes, count] = [numberOf(row.bytes), numberOf(row.count)];
  return `${placeOf(row)}: size=${formatSize(bytes)}, count=${count}${averageOf(bytes, count)}`;
}

function differenceLine(row: JsonObject): string {
  const [bytes, count] = [numberOf(row.newBytes), numberOf(row.newCount)];
  const size = `size=${formatSize(bytes)} (${signed(numberOf(row.bytesDiff), formatSize)})`;
  const blocks = `count=${count} (${signed(numberOf(row.countDiff), String)})`;
  return `${placeOf(row)}: ${size}, ${blocks}${averageOf(bytes, count)}`;
}

function averageOf(bytes: number, count: number): string {
  return count === 0 ? "" : `, average=${formatSize(bytes / count)}`;
}

/** A traceback prints as its oldest frame, a file as its line 0. */
function placeOf(row: JsonObject): string {
  const frames = row.frames;
  const place = isList(frames) ? frames.at(-1) : row;
  const { file, line } = isObject(place) ? place : row;
  return `${file ?? "?"}:${line ?? 0}`;
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}

function numberOf(value: JsonValue | undefined): number {
  return typeof value === "number" ? value : 0;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `_format_size` without its sign. */
function formatSize(bytes: number): string {
  let size = bytes;
  for (const unit of UNITS) {
    if (size < 100 && unit !== "B") return `${fixed(size, 1)} ${unit}`;
    if (size < 10 * 1024 || unit === "TiB") return `${fixed(size, 0)} ${unit}`;
    size /= 1024;
  }
  return "";
}

/** `%.0f` and `%.1f` of C: halves go to the even digit, where toFixed goes up. */
function fixed(size: number, digits: 0 | 1): string {
  const scaled = size * 10 ** digits;
  const below = Math.floor(scaled);
  return scaled - below === 0.5 && below % 2 === 0
    ? (below / 10 ** digits).toFixed(digits)
    : size.toFixed(digits);
}
