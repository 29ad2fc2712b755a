import type {
  ContainerRow,
  HeldType,
  OwnerRow,
  StringRow,
  TypeRow,
  WordRow,
} from "../answers/results/index.ts";
import { formatCount, formatNames } from "../terms/index.ts";
import { element, type Given } from "./element.ts";
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

/** @param whole bytes of all objects and native memory */
export function ownersTable(whole: number): PageTable<OwnerRow> {
  return {
    name: "owners",
    caption: "Owners, by what each holds for itself",
    sorted: "bytes",
    columns: [
      { key: "path", title: "Owner", kind: "code", of: ownerName, cell: ownerCell },
      {
        key: "bytes",
        title: "Holds",
        kind: "bytes",
        of: ({ bytes }) => bytes,
        cell: ({ bytes }) => [bytesFigure(bytes), bar(bytes, whole)],
      },
      {
        key: "nativeBytes",
        title: "Native",
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
  return element("details", {}, element("summary", {}, name), heldList(row.holds));
}

/** What an owner keeps for itself, by type. */
export function heldList(holds: readonly HeldType[]): Given {
  return element(
    "ul",
    { class: "held" },
    holds.map(({ type, count, bytes }) =>
      element("li", {}, bytesFigure(bytes), ` in ${formatCount(count)} `, element("code", {}, type)),
    ),
  );
}

/** @param whole bytes of all objects */
export function typesTable(whole: number): PageTable<TypeRow> {
  return {
    name: "types",
    caption: "Types, by the bytes of their live objects",
    sorted: "bytes",
    columns: [
      {
        key: "type",
        title: "Type",
        kind: "code",
        of: ({ type }) => type,
        cell: ({ type, inferred }) => (inferred ? `${type} ?` : type),
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

export const STRINGS_TABLE: PageTable<StringRow> = {
  name: "strings",
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
  caption: "The biggest containers, and how full they are",
  sorted: "bytes",
  columns: [
    {
      key: "type",
      title: "Container",
      kind: "code",
      of: ({ type, address }) => `${type} ${address}`,
    },
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

/** What a word is called: maps and modules come before what the core says of its own types. */
function wordName({ symbol, type }: WordRow): string | null {
  return symbol ?? (type === null ? null : `type ${type}`);
}

/** @param whole words in all */
export function wordsTable(whole: number): PageTable<WordRow> {
  return {
    name: "words",
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
