import type { DiagnosePlace, Finding, Frame, OwnerRow } from "../../answers/results/index.ts";
import { formatBytes, formatCount, formatNames } from "../../terms/index.ts";
import { noLeak } from "../../views/index.ts";
import { type Element, element, type Given } from "../element.ts";
import { bytesFigure, changeFigure, share } from "../figures.ts";
import { heldList, linkTo, ownerName } from "../tables.ts";
import type { Section } from "./section.ts";

const VERDICTS: Readonly<Record<Finding["verdict"], string>> = {
  leak: "A leak",
  "looks like a leak": "Looks like a leak",
  "not a leak": "Not a leak",
  biggest: "Large",
};

/** Whether it is a leak, of what, and why: what diagnose says. */
export function verdictSection(
  { totals, rows }: Frame<"coregram/diagnose@1">,
  owners: readonly OwnerRow[],
): Section {
  const [first, ...others] = rows;
  const memory = totals.memoryBytes;
  const grown =
    totals.grewBytes === null
      ? null
      : element(
          "p",
          {},
          "Since the oldest core given, its memory changed by ",
          changeFigure(totals.grewBytes),
          ".",
        );
  if (first === undefined)
    return {
      id: "verdict",
      title: "Verdict",
      body: [element("p", { class: "claim" }, `${noLeak(totals).replace(/^n/, "N")}.`), grown],
    };
  return {
    id: "verdict",
    title: "Verdict",
    body: [
      first.verdict === "biggest" && element("p", { class: "claim" }, "Nothing looks like a leak."),
      grown,
      findingElement(first, memory, owners, true),
      others.map((finding) => findingElement(finding, memory, owners, false)),
    ],
  };
}

function findingElement(
  finding: Finding,
  memory: number,
  owners: readonly OwnerRow[],
  isFirst: boolean,
): Element {
  const { verdict, bytes, why, grewBytes } = finding;
  const name = finding.path ?? (finding.holders === null ? null : formatNames(finding.holders));
  const size = [element("strong", {}, bytesFigure(bytes)), `, ${share(bytes, memory)} of the memory`];
  const tone = verdict === "leak" || verdict === "looks like a leak" ? "bad" : "plain";
  return element(
    "article",
    { class: `finding ${tone}` },
    element(
      "p",
      { class: "claim" },
      element("span", { class: "badge" }, VERDICTS[verdict]),
      " ",
      name === null ? size : [element("code", {}, name), " holds ", size],
    ),
    why !== "" && element("p", {}, sentence(why)),
    // Of a leak, the sentence above tells it.
    grewBytes !== null &&
      verdict !== "leak" &&
      element("p", {}, "It changed by ", changeFigure(grewBytes), " since the oldest core given."),
    evidence(finding, owners, isFirst),
  );
}

/** With a capital at its start and a full stop. */
function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function evidence(finding: Finding, owners: readonly OwnerRow[], isOpen: boolean): Given {
  const at = owners.findIndex((row) => isSame(row, finding));
  const row = owners[at];
  const parts: Given[] = [
    row !== undefined && [
      element("h3", {}, "Where it hangs"),
      element(
        "ol",
        { class: "chain" },
        chainOf(owners, at).map((owner) =>
          element(
            "li",
            {},
            element("a", { href: linkTo("owner", ownerName(owner)) }, element("code", {}, ownerName(owner))),
            owner.type === null ? null : [", ", element("code", {}, owner.type)],
            owner.length === null ? null : ` of ${formatCount(owner.length)} items`,
            ", retains ",
            bytesFigure(owner.retainedBytes + owner.retainedNativeBytes),
          ),
        ),
      ),
      row.holds.length > 0 && [element("h3", {}, "What it holds, by type"), heldList(row.holds)],
    ],
    finding.places.length > 0 && [element("h3", {}, "Code that names it"), placeList(finding.places)],
    finding.next !== null && [
      element("h3", {}, "To go on"),
      element("pre", { tabindex: 0 }, element("code", {}, finding.next)),
    ],
  ];
  if (parts.every((part) => part === false)) return null;
  return element("details", { open: isOpen }, element("summary", {}, "Evidence"), parts);
}

function isSame(row: OwnerRow, { path, holders }: Finding): boolean {
  if (row.path !== path) return false;
  return path !== null || (holders !== null && (row.holders ?? []).join("\n") === holders.join("\n"));
}

/** An owner with the owners that it is in, the outermost first. */
function chainOf(owners: readonly OwnerRow[], at: number): OwnerRow[] {
  const chain: OwnerRow[] = [];
  let depth = Number.POSITIVE_INFINITY;
  for (let index = at; index >= 0 && depth > 0; index -= 1) {
    const row = owners[index];
    if (row === undefined || row.depth >= depth) continue;
    chain.unshift(row);
    depth = row.depth;
  }
  return chain;
}

function placeList(places: readonly DiagnosePlace[]): Element {
  return element(
    "ul",
    {},
    places.map((place) =>
      element(
        "li",
        {},
        element("code", {}, `${place.file}:${place.line} ${place.function}`),
        ` ${describePlace(place)}`,
      ),
    ),
  );
}

function describePlace({ adds, removes, replaces, mayAdd, mayRemove }: DiagnosePlace): string {
  const done = [
    ...(adds ? ["adds to it"] : mayAdd ? ["likely adds to it"] : []),
    ...(replaces ? ["puts another in its place"] : removes ? ["takes from it"] : []),
    ...(mayRemove ? ["perhaps bounds it"] : []),
  ];
  return done.length > 0 ? done.join(", ") : "names it";
}

/** The verdict in one line, for the page's title and description. */
export function headline({ totals, rows }: Frame<"coregram/diagnose@1">): string {
  const [first] = rows;
  if (first === undefined || first.verdict === "biggest") return "nothing looks like a leak";
  const name = first.path ?? formatNames(first.holders ?? []);
  return `${first.verdict}: ${name} ${formatBytes(first.bytes)}, ${share(first.bytes, totals.memoryBytes)}`;
}
