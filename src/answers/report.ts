import { subjectOf } from "../bytes/index.ts";
import type { Target, TargetContents } from "../image/index.ts";
import { CoregramError, type Listener, type NoteEvent, type WarningEvent } from "../terms/index.ts";
import { linesIfTraced } from "./allocation-lines.ts";
import { containersFrame, withPaths } from "./containers.ts";
import { diagnoseFrame } from "./diagnose.ts";
import { isSameProcess } from "./diff.ts";
import { withHeap } from "./heap.ts";
import { answerInfo } from "./info.ts";
import { type ModuleOptions, type ResourceOptions, rootOf } from "./options.ts";
import { orNone } from "./or-none.ts";
import { ownersFrame } from "./owners.ts";
import { growthOf, newestAmounts, type Past, pastOfSummary, readPast } from "./past.ts";
import type { Heap, HeapOptions } from "./read-heap.ts";
import type { Report, ReportHeap } from "./report-result.ts";
import { askSuspects } from "./report-suspects.ts";
import type { Frame, SummaryRow } from "./results/index.ts";
import { stacksFrame } from "./stacks.ts";
import { stringsFrame } from "./strings.ts";
import { inputOf, requireElfCore } from "./subject.ts";
import { type Compared, Summary } from "./summarized.ts";
import {
  NO_OBJECTS,
  type OfObjects,
  objectsOf,
  type SummaryOptions,
  stacksOf,
  summaryOf,
} from "./summary.ts";
import { type Older, reportOfSummary } from "./summary-report.ts";
import { tasksFrame } from "./tasks.ts";
import { typesFrame } from "./types.ts";
import { occurrencesIn } from "./unnamed.ts";
import { type WordsOptions, wordsFrame } from "./words.ts";

export interface ReportOptions extends ModuleOptions, ResourceOptions {
  /** Cores of the same program, the oldest first: what grew since is told, for which their heaps are read as well. */
  readonly older?: readonly Compared[] | undefined;
  /** As of `answerWords`. */
  readonly only?: WordsOptions["only"];
  /** Where a summary is wanted too, of the same look at the heap: as of `answerSummary`. */
  readonly summary?: Pick<SummaryOptions, "time" | "tags"> | undefined;
}

/** What a page has of each result, as the command line's options: so it stays of a size that can be sent. */
const REPORT_ROWS = {
  words: { limit: 100 },
  types: { limit: 1000 },
  /** Of each level. There are 10,000 owners at the most that are worth a row, tasks aside. */
  owners: { limit: 2000, depth: 20, holds: 5 },
  strings: { limit: 100 },
  containers: { limit: 100 },
  /** Variables, so many of all frames together. */
  stacks: { locals: 5000 },
  diagnose: { limit: Number.POSITIVE_INFINITY },
  growth: { limit: 200 },
} as const;

/**
 * What fills a target and who holds it: the heap is read once for all of it. Of what has no objects that can be read, its
 * words and what it says of itself.
 * @throws CoregramError `io` or `changed` where the target cannot be read, `limit` where memory runs out, `format` where the
 * target is empty, and where an older one has no objects that can be read
 */
export async function answerReport(
  target: Compared,
  options: ReportOptions = {},
  listener: Listener = () => {},
): Promise<Report> {
  const remarks: (NoteEvent | WarningEvent)[] = [];
  const hear: Listener = (event) => {
    if (event.kind !== "progress") remarks.push(event);
    listener(event);
  };
  if (target instanceof Summary) {
    const older = await readOlder(options, listener);
    return reportOfSummary(target, older, REPORT_ROWS.growth, remarks, hear);
  }
  if (target.bytes === 0) throw new CoregramError("format", `${subjectOf(target.name)} is empty`);
  const info = await answerInfo(target, options);
  const words = await wordsFrame(target, { ...options, ...REPORT_ROWS.words }, hear);
  const { past } = await readOlder(options, listener);
  try {
    const { stacks, kept, ...heap } = await readObjects(target, past, options, hear);
    const summary = await summarize(
      target,
      { info, words, objects: kept, unread: null },
      remarks,
      options,
      hear,
    );
    return { info, words, stacks, heap, unread: null, remarks, summary, redacted: null };
  } catch (error) {
    if (!(error instanceof CoregramError) || error.code !== "format") throw error;
    // The page has it as the reason for what it lacks.
    const text = `the page has words, and no objects: ${error.message}`;
    listener({ kind: "warning", target: target.name, text });
    const stacks = await target.ask((contents) => readStacks(target, contents, null, options, hear));
    const unread = error.message;
    const told = await target.ask((contents) => stacksOf(target, contents, null, options, () => {}));
    const objects = { ...NO_OBJECTS, stacks: told };
    const summary = await summarize(target, { info, words, objects, unread }, remarks, options, hear);
    return { info, words, stacks, heap: null, unread, remarks, summary, redacted: null };
  }
}

/** Null where none is wanted. */
async function summarize(
  target: Target,
  {
    objects,
    ...parts
  }: Omit<Parameters<typeof summaryOf>[1], "objects"> & { readonly objects: OfObjects | null },
  remarks: Report["remarks"],
  options: ReportOptions,
  listener: Listener,
): Promise<SummaryRow | null> {
  if (options.summary === undefined || objects === null) return null;
  return summaryOf(target, { ...parts, objects }, remarks, { ...options, ...options.summary }, listener);
}

async function readOlder(options: ReportOptions, listener: Listener): Promise<Older> {
  const { older: cores = [] } = options;
  const past: Past[] = [];
  // One after the other: a heap is gone before the next one comes.
  for (const core of cores)
    past.push(
      core instanceof Summary
        ? pastOfSummary(core, listener)
        : await withHeap(core, options, listener, readPast),
    );
  return { cores, past };
}

/** Null where there are none to tell of: a page has the rest. */
async function readStacks(
  target: Target,
  contents: TargetContents,
  heap: Heap | null,
  options: ReportOptions,
  listener: Listener,
): Promise<Frame<"coregram/stacks@1"> | null> {
  const asked = { ...options, locals: true, unfold: false, paths: heap !== null };
  return orNone(async () => withFewLocals(await stacksFrame(target, contents, heap, asked, listener)));
}

/** Variables of the first frames, until there are too many. */
function withFewLocals(frame: Frame<"coregram/stacks@1">): Frame<"coregram/stacks@1"> {
  let left = REPORT_ROWS.stacks.locals;
  const rows = frame.rows.map((row) => {
    left -= row.locals?.length ?? 0;
    return left < 0 ? { ...row, locals: null } : row;
  });
  return { ...frame, rows };
}

function readObjects(
  target: Target,
  past: readonly Past[],
  options: ReportOptions,
  listener: Listener,
): Promise<ReportHeap & Pick<Report, "stacks"> & { readonly kept: OfObjects | null }> {
  const older = options.older ?? [];
  const inputs = older.map(inputOf);
  return target.ask(async ({ image }) => {
    let contents: Pick<ReportHeap, "strings" | "containers" | "tasks"> = {
      strings: null,
      containers: null,
      tasks: null,
    };
    const first: HeapOptions["first"] = (crew, found) => {
      contents = {
        strings: stringsFrame(target, crew, found, image, REPORT_ROWS.strings),
        containers: containersFrame(target, crew, found, image, REPORT_ROWS.containers),
        tasks: tasksFrame(target, crew, found, listener),
      };
    };
    const asked = { ...options, arenas: true, first };
    return withHeap(target, asked, listener, async (heap, totals, lent) => {
      const occurrences = occurrencesIn(lent, options, listener);
      const [oldest] = past;
      const lines = await linesIfTraced(heap, requireElfCore(lent), rootOf(options), target.name, listener);
      const diagnosed = {
        ...{ newer: target, older: inputs[0] ?? null, before: oldest?.before ?? null },
        lines,
      };
      const diagnose = await diagnoseFrame(diagnosed, heap, totals, lent, occurrences, REPORT_ROWS.diagnose);
      const owners = await ownersFrame(target, heap, totals, occurrences, REPORT_ROWS.owners);
      const stacks = await readStacks(target, lent, heap, options, listener);
      return {
        stacks,
        kept: options.summary
          ? await objectsOf(target, lent, heap, totals, {
              ...{ diagnose, occurrences },
              stacks: await stacksOf(target, lent, heap, options, () => {}),
            })
          : null,
        diagnose,
        types: typesFrame(target, heap.found, image, REPORT_ROWS.types),
        owners,
        suspects: await askSuspects(
          { target, contents: lent, heap, totals, isTraced: lines !== null },
          diagnose,
          owners,
          options,
          listener,
        ),
        tasks: contents.tasks,
        strings: contents.strings,
        containers: contents.containers && withPaths(contents.containers, heap),
        growth:
          oldest === undefined
            ? null
            : growthOf(
                [...inputs, inputOf(target)],
                [...past.map(({ amounts }) => amounts), newestAmounts(heap, oldest, lines)],
                { ...REPORT_ROWS.growth, sameProcess: await isSameProcess([...older, target]) },
              ),
      };
    });
  });
}
