import type { Frame, OwnerRow } from "../../answers/results/index.ts";
import { formatCount } from "../../terms/index.ts";
import { element } from "../element.ts";
import { bytesFigure, counted } from "../figures.ts";
import { tableOf } from "../table.ts";
import {
  byWeight,
  CONTAINERS_TABLE,
  holdersByType,
  ownersTable,
  restText,
  STRINGS_TABLE,
  typesTable,
} from "../tables.ts";
import type { Section } from "./section.ts";

/** Who keeps objects alive: as a picture where the page's program runs, as a table in any case. */
export function ownersSection({ totals, rows }: Frame<"coregram/owners@1">): Section {
  const all = totals.bytes + totals.nativeBytes;
  const sorted = byWeight(rows);
  const rest = {
    count: totals.count - sum(rows, ({ count }) => count),
    bytes: totals.bytes - sum(rows, ({ bytes }) => bytes),
    native: totals.nativeBytes - sum(rows, ({ nativeBytes }) => nativeBytes),
  };
  return {
    id: "owners",
    title: "Who holds it",
    body: [
      element(
        "p",
        {},
        "An owner is what would let go of memory if it were emptied. What it ",
        element("em", {}, "holds"),
        " is its own: no byte stands in two rows. What it ",
        element("em", {}, "retains"),
        " is all that would go with it, other owners in it included.",
      ),
      element("div", { id: "icicle", hidden: true }),
      tableOf(ownersTable(all), sorted, [
        ...(rest.bytes + rest.native > 0
          ? [
              [
                "In no row",
                bytesFigure(rest.bytes + rest.native),
                bytesFigure(rest.native),
                null,
                formatCount(rest.count),
              ],
            ]
          : []),
        [
          "Live objects and native memory",
          bytesFigure(all),
          bytesFigure(totals.nativeBytes),
          null,
          formatCount(totals.count),
        ],
      ]),
    ],
  };
}

function sum<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

export function typesSection(
  { totals, rows }: Frame<"coregram/types@1">,
  owners: readonly OwnerRow[],
): Section {
  return {
    id: "types",
    title: "Types",
    body: [
      element(
        "p",
        {},
        `${formatCount(totals.count)} live objects of ${counted(totals.types, "type")}, sized as sys.getsizeof does. `,
        "Freed objects are counted as far as their memory still tells: at least so many.",
      ),
      tableOf(typesTable(totals.bytes, holdersByType(owners)), rows, [
        ...(totals.types > rows.length
          ? [
              [
                restText(totals.types - rows.length, "type"),
                bytesFigure(totals.restBytes),
                formatCount(totals.restCount),
              ],
            ]
          : []),
        [
          "All",
          bytesFigure(totals.bytes),
          formatCount(totals.count),
          null,
          totals.freedCount === null ? null : formatCount(totals.freedCount),
          totals.freedBytes === null ? null : bytesFigure(totals.freedBytes),
        ],
      ]),
    ],
  };
}

export function stringsSection({ totals, rows }: Frame<"coregram/strings@1">): Section {
  const { duplicates, wastedBytes, restWastedBytes, notCompared } = totals;
  return {
    id: "strings",
    title: "Duplicate texts",
    body: [
      element(
        "p",
        {},
        `Texts that are there more than once: ${formatCount(duplicates)}. One of each would save `,
        bytesFigure(wastedBytes),
        notCompared > 0 ? `. Of ${counted(notCompared, "object")} the content is not saved.` : ".",
      ),
      tableOf(STRINGS_TABLE, rows, [
        ...(restWastedBytes > 0
          ? [[restText(duplicates - rows.length, "text"), bytesFigure(restWastedBytes)]]
          : []),
      ]),
    ],
  };
}

export function containersSection({ totals, rows }: Frame<"coregram/containers@1">): Section {
  const { count, bytes, emptyCount, emptyBytes, restCount, restBytes } = totals;
  return {
    id: "containers",
    title: "Biggest containers",
    body: [
      element(
        "p",
        {},
        `All ${formatCount(count)} dicts, lists, sets and deques take `,
        bytesFigure(bytes),
        `, their items aside; the ${formatCount(emptyCount)} that are empty take `,
        bytesFigure(emptyBytes),
        ".",
      ),
      tableOf(CONTAINERS_TABLE, rows, [
        ...(restCount > 0 ? [[restText(restCount, "container"), bytesFigure(restBytes)]] : []),
      ]),
    ],
  };
}
