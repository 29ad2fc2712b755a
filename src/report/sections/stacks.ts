import type { Frame, StackRow } from "../../answers/results/index.ts";
import { formatCount } from "../../terms/index.ts";
import { type Element, element, type Given } from "../element.ts";
import { counted } from "../figures.ts";
import type { Section } from "./section.ts";

/** Stacks that stand on the page, and frames of each: the page's data has all. */
const MOST_STACKS = 100;
const MOST_FRAMES = 60;

/** What each Python thread was doing, those that did the same as one. */
export function stacksSection({ totals, rows }: Frame<"coregram/stacks@1">): Section {
  const stacks = new Map<number, StackRow[]>();
  for (const row of rows) {
    const known = stacks.get(row.stack);
    if (known) known.push(row);
    else stacks.set(row.stack, [row]);
  }
  const all = [...stacks.values()];
  const idle = totals.threads.filter(({ frames }) => frames === 0).length;
  return {
    id: "threads",
    title: "What it was doing",
    body: [
      element(
        "p",
        {},
        `${counted(totals.processThreads, "thread")} of the process, ${formatCount(totals.threads.length)} of them known to Python`,
        idle > 0 && `; in ${formatCount(idle)} of these no Python runs`,
        ". The most recent call comes first.",
        totals.isCut && " The list of threads is damaged: there may be more.",
      ),
      all.slice(0, MOST_STACKS).map((frames, index) => stackElement(frames, index === 0)),
      restText(all.length - MOST_STACKS, "more stacks are in the page's data alone."),
    ],
  };
}

function stackElement(frames: readonly StackRow[], isOpen: boolean): Element {
  const [first] = frames;
  const who =
    first?.threads === 1
      ? `Thread ${first.thread ?? "without a number"}`
      : counted(first?.threads ?? 0, "thread");
  return element(
    "details",
    { open: isOpen, class: "stack-of" },
    element("summary", {}, `${who}: `, first === undefined ? null : frameText(first)),
    element(
      "ol",
      {},
      frames.slice(0, MOST_FRAMES).map((frame) => element("li", {}, frameText(frame))),
    ),
    restText(frames.length - MOST_FRAMES, "more frames are in the page's data alone."),
  );
}

function frameText({ function: name, file, line }: StackRow): Given {
  return [
    element("code", {}, name ?? "unknown"),
    file === null
      ? null
      : [" ", element("code", { class: "place" }, line === null ? file : `${file}:${line}`)],
  ];
}

function restText(count: number, text: string): Given {
  return count > 0 && element("p", {}, `${formatCount(count)} ${text}`);
}
