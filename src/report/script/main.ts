import { shown } from "../element.ts";
import { growthTable } from "../growth-table.ts";
import type { PageTable } from "../table.ts";
import {
  byWeight,
  CONTAINERS_TABLE,
  holdersByType,
  linkTo,
  ownerName,
  ownersTable,
  STRINGS_TABLE,
  TASKS_TABLE,
  typesTable,
  wordsTable,
} from "../tables.ts";
import { placeOwners } from "./blocks.ts";
import { BrowsedTable } from "./browsed.ts";
import { readFrame } from "./data.ts";
import { Icicle, nameOf } from "./icicle.ts";

/** What the page's links open, by the name before their `=`. */
const openers = new Map<string, (name: string) => void>();

/** Makes a table of the file one that can be browsed; null where the page has no such table. */
function browse<Row>(table: PageTable<Row>, rows: readonly Row[] | undefined): BrowsedTable<Row> | null {
  const place = document.querySelector<HTMLTableElement>(`table[data-table="${table.name}"]`);
  return place === null || rows === undefined ? null : new BrowsedTable(place, table, rows);
}

function showOwners(): void {
  const owners = readFrame<"coregram/owners@1">("owners");
  const place = document.getElementById("icicle");
  if (owners === null || place === null) return;
  const { rows, totals } = owners;
  const table = browse(ownersTable(totals.bytes + totals.nativeBytes), byWeight(rows));
  const root = placeOwners(rows, totals);
  const icicle = new Icicle(place, root, (node) =>
    history.replaceState(null, "", node.parent === null ? "#owners" : linkTo("owner", nameOf(node))),
  );
  openers.set("owner", (name) => {
    const node = root.find(({ data: { row } }) => row !== null && shown(ownerName(row)) === name);
    if (node !== undefined) icicle.zoom(node);
    table?.reveal(name);
  });
}

function showTypes(): void {
  const types = readFrame<"coregram/types@1">("types");
  if (types === null) return;
  const holders = holdersByType(readFrame<"coregram/owners@1">("owners")?.rows ?? []);
  const table = browse(typesTable(types.totals.bytes, holders), types.rows);
  openers.set("type", (name) => table?.reveal(name));
}

/** Opens what the address names: `#owner=app.cache`, `#type=builtins.dict`, `#stack0`. */
function followLink(): void {
  const [, kind = "", coded = ""] = /^#(\w+)=(.*)$/s.exec(location.hash) ?? [];
  let name = coded;
  try {
    name = decodeURIComponent(coded);
  } catch {
    // No name that the page itself made a link of.
  }
  openers.get(kind)?.(name);
  const place = document.getElementById(location.hash.slice(1));
  if (place instanceof HTMLDetailsElement) place.open = true;
}

/** On paper nothing can be opened. */
function openAllForPrint(): void {
  let closed: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });
}

showOwners();
showTypes();
for (const by of ["owner", "type", "balance"] as const) {
  const growth = readFrame<"coregram/diff@1" | "coregram/trend@1">(`growth-${by}`);
  if (growth !== null) browse(growthTable(by), growth.rows);
}
browse(TASKS_TABLE, readFrame<"coregram/tasks@1">("tasks")?.rows);
browse(STRINGS_TABLE, readFrame<"coregram/strings@1">("strings")?.rows);
browse(CONTAINERS_TABLE, readFrame<"coregram/containers@1">("containers")?.rows);
const words = readFrame<"coregram/words@1">("words");
if (words !== null) browse(wordsTable(words.totals.words), words.rows);
openAllForPrint();
addEventListener("hashchange", followLink);
followLink();
