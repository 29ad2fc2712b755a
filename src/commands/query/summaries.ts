import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { isParquet } from "../../bytes/index.ts";
import { CoregramError, formatCount, printable } from "../../terms/index.ts";
import { describeFailure } from "../shell/output-error.ts";
import { type Answer, type Connection, quoted } from "./duckdb.ts";
import { isNamed } from "./views.ts";

/** What is in a path, `service=web/host=app-1`, are columns of texts; an older file may have fewer columns than a newer one. */
const READ = "union_by_name = true, hive_partitioning = true, hive_types_autocast = false, filename = 'file'";

/** What is no column of the view cores. */
const LISTS =
  "info, words, diagnose, types, owners, stacks, traces, amounts, baseline, remarks, tags, subject";

/** The views that are one row a core. */
const CORES = `select * exclude (${LISTS}), subject.path as path, subject.bytes as bytes, info.rows[1].process.pid as pid,
  info.rows[1].process.name as name, info.rows[1].process.signalName as signal, diagnose.totals.runtime as runtime,
  diagnose.totals.memoryBytes as memoryBytes, diagnose.totals.liveBytes as liveBytes, diagnose.totals.nativeBytes as nativeBytes,
  diagnose.totals.garbageBytes as garbageBytes, diagnose.totals.freeBytes as freeBytes, diagnose.totals.otherBytes as otherBytes,
  diagnose.rows[1].verdict as verdict from summaries`;

/** The views of rows that a core has several of, and where they are in a summary. */
const ROWS = {
  findings: "diagnose.rows",
  types: "types.rows",
  owners: "owners.rows",
  words: "words.rows",
  threads: "stacks.totals.threads",
  frames: "stacks.rows",
  traces: "traces.rows",
  modules: "info.rows[1].modules",
  remarks: "remarks",
} as const;

/** The summaries below a folder, or the file, in the order of their paths. */
export function summariesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".parquet"))
    .sort()
    .map((name) => join(path, name));
}

/**
 * What DuckDB answers of summaries, as views over all of them. One that is broken is left out, and said: it says nothing of a
 * thousand others.
 * @throws CoregramError `format` where none can be read; what DuckDB throws of the question
 */
export async function askSummaries(
  connection: Connection,
  files: readonly string[],
  sql: string,
  warn: (text: string) => void,
): Promise<Answer> {
  const whole = files.filter((file) => {
    const why = damageOf(file);
    if (why !== null) warn(`left out: ${printable(file)} ${why}`);
    return why === null;
  });
  const ask = async (of: readonly string[]) => {
    if (of.length === 0)
      throw new CoregramError("format", `${printable(files[0] ?? "")}: there is no summary that can be read`);
    if (of.length < files.length)
      warn(`${formatCount(of.length)} of ${formatCount(files.length)} summaries are read`);
    await makeViews(connection, of, sql);
    return connection.runAndReadAll(sql);
  };
  try {
    return await ask(whole);
  } catch (error) {
    const broken = await brokenAmong(connection, whole, error);
    if (broken.size === 0) throw error;
    for (const [file, why] of broken) warn(`left out: ${printable(file)}: ${printable(why)}`);
    return ask(whole.filter((file) => !broken.has(file)));
  }
}

/** What is wrong with the question, whatever it is asked of. */
const OF_QUESTION = /^(?:Parser|Catalog|Binder) Error/;

/** The files that cannot be read to their end, and why: each is read alone, as not all errors name one. */
async function brokenAmong(
  connection: Connection,
  files: readonly string[],
  error: unknown,
): Promise<ReadonlyMap<string, string>> {
  const broken = new Map<string, string>();
  if (error instanceof CoregramError || OF_QUESTION.test(messageOf(error))) return broken;
  for (const file of files)
    try {
      await makeViews(connection, [file], WHOLE);
      await connection.runAndReadAll(WHOLE);
    } catch (own) {
      broken.set(file, messageOf(own));
    }
  return broken;
}

/** Reads all columns. */
const WHOLE = "select max(hash(s)) from summaries s";

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}

/** To make a view opens all files once more: only those that the question may name are made. */
async function makeViews(connection: Connection, files: readonly string[], sql: string): Promise<void> {
  const list = files.map((file) => quoted(file, "'")).join(", ");
  const keys = keysOf(files[0] ?? "").map((key) => quoted(key, '"'));
  const ofCore = ["file", ...keys, '"time"', "randomDigest"].join(", ");
  const all = {
    summaries: `from read_parquet([${list}], ${READ})`,
    cores: CORES,
    ...Object.fromEntries(
      Object.entries(ROWS).map(([name, rows]) => [
        name,
        `select ${ofCore}, unnest(${rows}, max_depth := 2) from summaries`,
      ]),
    ),
  };
  // Each view reads the ends of all files.
  await connection.runAndReadAll("set parquet_metadata_cache = true");
  for (const [name, select] of Object.entries(all))
    if (name === "summaries" || isNamed(name, sql))
      await connection.runAndReadAll(`create or replace view ${name} as ${select}`);
}

/** `service`, `host`, `date` of a path that has `service=web/host=app-1/date=2026-11-27` in it. */
function keysOf(path: string): string[] {
  return path
    .split("/")
    .slice(0, -1)
    .flatMap((part) => /^([a-z_][a-z0-9_]*)=/.exec(part)?.[1] ?? []);
}

/** Magic at both ends, and between them the length of what describes the rest (parquet-format, README.md). */
const LEAST_BYTES = 12;

/** Why it is no whole Parquet file; null where it looks like one. */
function damageOf(path: string): string | null {
  if (isParquet(path)) return null;
  try {
    accessSync(path, constants.R_OK);
    const { size } = statSync(path);
    return size < LEAST_BYTES
      ? `has ${size} bytes, and is no Parquet file`
      : "is no Parquet file, or was cut short";
  } catch (error) {
    return `cannot be read: ${describeFailure(error)}`;
  }
}
