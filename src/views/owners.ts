import type { Coverage, HeldType, OwnerRow, OwnersTotals, SubjectInput } from "../answers/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import type { Result } from "./result.ts";

const BYTES_WIDTH = 12;
const COUNT_WIDTH = 9;

/** A line: an owner, or a type of what the owner above it keeps. */
interface Line {
  readonly row: OwnerRow;
  readonly held: HeldType | null;
}

/**
 * Owners as a result, in the order of the rows.
 * @param options `holdLines`: what an owner keeps is a line each below it, and not a cell
 */
export function ownersResult(
  input: SubjectInput,
  totals: OwnersTotals,
  rows: readonly OwnerRow[],
  options: { readonly holdLines: boolean },
): Result<"coregram/owners@1", Line> {
  return {
    schema: "coregram/owners@1",
    input,
    totals,
    rows,
    entries: linesOf(rows, options.holdLines),
    plain: plainOwner,
    fields: [
      { key: "path", value: ({ row }) => row.path },
      { key: "type", value: ({ row }) => row.type },
      { key: "address", value: ({ row }) => row.address },
      { key: "length", value: ({ row }) => row.length },
      { key: "retainedBytes", value: ({ row }) => row.retainedBytes },
      { key: "retainedCount", value: ({ row }) => row.retainedCount },
      { key: "bytes", value: ({ row }) => row.bytes },
      { key: "count", value: ({ row }) => row.count },
      { key: "depth", value: ({ row }) => row.depth },
      { key: "holds", value: ({ row }) => row.holds },
      { key: "suspect", value: ({ row }) => row.suspect },
    ],
    table: {
      columns: [
        { header: "Holds", align: "right", cell: ({ row, held }) => formatBytes((held ?? row).bytes) },
        { header: "Objects", align: "right", cell: ({ row, held }) => formatCount((held ?? row).count) },
        { header: "Items", align: "right", cell: (line) => lengthOf(line, formatCount, "") },
        { header: "Type", align: "left", cell: (line) => typeOf(line) },
        { header: "Owner", align: "left", cell: (line) => nameOf(line) },
      ],
      foot: tableFoot(totals),
    },
  };
}

function* linesOf(rows: readonly OwnerRow[], holdLines: boolean): Generator<Line> {
  for (const row of rows) {
    yield { row, held: null };
    if (holdLines) for (const held of row.holds) yield { row, held };
  }
}

/** Bytes, objects, items or `-`, type, path: columns for awk and sort. */
function plainOwner(line: Line): string {
  const { row, held } = line;
  const bytes = String((held ?? row).bytes).padStart(BYTES_WIDTH);
  const count = String((held ?? row).count).padStart(COUNT_WIDTH);
  const name = nameOf(line);
  const text = `${bytes} ${count} ${lengthOf(line, String, "-").padStart(COUNT_WIDTH)}  ${typeOf(line)}`;
  return name === "" ? text : `${text}  ${name}`;
}

function lengthOf({ row, held }: Line, format: (count: number) => string, none: string): string {
  return held !== null || row.length === null ? none : format(row.length);
}

function typeOf({ row, held }: Line): string {
  return held !== null ? `  ${held.type}` : (row.type ?? "-");
}

function nameOf({ row, held }: Line): string {
  if (held !== null) return "";
  const path = "  ".repeat(row.depth) + row.path;
  return row.suspect === null ? path : `${path}: ${row.suspect}`;
}

/** What leads to the objects, for people. */
export const REACHED: readonly (readonly [keyof Coverage, string])[] = [
  ["modules", "reached from modules"],
  ["frames", "from running frames"],
  ["stacks", "from threads' stacks"],
  ["data", "from C data"],
  ["interned", "interned strings"],
  ["other", "from other memory"],
  ["garbage", "from nothing"],
];

function tableFoot(totals: OwnersTotals): string[][] {
  const foot: string[][] = [];
  if (totals.restBytes > 0)
    foot.push([formatBytes(totals.restBytes), formatCount(totals.restCount), "", "", "… more, in no row"]);
  for (const [part, text] of REACHED) {
    const { bytes, count } = totals.reached[part];
    if (count > 0) foot.push([formatBytes(bytes), formatCount(count), "", "", text]);
  }
  foot.push([formatBytes(totals.bytes), formatCount(totals.count), "", "", "live objects in all"]);
  return foot;
}
