import {
  type Columns,
  OWNERS,
  type OwnerRow,
  type OwnersTotals,
  type Result,
} from "../answers/results/index.ts";
import { formatBytes, formatCount, formatNames } from "../terms/index.ts";
import { plainBytes, plainCount, tableColumn } from "./column.ts";
import { ownerStacks, referrerGraph } from "./owner-graphs.ts";
import { placeText } from "./place.ts";
import { CONSERVATIVE, restOf } from "./referrers.ts";
import type { Presentation } from "./view.ts";

/** A type of what an owner keeps, or a line that allocated of it. */
interface Held {
  readonly bytes: number;
  readonly count: number;
  readonly type: string;
  /** Empty of a type alone. */
  readonly place: string;
}

/** A line: an owner, what of that the owner above it keeps, or what refers to it. */
interface Line {
  readonly row: OwnerRow;
  readonly held: Held | null;
  readonly referrer: ReferrerLine | null;
}

/** References that are alike, or how many others there are. */
interface ReferrerLine {
  readonly count: number;
  readonly type: string;
  readonly name: string;
}

/**
 * Owners: the plain line, the table and its foot.
 * @param options `holdLines`: what an owner keeps is a line each below it; `ofObject`: the rows are an object and what it
 * cannot be reached without
 */
export function presentOwners(
  { totals, rows }: Result<"coregram/owners@1">,
  options: { readonly holdLines?: boolean; readonly ofObject?: boolean },
): Presentation<Line> {
  const { row } = OWNERS;
  return {
    lines: linesOf(rows, options.holdLines === true),
    ...(options.ofObject ? { graph: referrerGraph([...rows]) } : { stacks: ownerStacks(rows, totals) }),
    plain: plainOwner,
    table: {
      columns: [
        {
          ...tableColumn(row, "bytes"),
          cell: ({ row, held, referrer }) => (referrer ? "" : formatBytes((held ?? row).bytes)),
        },
        {
          ...tableColumn(row, "count"),
          cell: ({ row, held, referrer }) => formatCount((referrer ?? held ?? row).count),
        },
        { ...tableColumn(row, "nativeBytes"), cell: nativeOf },
        { ...tableColumn(row, "length"), cell: (line) => lengthOf(line, formatCount, "") },
        { ...tableColumn(row, "type"), cell: typeOf },
        { ...tableColumn(row, "path"), cell: longNameOf },
      ],
      foot: tableFoot(totals),
    },
  };
}

function* linesOf(rows: Iterable<OwnerRow>, holdLines: boolean): Generator<Line> {
  for (const row of rows) {
    yield { row, held: null, referrer: null };
    if (holdLines) for (const held of row.holds) yield { row, held: { ...held, place: "" }, referrer: null };
    for (const { type, bytes, count, ...place } of row.lines ?? [])
      yield { row, held: { type: type ?? "-", bytes, count, place: placeText(place) }, referrer: null };
    for (const referrer of referrersOf(row)) yield { row, held: null, referrer };
  }
}

function* referrersOf(row: OwnerRow): Generator<ReferrerLine> {
  for (const { path, type, count, conservative } of row.referrers ?? [])
    yield {
      count,
      type: `  ${REFERRER} ${type ?? "-"}`,
      name: conservative ? `${path}: ${CONSERVATIVE}` : path,
    };
  const count = restOf(row);
  if (count > 0) yield { count, type: `  ${REFERRER} …`, name: `${formatCount(count)} more references` };
}

/** Stands in front of what refers to the object above. */
const REFERRER = "<-";

/** Bytes, objects, items or `-`, type, path: columns for awk and sort. What refers to an object has references for objects. */
function plainOwner(line: Line): string {
  const { row, held, referrer } = line;
  const { count } = referrer ?? held ?? row;
  const bytes = referrer === null ? (held ?? row).bytes : "-";
  const name = nameOf(line);
  const length = lengthOf(line, String, "-");
  const text = `${plainBytes(bytes)} ${plainCount(count)} ${plainCount(length)}  ${typeOf(line)}`;
  return name === "" ? text : `${text}  ${name}`;
}

function lengthOf({ row, held, referrer }: Line, format: (count: number) => string, none: string): string {
  return held !== null || referrer !== null || row.length === null ? none : format(row.length);
}

function nativeOf({ row, held, referrer }: Line): string {
  return held !== null || referrer !== null || row.nativeBytes === 0 ? "" : formatBytes(row.nativeBytes);
}

function typeOf({ row, held, referrer }: Line): string {
  return referrer !== null ? referrer.type : held !== null ? `  ${held.type}` : (row.type ?? "-");
}

function nameOf({ row, held, referrer }: Line): string {
  return referrer !== null
    ? referrer.name
    : held !== null
      ? held.place
      : named(row, row.path ?? formatNames(row.holders ?? []));
}

/** With the containers that hold it together. */
function longNameOf(line: Line): string {
  const { row, held, referrer } = line;
  if (held !== null || referrer !== null) return nameOf(line);
  if (row.holders === null) return named(row, row.path ?? "");
  const heldBy = `held by ${formatNames(row.holders)}`;
  return named(row, row.path === null ? heldBy : `${row.path}, ${heldBy}`);
}

function named(row: OwnerRow, name: string): string {
  const path = "  ".repeat(row.depth) + name;
  return row.suspect === null ? path : `${path}: ${row.suspect}`;
}

function tableFoot(totals: OwnersTotals): string[][] {
  const foot: string[][] = [];
  if (totals.restBytes > 0)
    foot.push([
      formatBytes(totals.restBytes),
      formatCount(totals.restCount),
      "",
      "",
      "",
      "… more, in no row",
    ]);
  const columns: Columns = OWNERS.totals.reached.columns;
  for (const [part, { bytes, count }] of Object.entries(totals.reached))
    if (count > 0)
      foot.push([formatBytes(bytes), formatCount(count), "", "", "", columns[part]?.title ?? part]);
  foot.push([formatBytes(totals.bytes), formatCount(totals.count), "", "", "", "live objects in all"]);
  return foot;
}
