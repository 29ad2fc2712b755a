import type { Frame, StackLocal, StackRow, TaskRow } from "../../answers/results/index.ts";
import { formatCount } from "../../terms/index.ts";
import { type Element, element, type Given } from "../element.ts";
import { bytesFigure, counted } from "../figures.ts";
import { tableOf } from "../table.ts";
import { MOST_TASKS, placeOf, restText as restOf, TASKS_TABLE, taskPlaces } from "../tables.ts";
import type { Section } from "./section.ts";

/** What stands on the page of stacks, of each one's frames, of each frame's variables: the page's data has all. */
const MOST_STACKS = 100;
const MOST_FRAMES = 60;
const MOST_LOCALS = 30;
/** Places of tasks. */
const MOST_PLACES = 20;

/** What each Python thread was doing, those that did the same as one, and the tasks that have not ended. */
export function threadsSection(
  stacks: Frame<"coregram/stacks@1"> | null,
  tasks: Frame<"coregram/tasks@1"> | null,
): Section {
  return {
    id: "threads",
    title: "What it was doing",
    body: [stacks && threadsBody(stacks), tasks !== null && tasksBody(tasks)],
  };
}

/** Frames by stack, the most recent call first. */
function framesByStack(rows: readonly StackRow[]): ReadonlyMap<number, readonly StackRow[]> {
  const stacks = new Map<number, StackRow[]>();
  for (const row of rows) {
    const known = stacks.get(row.stack);
    if (known) known.push(row);
    else stacks.set(row.stack, [row]);
  }
  return stacks;
}

function threadsBody({ totals, rows }: Frame<"coregram/stacks@1">): Given {
  const stacks = [...framesByStack(rows)];
  const idle = totals.threads.filter(({ frames }) => frames === 0).length;
  const unread = rows.filter(({ locals }) => locals === null).length;
  return [
    element(
      "p",
      {},
      `${counted(totals.processThreads, "thread")} of the process, ${formatCount(totals.threads.length)} of them known to Python`,
      idle > 0 && `; in ${formatCount(idle)} of these no Python runs`,
      ". The most recent call comes first.",
      rows.some(({ threads }) => threads > 1) &&
        " Of threads that are at the same place, the variables are those of the first.",
      totals.isCut && " The list of threads is damaged: there may be more.",
      unread > 0 && ` Variables of ${counted(unread, "frame")} are left out: coregram stacks CORE --locals.`,
    ),
    stacks.slice(0, MOST_STACKS).map(([stack, frames], index) => stackElement(stack, frames, index === 0)),
    restText(stacks.length - MOST_STACKS, "more stacks are in the page's data alone."),
  ];
}

function stackElement(stack: number, frames: readonly StackRow[], isOpen: boolean): Element {
  const [first] = frames;
  const state = first?.state ?? null;
  return element(
    "details",
    { open: isOpen, class: "stack-of", id: stackId(stack) },
    element("summary", {}, first === undefined ? null : [`${threadsOf(first)}: `, frameText(first)]),
    state !== null && element("p", { class: "state" }, `State: ${state}.`),
    element(
      "ol",
      {},
      frames
        .slice(0, MOST_FRAMES)
        .map((frame) => element("li", {}, frameText(frame), localsElement(frame.locals ?? []))),
    ),
    restText(frames.length - MOST_FRAMES, "more frames are in the page's data alone."),
  );
}

/** The stack's place on the page, for links; null where it does not stand there. */
export function stackLink(stack: number): string | null {
  return stack < MOST_STACKS ? `#${stackId(stack)}` : null;
}

function stackId(stack: number): string {
  return `stack${stack}`;
}

/** `Thread 4711 worker-1`, or how many threads have the stack. */
export function threadsOf({ thread, name, threads }: StackRow): string {
  const first = [`${thread ?? "without a number"}`, ...(name === null ? [] : [name])].join(" ");
  return threads === 1 ? `Thread ${first}` : `${counted(threads, "thread")}, the first ${first}`;
}

/** A frame's function and place. */
export function frameText({ function: name, file, line }: StackRow | TaskRow["frames"][number]): Given {
  return [
    element("code", {}, name ?? "unknown"),
    file === null ? null : [" ", element("code", { class: "place" }, placeOf(file, line))],
  ];
}

function localsElement(locals: readonly StackLocal[]): Given {
  if (locals.length === 0) return null;
  return element(
    "details",
    {},
    element("summary", {}, counted(locals.length, "variable")),
    element("ul", { class: "held" }, locals.slice(0, MOST_LOCALS).map(localElement)),
    restText(locals.length - MOST_LOCALS, "more variables are in the page's data alone."),
  );
}

function localElement({ name, type, bytes, value }: StackLocal): Element {
  return element(
    "li",
    {},
    element("code", {}, name ?? "unknown"),
    ": ",
    type === null ? "no object" : element("code", {}, type),
    bytes !== null && [", ", bytesFigure(bytes)],
    value !== null && [", ", element("code", { class: "value" }, value)],
  );
}

function tasksBody({ totals, rows }: Frame<"coregram/tasks@1">): Given {
  const { pending, finished, cancelled, isInferred, isCut } = totals;
  if (pending + finished + cancelled === 0) return null;
  const places = placesOf(rows);
  return [
    element("h3", {}, "Tasks"),
    element(
      "p",
      {},
      `${counted(pending, "task")} of event loops not ended; ${formatCount(finished)} that ended and ${formatCount(cancelled)} that were cancelled are still held.`,
      isInferred &&
        pending > 0 &&
        " Who waits for whom is told by callbacks, as tasks do not say it before 3.14.",
      isCut && " There are more: not all were read.",
    ),
    rows.length > 0 && [
      element(
        "ul",
        {},
        places
          .slice(0, MOST_PLACES)
          .map(([place, count]) =>
            element("li", {}, `${counted(count, "task")} in `, element("code", {}, place)),
          ),
      ),
      restText(places.length - MOST_PLACES, "more places are in no row."),
      tableOf(TASKS_TABLE, rows.slice(0, MOST_TASKS), [
        ...(rows.length > MOST_TASKS ? [[restOf(rows.length - MOST_TASKS, "task")]] : []),
      ]),
    ],
  ];
}

/** Where tasks are, and how many of them, most first. */
function placesOf(rows: readonly TaskRow[]): [place: string, count: number][] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const place = taskPlaces(row);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts].sort(([a, count], [b, other]) => other - count || (a < b ? -1 : 1));
}

function restText(count: number, text: string): Given {
  return count > 0 && element("p", {}, `${formatCount(count)} ${text}`);
}
