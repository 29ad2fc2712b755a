import { ARENAS, type ArenaRow, type ArenasTotals, type Result } from "../answers/results/index.ts";
import { formatBytes, formatCount } from "../terms/index.ts";
import { plainBytes, plainCount, tableColumn } from "./column.ts";
import type { Presentation } from "./view.ts";

/** Allocators' arenas: the plain line, the table and its foot. */
export function presentArenas({ totals, rows }: Result<"coregram/arenas@1">): Presentation<ArenaRow> {
  const { row } = ARENAS;
  return {
    lines: rows,
    plain: plainArena,
    table: {
      columns: [
        tableColumn(row, "bytes"),
        tableColumn(row, "usedBytes"),
        tableColumn(row, "usedCount"),
        { header: "Cached", align: "right", cell: (arena) => formatBytes(cachedBytes(arena)) },
        tableColumn(row, "freeBytes"),
        tableColumn(row, "topBytes"),
        tableColumn(row, "untouchedBytes"),
        tableColumn(row, "reservedBytes"),
        tableColumn(row, "arena", nameOf),
      ],
      foot: tableFoot(totals),
    },
  };
}

/** Bytes, bytes in use, blocks in use; bytes cached, free inside, free at the top, untouched, reserved; name: columns for awk and sort. */
function plainArena(arena: ArenaRow): string {
  const { bytes, usedBytes, usedCount, freeBytes, topBytes, untouchedBytes, reservedBytes } = arena;
  const free = [cachedBytes(arena), freeBytes, topBytes, untouchedBytes, reservedBytes]
    .map(plainBytes)
    .join(" ");
  return `${plainBytes(bytes)} ${plainBytes(usedBytes)} ${plainCount(usedCount)} ${free}  ${nameOf(arena)}`;
}

/** `malloc thread 0x7f…`, `pymalloc pools`. */
function nameOf({ allocator, arena, address }: ArenaRow): string {
  return address === null ? `${allocator} ${arena}` : `${allocator} ${arena} ${address}`;
}

const cachedBytes = (use: Pick<ArenaRow, "tcacheBytes" | "fastbinBytes">) =>
  use.tcacheBytes + use.fastbinBytes;

function tableFoot(totals: ArenasTotals): string[][] {
  const foot: string[][] = [];
  const rest = ["", "", "", "", "", "", ""];
  if (totals.restBytes > 0) foot.push([formatBytes(totals.restBytes), ...rest, "… more, in no row"]);
  foot.push([
    formatBytes(totals.bytes),
    formatBytes(totals.usedBytes),
    formatCount(totals.usedCount),
    formatBytes(cachedBytes(totals)),
    formatBytes(totals.freeBytes),
    formatBytes(totals.topBytes),
    formatBytes(totals.untouchedBytes),
    formatBytes(totals.reservedBytes),
    `in all, with ${formatBytes(totals.headerBytes)} of headers`,
  ]);
  if (totals.foreignBytes > 0)
    foot.push([formatBytes(totals.foreignBytes), ...rest, "of that others have, as they moved brk"]);
  if (totals.damagedBytes > 0)
    foot.push([formatBytes(totals.damagedBytes), ...rest, "of that makes no sense as chunks"]);
  return foot;
}
