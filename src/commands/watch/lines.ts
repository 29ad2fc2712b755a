import type { Frame, WatchedOwner, WatchRow } from "../../answers/results/index.ts";
import { formatBytes, formatCount, formatNames, printable } from "../../terms/index.ts";
import { textWidth } from "../../views/index.ts";
import type { ScreenState } from "./screen-state.ts";

/** Select Graphic Rendition (ECMA-48, 8.3.117). */
const STYLES = { bold: "\x1b[1m", faint: "\x1b[2m", reverse: "\x1b[7m", red: "\x1b[31m" } as const;
const RESET = "\x1b[0m";
type Style = keyof typeof STYLES;

/** Rows of a screen that owners have, at the most, and at the least types. */
const MOST_OWNERS = 8;
const LEAST_TYPES = 3;
/** Columns of an amount. */
const AMOUNT = 10;
/** Of a terminal of fewer columns, names need those of the numbers that say least. */
const NARROW = 66;

/** A terminal's size, and whether it takes colours. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
}

type WatchFrame = Frame<"coregram/watch@1">;

/**
 * What a screen shows of the last frame of a process: as many lines as it has rows at the most, none wider than it.
 * @param owners the last frame of it that has owners; null where there is none yet
 */
export function screenLines(
  frame: WatchFrame,
  owners: WatchFrame | null,
  state: ScreenState,
  { columns, rows, color }: ScreenSize,
): string[] {
  const painted = (text: string, ...styles: readonly Style[]) => {
    const line = clip(printable(text), columns);
    return color && styles.length > 0
      ? `${styles.map((each) => STYLES[each]).join("")}${line}${RESET}`
      : line;
  };
  const lines = headLines(frame, state).map((line) => painted(line, "bold"));
  lines.push(
    ...verdictLines(owners).map((line) => painted(line, ...(line.startsWith("l") ? (["red"] as const) : []))),
  );
  if (state.message !== "") lines.push(painted(state.message, "faint"));
  const foot = painted(state.prompt ?? footLine(columns), "faint");
  const found = ownersOf(owners);
  const listed = found.slice(0, Math.max(0, Math.min(MOST_OWNERS, rows - lines.length - LEAST_TYPES - 4)));
  if (listed.length > 0) {
    lines.push(painted(cells(columns, "Holds", "Change", "Since start", "Items", "Owner"), "reverse"));
    for (const [index, owner] of listed.entries()) {
      const isChosen = index === Math.min(state.chosen, listed.length - 1);
      lines.push(painted(ownerLine(owner, isChosen, columns), ...(isChosen ? (["bold"] as const) : [])));
      if (isChosen && state.isOpen)
        for (const line of openLines(owner, owners, columns)) lines.push(painted(line, "faint"));
    }
  }
  const types = typesOf(frame, state);
  lines.push(
    painted(cells(columns, "Size", "Change", "Since start", "Live", `Type${sortedBy(state)}`), "reverse"),
  );
  const room = Math.max(0, rows - lines.length - 1);
  for (const row of types.slice(0, room)) lines.push(painted(typeLine(row, columns)));
  // Of a screen too low for all, the foot stays.
  return [...lines.slice(0, Math.max(0, rows - 1)), foot];
}

const KEYS = ["q quit", "p pause", "r look now", "s sort", "/ filter", "↑↓ ⏎ open owner", "Tab next process"];
const BETWEEN_KEYS = "  ";

/** The keys that fit, none of them in part. */
function footLine(columns: number): string {
  let line = "";
  for (const key of KEYS) {
    const longer = line === "" ? key : `${line}${BETWEEN_KEYS}${key}`;
    if (textWidth(longer) > columns) break;
    line = longer;
  }
  return line;
}

function headLines({ input, totals }: WatchFrame, state: ScreenState): string[] {
  const { rssBytes, rssDiff, rssSinceFirst, freeBytes, cgroup, state: is } = totals;
  const held = state.isHeld ? ", paused: p goes on" : "";
  const which = state.processes > 1 ? ` (${state.process + 1} of ${state.processes})` : "";
  const limit = cgroup?.limitBytes ?? null;
  const used =
    limit === null ? "" : `, cgroup ${formatBytes(cgroup?.usedBytes ?? 0)} of ${formatBytes(limit)}`;
  return [
    `pid ${input.pid}${which} ${input.name}, ${totals.runtime ?? "no objects read"}, ${is === "first" ? "running" : is}${held}`,
    `RSS ${rssBytes === null ? "-" : formatBytes(rssBytes)} (${change(rssDiff)}, since start ${change(rssSinceFirst)})${used}, free in allocators ${freeBytes === null ? "-" : formatBytes(freeBytes)}`,
    `sample ${totals.sample} at ${totals.time.slice(11, 19)} UTC, took ${totals.tookMillis} ms, each ${(totals.intervalMillis / 1000).toFixed(1)} s${totals.problem === null ? "" : `: ${totals.problem}`}`,
  ];
}

function verdictLines(owners: WatchFrame | null): string[] {
  const [first] = owners?.totals.findings ?? [];
  if (owners === null) return ["verdict: not asked for yet"];
  if (first === undefined) return ["nothing looks like a leak"];
  const name = first.path ?? (first.holders === null ? "" : formatNames(first.holders));
  return [`${first.verdict}: ${name} ${formatBytes(first.bytes)}${first.why === "" ? "" : `: ${first.why}`}`];
}

function ownersOf(frame: WatchFrame | null): readonly WatchedOwner[] {
  return frame?.totals.owners ?? [];
}

function nameOf({ path, holders }: Pick<WatchedOwner, "path" | "holders">): string {
  return path ?? formatNames(holders ?? []);
}

function ownerLine(owner: WatchedOwner, isChosen: boolean, columns: number): string {
  const { bytes, bytesDiff, bytesSinceFirst, length } = owner;
  const items = length === null ? "-" : formatCount(length);
  const name = `${isChosen ? ">" : " "}${nameOf(owner)}`;
  return cells(columns, formatBytes(bytes), change(bytesDiff), change(bytesSinceFirst), items, name);
}

/** All of an owner: its path over as many lines as it takes, what it is, what it keeps, and what was said of it. */
function openLines(owner: WatchedOwner, frame: WatchFrame | null, columns: number): string[] {
  const held = owner.holds.map(
    ({ type, count, bytes }) => `${formatCount(count)} ${type} ${formatBytes(bytes)}`,
  );
  const finding = frame?.totals.findings?.find(({ path }) => path !== null && path === owner.path);
  const texts = [
    `${nameOf(owner)}${owner.type === null ? "" : `: ${owner.type}`}`,
    ...(held.length === 0 ? [] : [`keeps ${held.join(", ")}`]),
    ...(finding === undefined ? [] : [`${finding.verdict}: ${finding.why}`]),
  ];
  return texts
    .flatMap((text) => wrap(printable(text), Math.max(1, columns - 4)))
    .map((line) => `    ${line}`);
}

/** The rows that are wanted, in their order. */
function typesOf({ rows }: WatchFrame, { sort, filter }: ScreenState): WatchRow[] {
  const wanted = filter.toLowerCase();
  const found = rows.filter(({ type }) => type.toLowerCase().includes(wanted));
  if (sort === "type") return found.sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0));
  return found.sort((a, b) => (b[sort] ?? 0) - (a[sort] ?? 0));
}

const SORTED = {
  bytes: "size",
  bytesDiff: "change",
  bytesSinceFirst: "change since start",
  count: "live objects",
  type: "name",
} as const;

function sortedBy({ sort, filter }: ScreenState): string {
  return `, by ${SORTED[sort]}${filter === "" ? "" : `, only with "${filter}"`}`;
}

function typeLine({ bytes, bytesDiff, bytesSinceFirst, count, type }: WatchRow, columns: number): string {
  return cells(
    columns,
    formatBytes(bytes),
    change(bytesDiff),
    change(bytesSinceFirst),
    formatCount(count),
    ` ${type}`,
  );
}

/** A change with its sign; a dot for none. */
function change(bytes: number | null): string {
  if (bytes === null) return "-";
  if (bytes === 0) return "·";
  return `${bytes < 0 ? "-" : "+"}${formatBytes(Math.abs(bytes))}`;
}

/** A line of numbers and a name; on a narrow terminal without the third and the fourth. */
function cells(columns: number, ...texts: readonly [string, string, string, string, string]): string {
  const [size, diff, since, count, name] = texts;
  const numbers = [size.padStart(AMOUNT), diff.padStart(AMOUNT + 1)];
  if (columns >= NARROW) numbers.push(since.padStart(AMOUNT + 1), count.padStart(AMOUNT));
  return `${numbers.join(" ")} ${name}`;
}

/** As much of a printable text as fits; its end is a sign that there is more. */
function clip(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let clipped = "";
  let width = 0;
  for (const character of text) {
    width += textWidth(character);
    if (width > columns - 1) break;
    clipped += character;
  }
  return columns < 1 ? "" : `${clipped}…`;
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  let width = 0;
  for (const character of text) {
    const more = textWidth(character);
    if (width + more > columns) {
      lines.push(line);
      [line, width] = ["", 0];
    }
    line += character;
    width += more;
  }
  return line === "" ? lines : [...lines, line];
}
