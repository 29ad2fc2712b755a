import type {
  ContainerRow,
  HeldType,
  OwnerRow,
  StringRow,
  TaskRow,
  TypeRow,
  WordRow,
} from "../answers/results/index.ts";
import { formatCount, formatNames } from "../terms/index.ts";
import { type Element, element, type Given, shown } from "./element.ts";
import { bar, bytesFigure, counted } from "./figures.ts";
import type { PageTable } from "./table.ts";

/** Tables that stand in the file and that the page's program sorts and searches: one description for both. */

/** What an owner is called: its path, or those of the containers that hold it together. */
export function ownerName({ path, holders, type }: Pick<OwnerRow, "path" | "holders" | "type">): string {
  if (path !== null) return path;
  return holders === null || holders.length === 0
    ? `held together: ${type ?? "objects"}`
    : `held by ${formatNames(holders)}`;
}

/** Biggest first by what they hold for themselves, as owners are without their tree. */
export function byWeight(rows: readonly OwnerRow[]): OwnerRow[] {
  return [...rows].sort((a, b) => weightOf(b) - weightOf(a) || b.count - a.count);
}

/** What an owner holds for itself, objects and native memory. */
function weightOf({ bytes, nativeBytes }: OwnerRow): number {
  return bytes + nativeBytes;
}

/** @param whole bytes of all objects and native memory */
export function ownersTable(whole: number): PageTable<OwnerRow> {
  return {
    name: "owners",
    noun: "owners",
    caption: "Owners, by what each holds for itself",
    sorted: "bytes",
    columns: [
      { key: "path", title: "Owner", kind: "code", of: ownerName, cell: ownerCell },
      {
        key: "bytes",
        title: "Holds",
        kind: "bytes",
        of: weightOf,
        cell: (row) => [bytesFigure(weightOf(row)), bar(weightOf(row), whole)],
      },
      {
        key: "nativeBytes",
        title: "Of it native",
        kind: "bytes",
        of: ({ nativeBytes }) => nativeBytes,
        cell: ({ nativeBytes }) =>
          nativeBytes > 0 && [bytesFigure(nativeBytes), bar(nativeBytes, whole, "native")],
      },
      {
        key: "retainedBytes",
        title: "Retains",
        kind: "bytes",
        of: ({ retainedBytes, retainedNativeBytes }) => retainedBytes + retainedNativeBytes,
      },
      { key: "count", title: "Objects", kind: "count", of: ({ count }) => count },
      { key: "length", title: "Items", kind: "count", of: ({ length }) => length },
      { key: "type", title: "Type", kind: "code", of: ({ type }) => type },
    ],
  };
}

function ownerCell(row: OwnerRow): Given {
  const name = ownerName(row);
  if (row.holds.length === 0) return name;
  return element(
    "details",
    {},
    element("summary", {}, name),
    heldList(row.holds),
    element("a", { href: linkTo("owner", name) }, "Link to this owner"),
  );
}

/** The page's own link to what it has a name for. */
export function linkTo(kind: "owner" | "type", name: string): string {
  return `#${kind}=${encodeURIComponent(shown(name))}`;
}

/** What an owner keeps for itself, by type. */
export function heldList(holds: readonly HeldType[]): Element {
  return element(
    "ul",
    { class: "held" },
    holds.map(({ type, count, bytes }) =>
      element("li", {}, bytesFigure(bytes), ` in ${formatCount(count)} `, element("code", {}, type)),
    ),
  );
}

/** An owner, and what it holds of one type. */
export interface TypeHolder {
  readonly owner: string;
  readonly count: number;
  readonly bytes: number;
}

const MOST_HOLDERS = 10;

/** Who holds most of each type, as far as the types that owners hold most of tell. */
export function holdersByType(owners: readonly OwnerRow[]): ReadonlyMap<string, readonly TypeHolder[]> {
  const found = new Map<string, TypeHolder[]>();
  for (const owner of owners)
    for (const { type, count, bytes } of owner.holds) {
      const holders = found.get(type);
      const holder = { owner: ownerName(owner), count, bytes };
      if (holders) holders.push(holder);
      else found.set(type, [holder]);
    }
  for (const holders of found.values()) {
    holders.sort((a, b) => b.bytes - a.bytes);
    holders.length = Math.min(holders.length, MOST_HOLDERS);
  }
  return found;
}

/** @param whole bytes of all objects */
export function typesTable(
  whole: number,
  holders: ReadonlyMap<string, readonly TypeHolder[]>,
): PageTable<TypeRow> {
  return {
    name: "types",
    noun: "types",
    caption: "Types, by the bytes of their live objects",
    sorted: "bytes",
    columns: [
      {
        key: "type",
        title: "Type",
        kind: "code",
        of: ({ type }) => type,
        cell: (row) => typeCell(row, holders.get(row.type) ?? []),
      },
      {
        key: "bytes",
        title: "Live",
        kind: "bytes",
        of: ({ bytes }) => bytes,
        cell: ({ bytes }) => [bytesFigure(bytes), bar(bytes, whole)],
      },
      { key: "count", title: "Objects", kind: "count", of: ({ count }) => count },
      {
        key: "average",
        title: "Average",
        kind: "bytes",
        of: ({ bytes, count }) => (count === 0 ? null : Math.round(bytes / count)),
      },
      { key: "freedCount", title: "Freed", kind: "count", of: ({ freedCount }) => freedCount },
      { key: "freedBytes", title: "Freed bytes", kind: "bytes", of: ({ freedBytes }) => freedBytes },
    ],
  };
}

function typeCell({ type, inferred }: TypeRow, holders: readonly TypeHolder[]): Given {
  const name = inferred ? `${type} ?` : type;
  if (holders.length === 0) return name;
  return element(
    "details",
    {},
    element("summary", {}, name),
    element(
      "ul",
      { class: "held" },
      holders.map(({ owner, count, bytes }) =>
        element(
          "li",
          {},
          bytesFigure(bytes),
          ` in ${formatCount(count)} held by `,
          element("a", { href: linkTo("owner", owner) }, owner),
        ),
      ),
    ),
  );
}

export const STRINGS_TABLE: PageTable<StringRow> = {
  name: "strings",
  noun: "texts",
  caption: "Texts that are there more than once, by what one of each would save",
  sorted: "wastedBytes",
  columns: [
    { key: "text", title: "Text", kind: "code", of: ({ text }) => text ?? "(not saved)" },
    { key: "wastedBytes", title: "Wasted", kind: "bytes", of: ({ wastedBytes }) => wastedBytes },
    { key: "count", title: "Copies", kind: "count", of: ({ count }) => count },
    { key: "length", title: "Length", kind: "count", of: ({ length }) => length },
    { key: "type", title: "Type", kind: "code", of: ({ type }) => type },
  ],
};

export const CONTAINERS_TABLE: PageTable<ContainerRow> = {
  name: "containers",
  noun: "containers",
  caption: "The biggest containers, and how full they are",
  sorted: "bytes",
  columns: [
    { key: "path", title: "Container", kind: "code", of: ({ path }) => path ?? "" },
    { key: "type", title: "Type", kind: "code", of: ({ type, address }) => `${type} ${address}` },
    { key: "bytes", title: "Size", kind: "bytes", of: ({ bytes }) => bytes },
    { key: "length", title: "Items", kind: "count", of: ({ length }) => length },
    { key: "capacity", title: "Room for", kind: "count", of: ({ capacity }) => capacity },
    {
      key: "full",
      title: "Full",
      kind: "count",
      of: ({ length, capacity }) => (capacity === 0 ? null : length / capacity),
      cell: ({ length, capacity }) => (capacity === 0 ? "" : `${Math.round((100 * length) / capacity)} %`),
    },
  ],
};

/** Tasks that the page has rows of. */
export const MOST_TASKS = 1000;
/** A deeper task is shown no further to the right. */
const DEEPEST = 8;

/** Each below the first that waits for it. */
export const TASKS_TABLE: PageTable<TaskRow> = {
  name: "tasks",
  noun: "tasks",
  caption: "Tasks that have not ended, each below the first that waits for it",
  sorted: "",
  columns: [
    { key: "name", title: "Task", kind: "code", of: taskName, cell: taskCell },
    { key: "state", title: "State", kind: "text", of: ({ state }) => state },
    { key: "waitsFor", title: "Waits for", kind: "code", of: ({ waitsFor }) => waitsFor?.type ?? null },
    { key: "places", title: "Where it is", kind: "code", of: taskPlaces },
  ],
};

function taskName({ name, address }: TaskRow): string {
  return name ?? address;
}

function taskCell(row: TaskRow): string {
  return row.depth === 0
    ? taskName(row)
    : `${"\u00a0\u00a0".repeat(Math.min(row.depth, DEEPEST))}↳ ${taskName(row)}`;
}

/** The functions that a task is in, the outermost first. */
export function taskPlaces({ frames }: TaskRow): string {
  if (frames.length === 0) return "no function that is known";
  return frames
    .map(
      ({ function: name, file, line }) =>
        `${name ?? "unknown"}${file === null ? "" : ` ${placeOf(file, line)}`}`,
    )
    .join(" → ");
}

/** `app.py:12` */
export function placeOf(file: string, line: number | null): string {
  return line === null ? file : `${file}:${line}`;
}

/** What a word is called: maps and modules come before what the core says of its own types. */
function wordName({ symbol, type }: WordRow): string | null {
  return symbol ?? (type === null ? null : `type ${type}`);
}

/** @param whole words in all */
export function wordsTable(whole: number): PageTable<WordRow> {
  return {
    name: "words",
    noun: "words",
    caption: "The most frequent 8-byte words",
    sorted: "count",
    columns: [
      { key: "word", title: "Word", kind: "code", of: ({ word }) => word },
      {
        key: "count",
        title: "Count",
        kind: "count",
        of: ({ count }) => count,
        cell: ({ count }) => [formatCount(count), bar(count, whole, "other")],
      },
      { key: "name", title: "Name", kind: "code", of: wordName },
    ],
  };
}

/** What stands below a table of which some is in no row. */
export function restText(count: number, noun: string): string {
  return `${counted(count, noun)} more, in no row`;
}
