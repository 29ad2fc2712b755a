import type { Result, SubjectInput } from "../answers/index.ts";
import { type Amount, addedUp, compareAmounts, newObjects, trends } from "../heap/index.ts";
import { type Core, readProcess } from "../image/index.ts";
import { CoregramError, formatBytes, formatCount } from "../terms/index.ts";
import { render } from "../views/index.ts";
import { type By, type CoreAmounts, readAmounts, type TypeNumbers, wordAmounts } from "./amounts.ts";
import { answer } from "./shell/answer.ts";
import { checkPaths } from "./shell/input.ts";
import type { Notes } from "./shell/notes.ts";
import type { ProgressLine } from "./shell/progress.ts";
import { formatNamed } from "./shell/settings.ts";
import { inputOf, openSubject, type Subject } from "./subject.ts";

export interface DiffArgs {
  readonly cores: readonly string[];
  readonly by: string;
  readonly new: boolean | undefined;
  readonly top: number | undefined;
  readonly all: boolean | undefined;
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
  readonly threads: number | undefined;
  readonly format: string;
  readonly output: string | undefined;
  readonly color: string;
  readonly quiet: boolean | undefined;
}

const DEFAULT_TOP = 10;

/** `coregram diff OLD NEW`: what grew between two cores, or over more. */
export async function runDiff(args: DiffArgs): Promise<undefined> {
  if (args.cores.length < 2)
    throw new CoregramError("usage", "diff takes two cores, the older first, or more: coregram diff OLD NEW");
  const [first = "", ...others] = args.cores;
  checkPaths(first, others, args.output);
  return answer(args, async ({ notes, progress, color }) => {
    const subjects: Subject[] = [];
    for (const name of args.cores) subjects.push(await openSubject(name, undefined, progress, notes));
    const by = args.by as By;
    if (args.new && (by !== "type" || subjects.length !== 2 || !isSameProcess(subjects)))
      throw new CoregramError(
        "usage",
        "--new compares two cores of one process by type: same number, same AT_RANDOM bytes",
      );
    const cores = await readAll(subjects, by, args, progress, notes);
    const format = formatNamed(args.format);
    if (by === "word") notes.say("words: the 1,000 most frequent of each core, counted exactly in all");
    for (const text of describeSuspects(cores, by)) notes.say(text);
    const inputs = subjects.map(inputOf);
    return cores.length === 2
      ? render(format, difference(subjects, inputs, cores, by, args), { color })
      : render(format, trend(inputs, cores, by, args), { color });
  });
}

async function readAll(
  subjects: readonly Subject[],
  by: By,
  args: DiffArgs,
  progress: ProgressLine,
  notes: Notes,
): Promise<CoreAmounts[]> {
  if (by === "word") return wordAmounts(subjects, args, progress, notes);
  const cores: CoreAmounts[] = [];
  const numbers: TypeNumbers | null = args.new ? new Map() : null;
  // One after the other: a heap is gone before the next one comes.
  for (const subject of subjects) {
    const seeksSuspects = subject === subjects.at(-1) && !notes.quiet;
    cores.push(await readAmounts(subject, by, seeksSuspects, numbers, args, progress, notes));
  }
  return cores;
}

/** A sentence each, with how it grew where owners were compared: what did not grow is no suspect then. */
function describeSuspects(cores: readonly CoreAmounts[], by: By): string[] {
  const suspects = cores.at(-1)?.suspects ?? [];
  if (by !== "owner") return suspects.map(({ path, text }) => `suspect: ${path} ${text}`);
  const [before = new Map<string, Amount>(), after = before] = [cores[0], cores.at(-1)].map((core) =>
    addedUp(core?.amounts ?? []),
  );
  return suspects.flatMap(({ path, text }) => {
    const [old, now] = [before.get(path), after.get(path)];
    const items = (now?.length ?? 0) - (old?.length ?? 0);
    const bytes = (now?.bytes ?? 0) - (old?.bytes ?? 0);
    if (bytes <= 0) return [];
    const growth = `grew by ${items > 0 ? `${formatCount(items)} items, ` : ""}${formatBytes(bytes)}`;
    return [`suspect: ${path} ${growth}, ${text}`];
  });
}

const mostRows = ({ all, top }: DiffArgs) => (all ? Number.POSITIVE_INFINITY : (top ?? DEFAULT_TOP));

function difference(
  subjects: readonly Subject[],
  [older, newer]: readonly SubjectInput[],
  cores: readonly CoreAmounts[],
  by: By,
  args: DiffArgs,
): Result<"coregram/diff@1"> {
  const [before, after] = cores.map(({ amounts }) => amounts);
  if (older === undefined || newer === undefined || before === undefined || after === undefined)
    throw new CoregramError("usage", "diff takes two cores");
  const changed = compareAmounts(before, after).filter(
    (row) => row.bytesDiff !== 0 || row.countDiff !== 0 || row.oldLength !== row.newLength,
  );
  const fresh = freshByType(cores);
  const rows = changed.slice(0, mostRows(args)).map((row) => ({
    by,
    ...row,
    freshCount: fresh === null ? null : (fresh.get(row.name)?.count ?? 0),
    freshBytes: fresh === null ? null : (fresh.get(row.name)?.bytes ?? 0),
  }));
  const [old, young] = [addUp(before), addUp(after)];
  const totals = {
    by,
    oldCount: old.count,
    newCount: young.count,
    oldBytes: old.bytes,
    newBytes: young.bytes,
    sameProcess: isSameProcess(subjects),
    restRows: changed.length - rows.length,
  };
  return { schema: "coregram/diff@1", input: { old: older, new: newer }, totals, rows };
}

/** Objects at whose address the older core has none of the same type, by type; null where not asked for. */
function freshByType([before, after]: readonly CoreAmounts[]): Map<string, Amount> | null {
  if (before?.addressed == null || after?.addressed == null) return null;
  const found = newObjects(before.addressed, after.addressed);
  return addedUp(
    found.map(({ type, count, bytes }) => ({ name: after.typeNames.get(type) ?? "", count, bytes })),
  );
}

function trend(
  inputs: readonly SubjectInput[],
  cores: readonly CoreAmounts[],
  by: By,
  args: DiffArgs,
): Result<"coregram/trend@1"> {
  const changed = trends(cores.map(({ amounts }) => amounts)).filter(
    ({ bytes, counts }) => new Set(bytes).size > 1 || new Set(counts).size > 1,
  );
  const rows = changed.slice(0, mostRows(args)).map((row) => ({ by, ...row }));
  const totals = {
    by,
    bytes: cores.map(({ amounts }) => addUp(amounts).bytes),
    restRows: changed.length - rows.length,
  };
  return { schema: "coregram/trend@1", input: { cores: inputs }, totals, rows };
}

function addUp(amounts: readonly Amount[]): { count: number; bytes: number } {
  return amounts.reduce((sum, { count, bytes }) => ({ count: sum.count + count, bytes: sum.bytes + bytes }), {
    count: 0,
    bytes: 0,
  });
}

function isSameProcess(subjects: readonly Subject[]): boolean {
  const [older, newer] = subjects.map(({ core }) => (core === null ? null : identify(core)));
  return older !== null && older !== undefined && older === newer;
}

const RANDOM_BYTES = 16;

/** Number and AT_RANDOM bytes, which the kernel made up when the program started; null where they are not saved. */
function identify(core: Core): string | null {
  const at = core.notes.auxiliary?.random ?? null;
  const { pid } = readProcess(core);
  const bytes = new Uint8Array(RANDOM_BYTES);
  if (at === null || pid === null || core.image.read(at, bytes) < RANDOM_BYTES) return null;
  return `${pid} ${Buffer.from(bytes).toString("hex")}`;
}
