import { readdirSync, renameSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { answerHeapSnapshot } from "../../answers/heap-snapshot.ts";
import { answerOwners } from "../../answers/owners.ts";
import type { TableName } from "../../answers/results/index.ts";
import { tableNames, writeTables } from "../../answers/tables.ts";
import { identifyTarget } from "../../image/index.ts";
import { CoregramError } from "../../terms/index.ts";
import { heapSnapshotText, parquetTable, pprofProfile } from "../../views/index.ts";
import { answer } from "../shell/answer.ts";
import { writeFolder } from "../shell/folder-output.ts";
import { checkPaths } from "../shell/input.ts";
import { describeFailure, outputError } from "../shell/output-error.ts";
import { type RedactArgs, refuseRedacted } from "../shell/redaction.ts";
import { memoryOf, modulesOf } from "../shell/settings.ts";
import { pathOf, requireSubject, type Subject, type SubjectArgs } from "../shell/subject.ts";

export interface ExportArgs extends SubjectArgs, RedactArgs {
  readonly folder: string | undefined;
  readonly table: readonly string[] | undefined;
  readonly values: boolean | undefined;
  readonly heapsnapshot: string | undefined;
  readonly pprof: string | undefined;
  readonly all: boolean | undefined;
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
  readonly quiet: boolean | undefined;
  readonly threads: number | undefined;
}

/** `coregram export CORE FOLDER`: the heap as tables. */
export async function runExport(args: ExportArgs): Promise<undefined> {
  // What stands in place of CORE leaves its place to the folder.
  const isProcess = args.pid !== undefined;
  const subject = requireSubject(isProcess ? { ...args, core: undefined } : args);
  const folder = (isProcess ? args.core : undefined) ?? args.folder;
  const { heapsnapshot, pprof } = args;
  if (heapsnapshot !== undefined || pprof !== undefined) {
    const [option, output] = heapsnapshot === undefined ? ["pprof", pprof] : ["heapsnapshot", heapsnapshot];
    if (folder === undefined) return exportFile(subject, output ?? "", args);
    throw new CoregramError(
      "usage",
      `--${option} ${output} stands in place of FOLDER: not both it and ${folder}`,
    );
  }
  if (folder === undefined || folder === "")
    throw new CoregramError("usage", "export takes a FOLDER behind CORE: coregram export CORE tables");
  checkPaths(pathOf(subject), [], undefined);
  requireEmpty(folder);
  const tables = tablesOf(args);
  if (tables.some((name) => VALUES.includes(name)))
    refuseRedacted(args, "texts and words cannot be redacted: the tables strings and words take no --redact");
  return answer({ ...args, output: undefined }, async ({ listener, open, redactor }) => {
    const target = await open(subject, {});
    const options = { ...modulesOf(args), tables, memory: memoryOf(args.memory), threads: args.threads };
    const lines: string[] = [];
    await writeFolder(
      dirname(resolve(folder)),
      (put) =>
        writeTables(target, options, listener, async (made) => {
          const table = redactor === null ? made : redactor.table(made);
          let rows = 0;
          const counted = (function* () {
            for (const row of table.rows) {
              rows += 1;
              yield row;
            }
          })();
          await put(
            `${table.name}.parquet`,
            parquetTable(
              { ...table, rows: counted },
              redactor === null ? [await identifyTarget(target)] : [],
            ),
          );
          lines.push(`${String(rows).padStart(12)}  ${table.name}\n`);
        }),
      (temporary) => moveTo(temporary, folder),
    );
    return lines;
  });
}

/** The heap as one file for a viewer, for its user alone. */
function exportFile(subject: Subject, output: string, args: ExportArgs): Promise<undefined> {
  checkPaths(pathOf(subject), [], output);
  if (args.values)
    refuseRedacted(args, "texts cannot be redacted: --heapsnapshot with --values takes no --redact");
  return answer({ ...args, output, isSecret: true }, async ({ listener, open, redactor }) => {
    const target = await open(subject, {});
    const options = { ...modulesOf(args), threads: args.threads };
    if (args.heapsnapshot !== undefined) {
      const names = redactor ?? undefined;
      return heapSnapshotText(
        await answerHeapSnapshot(target, { ...options, values: args.values, names }, listener),
      );
    }
    const wanted = {
      limit: Number.MAX_SAFE_INTEGER,
      holds: Number.POSITIVE_INFINITY,
      lines: "if traced",
    } as const;
    const owners = await answerOwners(target, { ...options, ...wanted }, listener);
    return [await pprofProfile(redactor === null ? owners : redactor.frame(owners))];
  });
}

/** Tables of nothing but what stood in memory. */
const VALUES: readonly TableName[] = ["strings", "words"];

function tablesOf({ table, values, all }: ExportArgs): readonly TableName[] {
  const names = tableNames();
  if (table !== undefined) return names.filter((name) => table.includes(name));
  return names.filter(
    (name) => (name !== "strings" || values === true) && (name !== "words" || all === true),
  );
}

/** @throws CoregramError `io` where there is something else than an empty folder */
function requireEmpty(folder: string): void {
  const existing = statSync(folder, { throwIfNoEntry: false });
  if (existing === undefined) return;
  if (!existing.isDirectory()) throw outputError(folder, "it is no folder, and tables are");
  if (readdirSync(folder).length > 0) throw outputError(folder, "it is not empty");
}

function moveTo(temporary: string, folder: string): void {
  try {
    // It takes the place of an empty one.
    renameSync(temporary, folder);
  } catch (error) {
    throw outputError(folder, describeFailure(error), error);
  }
}
