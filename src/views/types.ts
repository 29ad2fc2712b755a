import {
  type Result,
  TYPES,
  type TypeRow,
  type TypesBridge,
  type TypesTotals,
} from "../answers/results/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import { plainBytes, plainCount, tableColumn } from "./column.ts";
import type { Presentation } from "./view.ts";

/** Types: the plain line, the table, and below it where all saved bytes are. */
export function presentTypes({ totals, rows }: Result<"coregram/types@1">): Presentation<TypeRow> {
  const { row } = TYPES;
  return {
    lines: rows,
    plain: plainType,
    table: {
      columns: [
        tableColumn(row, "count"),
        tableColumn(row, "bytes"),
        tableColumn(row, "freedCount"),
        tableColumn(row, "type", ({ type, inferred }) => `${type}${inferred ? " ?" : ""}`),
      ],
      foot: tableFoot(totals),
    },
  };
}

/** Live count, live bytes, freed count, name: columns for awk and sort. */
function plainType({ count, bytes, freedCount, type }: TypeRow): string {
  return `${plainCount(count)} ${plainBytes(bytes)} ${plainCount(freedCount)}  ${type}`;
}

/** What each part of the balance is, for people. */
const PARTS = [
  ["objectBlocks", "blocks of live objects"],
  ["tables", "tables and buffers that they own"],
  ["internTable", "the interpreter's table of interned strings"],
  ["otherBlocks", "other blocks in use, of C code and libraries"],
  ["freedBlocks", "freed blocks, which pymalloc keeps for later"],
  ["uncarved", "never used in pymalloc's pools"],
  ["freePools", "free pools, which pymalloc keeps"],
  ["unusedArenas", "unused in pymalloc's arenas"],
  ["mallocFree", "free, which malloc keeps"],
  ["headers", "headers of pools and chunks"],
  ["staticData", "modules' data"],
  ["stacks", "stacks"],
  ["modulePages", "modules' code and constants"],
  ["readOnly", "other memory that is not writable"],
  ["unknown", "unknown"],
] as const;

/** The rest, the total, and where all saved bytes are. */
function tableFoot({ balance, bridge, ...totals }: TypesTotals): string[][] {
  const foot: string[][] = [];
  if (totals.restCount > 0)
    foot.push([formatCount(totals.restCount), formatBytes(totals.restBytes), "", "… more, in no row"]);
  foot.push([
    formatCount(totals.count),
    formatBytes(totals.bytes),
    formatCount(totals.freedCount),
    `objects of ${formatCount(totals.types)} types, by sys.getsizeof`,
  ]);
  for (const [part, text] of PARTS)
    if (balance[part] !== 0)
      foot.push([
        "",
        formatBytes(balance[part]),
        "",
        part === "objectBlocks" ? `${text}: ${describeBridge(bridge)}` : text,
      ]);
  foot.push(["", formatBytes(totals.savedBytes), "", "saved memory in all"]);
  return foot;
}

/** `the above - 2 MB of tables - 1 MB in modules' data + 3 MB of rounding up`. */
function describeBridge({ tables, staticObjects, rounding }: TypesBridge): string {
  const rest = `${rounding < 0 ? "-" : "+"} ${formatBytes(Math.abs(rounding))} of rounding up`;
  return `the above - ${formatBytes(tables)} of tables - ${formatBytes(staticObjects)} in modules' data ${rest}`;
}
