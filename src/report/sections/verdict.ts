import type { Report, ReportHeap } from "../../answers/index.ts";
import type {
  AllocatedPlace,
  DiagnosePlace,
  Finding,
  Frame,
  OwnerRow,
  StackRow,
  TaskRow,
  WhatisObject,
} from "../../answers/results/index.ts";
import { formatBytes, formatCount, formatNames } from "../../terms/index.ts";
import { noLeak } from "../../views/index.ts";
import { type Element, element, type Given } from "../element.ts";
import { bytesFigure, changeFigure, counted, share } from "../figures.ts";
import { heldList, linkTo, ownerName, placeOf } from "../tables.ts";
import type { Section } from "./section.ts";
import { frameText, stackLink, threadsOf } from "./threads.ts";

/** Items of a suspect, and threads at the code that adds to it, that are shown. */
const MOST_ITEMS = 5;
const MOST_THREADS = 5;

const VERDICTS: Readonly<Record<Finding["verdict"], string>> = {
  leak: "A leak",
  "looks like a leak": "Looks like a leak",
  "not a leak": "Not a leak",
  biggest: "Large",
};

/** Whether it is a leak, of what, and why: what diagnose says. */
export function verdictSection(heap: ReportHeap, stacks: Report["stacks"]): Section {
  const { totals, rows } = heap.diagnose;
  const [first] = rows;
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
      rows.map((finding, index) =>
        findingElement(finding, memory, evidence(evidenceOf(finding, index, heap, stacks), index === 0)),
      ),
    ],
  };
}

function findingElement(finding: Finding, memory: number, evidence: Given): Element {
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
    // Of most, the sentence above tells it.
    grewBytes !== null &&
      !why.includes("grew by") &&
      element("p", {}, "It changed by ", changeFigure(grewBytes), " since the oldest core given."),
    evidence,
  );
}

/** With a capital at its start and a full stop. */
function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** What a finding is told by. */
interface Evidence {
  readonly finding: Finding;
  /** All owners, and which of them it is; -1 where it is none. */
  readonly owners: readonly OwnerRow[];
  readonly at: number;
  /** What its object cannot be reached without, up to the root; empty where that was not looked up. */
  readonly chain: readonly OwnerRow[];
  /** Null where it was not looked at, or may not be told. */
  readonly object: WhatisObject | null;
  /** Null where there are none to look through. */
  readonly threads: readonly StackRow[] | null;
  readonly tasks: readonly TaskRow[];
}

function evidenceOf(
  finding: Finding,
  index: number,
  { owners: { rows: owners }, suspects, tasks }: ReportHeap,
  stacks: Report["stacks"],
): Evidence {
  const found = suspects.chains.findIndex((suspect) => suspect.finding === index);
  const adding = finding.places.filter(({ adds, mayAdd }) => adds || mayAdd);
  const isIn = (frame: Pick<StackRow, "function" | "file">) => adding.some((place) => isAt(frame, place));
  return {
    finding,
    owners,
    at: owners.findIndex((row) => isSame(row, finding)),
    chain: suspects.chains[found]?.chain.rows ?? [],
    object: suspects.objects?.rows[found]?.object ?? null,
    threads: adding.length === 0 ? null : (stacks?.rows.filter(isIn) ?? null),
    tasks: tasks?.rows.filter(({ frames }) => frames.some(isIn)) ?? [],
  };
}

/** Whether a frame is of a function. A place has the file's name and folder; up to 3.10 a frame lacks the class. */
function isAt({ function: name, file }: Pick<StackRow, "function" | "file">, place: DiagnosePlace): boolean {
  if (name === null || file === null) return false;
  return endsIn(place.function, name, ".") && endsIn(file, place.file, "/");
}

function endsIn(whole: string, end: string, separator: string): boolean {
  return whole === end || whole.endsWith(`${separator}${end}`);
}

function evidence({ finding, owners, at, chain, object, threads, tasks }: Evidence, isOpen: boolean): Given {
  const { places, allocatedAt, bytes, next } = finding;
  const holds = owners[at]?.holds ?? [];
  const way = chain.length > 0 ? chain.toReversed() : at < 0 ? [] : chainOf(owners, at);
  const parts: Given[] = [
    way.length > 0 && [element("h3", {}, "Where it hangs"), chainList(way, owners)],
    holds.length > 0 && [element("h3", {}, "What it holds, by type"), heldList(holds)],
    object !== null && object.items.length > 0 && [element("h3", {}, "Some of its items"), itemList(object)],
    allocatedAt !== null &&
      allocatedAt.length > 0 && [
        element("h3", {}, "Lines that allocated it"),
        allocationList(allocatedAt, bytes),
      ],
    places.length > 0 && [element("h3", {}, "Code that names it"), placeList(places)],
    threads !== null && [element("h3", {}, "Who is in the code that adds to it"), threadList(threads, tasks)],
    next !== null && [
      element("h3", {}, "To go on"),
      element("pre", { tabindex: 0 }, element("code", {}, next)),
    ],
  ];
  if (parts.every((part) => part === false)) return null;
  return element("details", { open: isOpen }, element("summary", {}, "Evidence"), parts);
}

/** What it hangs on, the outermost first. */
function chainList(chain: readonly OwnerRow[], owners: readonly OwnerRow[]): Element {
  const known = new Set(owners.map(ownerName));
  return element(
    "ol",
    { class: "chain" },
    chain.map((row) => {
      const name = ownerName(row);
      const code = element("code", {}, name);
      return element(
        "li",
        {},
        known.has(name) ? element("a", { href: linkTo("owner", name) }, code) : code,
        row.type === null ? null : [", ", element("code", {}, row.type)],
        row.length === null ? null : ` of ${counted(row.length, "item")}`,
        ", retains ",
        bytesFigure(row.retainedBytes + row.retainedNativeBytes),
      );
    }),
  );
}

function itemList({ items, length }: WhatisObject): Given {
  const shown = items.slice(0, MOST_ITEMS);
  const left = (length ?? items.length) - shown.length;
  return [
    element(
      "ul",
      { class: "held" },
      shown.map(({ name, type, value }) =>
        element(
          "li",
          {},
          element("code", {}, name),
          type === null ? ": no object" : [": ", element("code", {}, type)],
          value !== null && [", ", element("code", { class: "value" }, value)],
        ),
      ),
    ),
    left > 0 && element("p", {}, `and ${formatCount(left)} more.`),
  ];
}

function allocationList(places: readonly AllocatedPlace[], whole: number): Element {
  return element(
    "ul",
    { class: "held" },
    places.map(({ file, line, bytes, count }) =>
      element(
        "li",
        {},
        element("code", {}, placeOf(file ?? "unknown", line)),
        ": ",
        bytesFigure(bytes),
        ` in ${counted(count, "object")}, ${share(bytes, whole)} of it`,
      ),
    ),
  );
}

function threadList(frames: readonly StackRow[], tasks: readonly TaskRow[]): Given {
  if (frames.length === 0 && tasks.length === 0)
    return element("p", {}, "No thread was in it at that moment.");
  return element(
    "ul",
    {},
    frames.slice(0, MOST_THREADS).map((frame) => {
      const link = stackLink(frame.stack);
      const who = threadsOf(frame);
      return element(
        "li",
        {},
        link === null ? who : element("a", { href: link }, who),
        ": ",
        frameText(frame),
      );
    }),
    frames.length > MOST_THREADS &&
      element("li", {}, `${formatCount(frames.length - MOST_THREADS)} more frames`),
    tasks.length > 0 && element("li", {}, element("a", { href: "#threads" }, counted(tasks.length, "task"))),
  );
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
