import type { InfoRecord, InfoRow } from "../answers/results/index.ts";
import { formatCount, printable } from "../terms/index.ts";

type Objects = NonNullable<InfoRow["objects"]>;
type Counts = Omit<Objects["files"], "list">;
type Line = Pick<InfoRecord, "part" | "text">;

/** Columns of a screen that are left for what a line says. */
const ROOM = 90;
/** Types of garbage that are named. */
const MOST_TYPES = 6;

/** What `coregram info --objects` says of files, sockets, event loops and garbage: of each that many. */
export function* objectLines({ objects }: InfoRow, most: number): Generator<Line> {
  if (objects === null) return;
  yield* listLines("files", objects.files, most, fileText);
  yield* listLines("sockets", objects.sockets, most, socketText);
  yield* listLines("loops", objects.loops, most, loopText);
  if (objects.uncollectable !== null) yield { part: "garbage", text: garbageText(objects.uncollectable) };
}

function* listLines<Item>(
  part: string,
  { open, closed, isCut, list }: Counts & { readonly list: readonly Item[] },
  most: number,
  textOf: (item: Item) => string,
): Generator<Line> {
  const all = open + closed;
  const counts = `${formatCount(open)} open${closed > 0 ? `, ${formatCount(closed)} closed and still there` : ""}`;
  yield { part, text: all === 0 ? "none" : `${counts}${isCut ? ", and more" : ""}` };
  for (const item of list.slice(0, most)) yield { part: "", text: shortened(textOf(item)) };
  const more = all - Math.min(most, list.length);
  const rest = list.length < all ? "" : ": --format json has all";
  if (more > 0) yield { part: "", text: `… and ${formatCount(more)} more${rest}` };
}

function fileText({ fd, path, mode, type }: Objects["files"]["list"][number]): string {
  const head = `${descriptorText(fd)}  ${mode.padEnd(3)}  ${type}`;
  if (path === null) return head;
  // The end of a path tells more than its start.
  const room = ROOM - head.length - 2;
  const shown = printable(path);
  return `${head}  ${shown.length <= room ? shown : `…${shown.slice(1 - Math.max(room, 2))}`}`;
}

function socketText({ fd, family, kind, timeoutMillis, type }: Objects["sockets"]["list"][number]): string {
  const waits =
    timeoutMillis === null
      ? "blocking"
      : timeoutMillis === 0
        ? "non-blocking"
        : `timeout ${formatCount(timeoutMillis)} ms`;
  return `${descriptorText(fd)}  ${family} ${kind}, ${waits}  ${type}`;
}

function loopText({ state, ready, scheduled, thread, type }: Objects["loops"]["list"][number]): string {
  const where = thread === null ? "" : ` in thread ${thread}`;
  const has =
    ready === null || scheduled === null
      ? ""
      : `, ${formatCount(ready)} ready, ${formatCount(scheduled)} scheduled`;
  return `${state ?? "state unknown"}${where}${has}  ${type}`;
}

function garbageText({ count, types }: NonNullable<Objects["uncollectable"]>): string {
  if (count === 0) return "nothing that cannot be collected";
  const named = types.slice(0, MOST_TYPES).map(({ type, count: own }) => `${formatCount(own)} ${type}`);
  const more = types.length > MOST_TYPES ? ", …" : "";
  return shortened(`${formatCount(count)} that the collector keeps: ${named.join(", ")}${more}`);
}

function descriptorText(fd: number | null): string {
  return (fd === null ? "closed" : `fd ${fd}`).padEnd(6);
}

function shortened(text: string): string {
  const shown = printable(text);
  return shown.length <= ROOM ? shown : `${shown.slice(0, ROOM - 1)}…`;
}
