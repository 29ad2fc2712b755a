import { formatBytes, formatCount } from "../terms/index.ts";
import type { Result } from "./result.ts";
import type { SubjectInput, TypeRow, TypesTotals } from "./schema.ts";

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
  ["otherBlocks", "other blocks in use: tables, buffers, C data"],
  ["freedBlocks", "freed, kept by the allocator"],
  ["allocatorRest", "allocator's headers and never used"],
  ["staticData", "modules' data"],
  ["stacks", "stacks"],
  ["notWritable", "not writable"],
  ["other", "other"],
] as const;

/** The rest, the total, and where all saved bytes are. */
function tableFoot({ balance, ...totals }: TypesTotals): string[][] {
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
    if (balance[part] !== 0) foot.push(["", formatBytes(balance[part]), "", text]);
  foot.push(["", formatBytes(totals.savedBytes), "", "saved memory in all"]);
  return foot;
}
