import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { SUMMARY, type SummaryRow } from "../../answers/results/index.ts";
import { answerSummary } from "../../answers/summary.ts";
import { type Identity, identifyTarget, type Target } from "../../image/index.ts";
import { CoregramError } from "../../terms/index.ts";
import { parquetTable } from "../../views/index.ts";
import { type AnswerArgs, answer, type Desk, writeOutput } from "../shell/answer.ts";
import { checkPaths } from "../shell/input.ts";
import { describeFailure, outputError } from "../shell/output-error.ts";
import { say } from "../shell/say.ts";
import { memoryOf, modulesOf } from "../shell/settings.ts";
import { pathsOf, type Subject, type SubjectsArgs, subjectsOf } from "../shell/subject.ts";
import { COLUMNS } from "../summary/columns.ts";
import { pathOfTags, requireSameKeys, type Tag, tagsOf } from "../summary/partition.ts";

export interface SummaryArgs extends SubjectsArgs, AnswerArgs {
  readonly tag: readonly string[] | undefined;
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
  readonly threads: number | undefined;
}

/** `coregram summary CORE... -o DIR`. Returns the exit status: 1 where one of several could not be summarized. */
export async function runSummary(args: SummaryArgs): Promise<number> {
  const { output: folder, tag = [] } = args;
  const given = subjectsOf(args);
  const subjects = given.length > 0 ? given : [{ core: undefined }];
  if (folder === undefined || folder === "" || folder === "-")
    throw new CoregramError("usage", "summary takes a folder to write to: coregram summary CORE... -o DIR");
  const [first = "", ...others] = pathsOf(subjects);
  checkPaths(first, others, undefined);
  // What is wrong with them is said before the long work.
  tagsOf(tag, [], COLUMNS);
  let failed = 0;
  await answer({ ...args, output: undefined }, async (desk) => {
    const lines: string[] = [];
    for (const subject of subjects)
      try {
        lines.push(`${await summarize(subject, folder, args, desk)}\n`);
      } catch (error) {
        // Of several, the others are worth the work.
        if (subjects.length === 1 || !(error instanceof CoregramError) || error.code === "usage") throw error;
        failed += 1;
        say(`not summarized: ${error.message}`);
      }
    return lines;
  });
  return failed === 0 ? 0 : 1;
}

/** Returns the file's path. */
async function summarize(subject: Subject, folder: string, args: SummaryArgs, desk: Desk): Promise<string> {
  const { listener, open, redactor } = desk;
  const target = await open(subject, {});
  try {
    const time = new Date().toISOString();
    const identity = await identifyTarget(target);
    const shown = (text: string | null) => (text === null || redactor === null ? text : redactor.input(text));
    const known = knownTags(target, identity, time).map((tag) =>
      tag.key === "date" ? tag : { ...tag, value: shown(tag.value) },
    );
    const tags = tagsOf(args.tag ?? [], known, COLUMNS);
    requireSameKeys(folder, tags);
    const row = await answerSummary(
      target,
      {
        ...modulesOf(args),
        ...{ memory: memoryOf(args.memory), threads: args.threads, time, tags },
        only: redactor === null ? undefined : (word: bigint) => redactor.isAddress(word),
      },
      listener,
    );
    const parent = join(folder, pathOfTags(tags));
    const path = join(parent, `${identity.pid ?? "0"}-${await idOf(target, identity, time, row)}.parquet`);
    makeFolder(parent);
    await writeSummary(path, row, identity, desk);
    return path;
  } finally {
    // One after the other: what was unpacked of it is gone before the next one comes.
    target.close();
  }
}

function knownTags(target: Target, { name, host, time }: Identity, now: string): Tag[] {
  const isHere = target.kind === "process";
  return [
    { key: "service", value: name },
    { key: "host", value: host ?? (isHere ? hostname() : null) },
    { key: "date", value: (isHere ? now : time)?.slice(0, "2026-11-27".length) ?? null },
  ];
}

const HEAD_BYTES = 65_536;
const ID_DIGITS = 16;

/**
 * What tells a core from all others, wherever it lies and however it is compressed: its head, where its notes are, with the
 * registers and times of its threads; and what was counted in it, as two dumps of a process that waits have the same head.
 * A process is another one each time it is read.
 */
async function idOf(
  target: Target,
  { randomDigest }: Identity,
  time: string,
  row: SummaryRow,
): Promise<string> {
  const hash = createHash("sha256").update(`${target.bytes} ${randomDigest} `);
  if (target.kind === "process") hash.update(time);
  else
    await target.ask(async ({ source }) => {
      const head = new Uint8Array(HEAD_BYTES);
      hash.update(head.subarray(0, source.read(0, head)));
    });
  hash.update(JSON.stringify(countedIn(row)));
  return hash.digest("hex").slice(0, ID_DIGITS);
}

/** Counts, and no names that depend on what else is on the machine. */
function countedIn({ words, types, owners, amounts }: SummaryRow): unknown {
  return [
    words.totals,
    words.rows.map(({ word, count }) => [word, count]),
    types?.totals,
    types?.rows.map(({ count, bytes }) => [count, bytes]),
    owners?.totals,
    amounts?.map(({ count, bytes, nativeBytes, length }) => [count, bytes, nativeBytes, length]),
  ];
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw outputError(path, describeFailure(error), error);
  }
}

/** The file is there once all of it is, for its user alone: paths have keys of dicts in them. */
async function writeSummary(
  path: string,
  row: SummaryRow,
  identity: Identity,
  { redactor }: Desk,
): Promise<void> {
  const table = { name: "summary", columns: SUMMARY, input: { path: identity.path }, rows: [row] };
  const chunks = parquetTable(redactor === null ? table : redactor.table(table), []);
  await writeOutput(path, true, async () => chunks);
}
