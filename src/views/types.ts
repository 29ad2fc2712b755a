import type { SubjectInput, TypeRow, TypesBridge, TypesTotals } from "../answers/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import type { Result } from "./result.ts";

const COUNT_WIDTH = 9;
const BYTES_WIDTH = 12;

/** Types as a result, in the order of the rows. `totals` must be final before they are iterated. */
export function typesResult(
  input: SubjectInput,
  totals: TypesTotals,
  rows: Iterable<TypeRow>,
): Result<"coregram/types@1"> {
  return {
    schema: "coregram/types@1",
    input,
    totals,
    rows,
    entries: rows,
    plain: plainType,
    fields: [
      { key: "type", value: (row) => row.type },
      { key: "address", value: (row) => row.address },
      { key: "count", value: (row) => row.count },
      { key: "bytes", value: (row) => row.bytes },
      { key: "freedCount", value: (row) => row.freedCount },
      { key: "freedBytes", value: (row) => row.freedBytes },
      { key: "inferred", value: (row) => row.inferred },
    ],
    table: {
      columns: [
        { header: "Live", align: "right", cell: (row) => formatCount(row.count) },
        { header: "Size", align: "right", cell: (row) => formatBytes(row.bytes) },
        { header: "Freed", align: "right", cell: (row) => formatCount(row.freedCount) },
        { header: "Type", align: "left", cell: (row) => `${row.type}${row.inferred ? " ?" : ""}` },
      ],
      foot: tableFoot(totals),
    },
  };
}

/** Live count, live bytes, freed count, name: columns for awk and sort. */
function plainType(row: TypeRow): string {
  const count = String(row.count).padStart(COUNT_WIDTH);
  const bytes = String(row.bytes).padStart(BYTES_WIDTH);
  return `${count} ${bytes} ${String(row.freedCount).padStart(COUNT_WIDTH)}  ${row.type}`;
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
