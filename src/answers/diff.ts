import { type Amount, addedUp, compareAmounts, foldAlike, newObjects, trends } from "../heap/index.ts";
import { identifyTarget, type Target } from "../image/index.ts";
import { CoregramError, formatNames, type Listener, printable } from "../terms/index.ts";
import {
  type AmountsOptions,
  type By,
  type CoreAmounts,
  readAmounts,
  type ToldSuspect,
  type TypeNumbers,
} from "./amounts.ts";
import { describeGrowth } from "./balance-growth.ts";
import { DEFAULT_LIMIT, type ModuleOptions, type ResourceOptions } from "./options.ts";
import type { DiffTotals, Frame, KeptSnapshot, NamedSuspect, SubjectInput } from "./results/index.ts";
import { inputOf } from "./subject.ts";
import { amountsOfSummary, type Comparable, type Compared, readEach, Summary } from "./summarized.ts";
import { suspectsOfSummary } from "./summary-findings.ts";
import { compareGrowth, isTraceBy, type NamedPlaces, traceAmounts } from "./trace-amounts.ts";
import type { PlaceFrame } from "./trace-statistics.ts";
import { wordAmounts, wordNames } from "./word-amounts.ts";

export interface DiffOptions extends ModuleOptions, ResourceOptions {
  /** What is compared, types by default. Of words it is the 1,000 most frequent of each target; `balance` is where all saved bytes are. */
  readonly by?: By | undefined;
  /** Of two cores of one process, by type: also count objects at whose address was none of the same type. */
  readonly fresh?: boolean | undefined;
  /** Rows at the most, 10 by default; Infinity for all names that changed. */
  readonly limit?: number | undefined;
  /**
   * `growth`, the default: by |bytes| more, then |objects| more, then name. `tracemalloc`, of lines, files and tracebacks:
   * that of `Snapshot.compare_to()`, with what did not change behind all else.
   */
  readonly order?: "growth" | "tracemalloc" | undefined;
  /** Whether what looks like a leak in the last target is told in notes; true by default. It takes as long as by owner. */
  readonly suspects?: boolean | undefined;
}

/**
 * What grew between targets, the older first: two are compared in both directions (`diff@1`), of more the course is
 * told (`trend@1`). One after the other is read, unless words are compared.
 * @throws CoregramError `usage` where they are fewer than two, `fresh` asks for what there is not, or a summary does not have
 * what is compared; `format` where one is no ELF core or has no CPython that can be read; `limit` where memory runs out
 */
export async function answerDiff(
  targets: readonly Comparable[],
  options: DiffOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/diff@1"> | Frame<"coregram/trend@1">> {
  if (targets.length < 2)
    throw new CoregramError("usage", "diff takes two cores, the older first, or more: coregram diff OLD NEW");
  const by = options.by ?? "type";
  if (options.fresh && (by !== "type" || targets.length !== 2)) throw notOfOneProcess();
  const places: Map<string, readonly PlaceFrame[]> | null = isTraceBy(by) ? new Map() : null;
  const read =
    by === "word"
      ? await readWords(targets, options, listener)
      : await readHeaps(targets, by, places, options, listener);
  const { inputs, sameProcess, symbols } = read;
  const cores = places === null ? foldCores(read.cores) : read.cores;
  const last = inputs.at(-1)?.path ?? "";
  if (by === "word") {
    const text = "words: the 1,000 most frequent of each core, counted exactly in all";
    listener({ kind: "note", target: last, text });
  }
  const [first, final] = [cores[0]?.balance, cores.at(-1)?.balance];
  // Of a leak in C code objects say nothing.
  const growth = by !== "balance" && first && final ? describeGrowth(first, final) : null;
  if (growth !== null) listener({ kind: "note", target: last, text: growth });
  for (const { named, text } of suspectsOf(cores) ?? []) {
    const subject = named.path ?? formatNames(named.holders ?? []);
    listener({ kind: "note", target: last, text: `suspect: ${subject} ${text}` });
  }
  const limit = options.limit ?? DEFAULT_LIMIT;
  const order = options.order ?? "growth";
  return compareCores(inputs, cores, { by, limit, order, sameProcess, symbols, places });
}

/** What was read of all targets. */
interface ReadCores {
  readonly inputs: readonly SubjectInput[];
  readonly cores: readonly CoreAmounts[];
  readonly sameProcess: boolean;
  readonly symbols: ReadonlyMap<string, string>;
}

function notOfOneProcess(): CoregramError {
  return new CoregramError(
    "usage",
    "--new compares two cores of one process by type: same number, same AT_RANDOM bytes",
  );
}

/** One after the other: a heap is gone before the next one comes, and so is what was unpacked for it. */
async function readHeaps(
  targets: readonly Comparable[],
  by: Exclude<By, "word">,
  places: Map<string, readonly PlaceFrame[]> | null,
  options: DiffOptions,
  listener: Listener,
): Promise<ReadCores> {
  const numbers: TypeNumbers | null = options.fresh ? new Map() : null;
  let oldest: CoreAmounts | null = null;
  let before: string | null = null;
  const read = await readEach(targets, async (target, isLast) => {
    const identity = await processOf(target);
    if (numbers !== null && oldest !== null && (identity === null || identity !== before))
      throw notOfOneProcess();
    before = identity;
    const suspects = isLast && options.suspects !== false && by !== "balance" && places === null;
    const past = by === "owner" ? oldest : null;
    const core = await readCore(target, by, places, { ...options, suspects, past, numbers }, listener);
    oldest ??= core;
    return { input: inputOf(target), identity, core };
  });
  const [first, second] = read.map(({ identity }) => identity);
  return {
    inputs: read.map(({ input }) => input),
    cores: read.map(({ core }) => core),
    sameProcess: first != null && first === second,
    symbols: NO_SYMBOLS,
  };
}

async function readCore(
  target: Compared,
  by: Exclude<By, "word">,
  places: Map<string, readonly PlaceFrame[]> | null,
  options: AmountsOptions,
  listener: Listener,
): Promise<CoreAmounts> {
  if (target instanceof Summary) {
    if (options.numbers !== null)
      throw new CoregramError("usage", `--new is for cores: ${printable(target.name)} is a summary`);
    const core = amountsOfSummary(target, by, places ?? new Map(), listener);
    return { ...core, suspects: options.suspects ? suspectsOfSummary(target, options.past) : null };
  }
  if (isTraceBy(by)) return traceAmounts(target, by, places ?? new Map(), options, listener);
  return readAmounts(target, by, options, listener);
}

/** Each word is counted in all of them: they are all open at once. */
async function readWords(
  targets: readonly Comparable[],
  options: DiffOptions,
  listener: Listener,
): Promise<ReadCores> {
  const all: Target[] = [];
  for (const given of targets) {
    const target = typeof given === "function" ? await given() : given;
    if (target instanceof Summary)
      throw new CoregramError(
        "usage",
        `--by word is for cores: ${printable(target.name)} is a summary, which has the most frequent words alone`,
      );
    all.push(target);
  }
  const cores = await wordAmounts(all, options, listener);
  const newest = all.at(-1);
  const words = foldCores(cores).at(-1)?.amounts ?? [];
  return {
    inputs: all.map(inputOf),
    cores,
    sameProcess: await isSameProcess(all),
    symbols: newest && words.length > 0 ? await wordNames(newest, words, options, listener) : NO_SYMBOLS,
  };
}

const NO_SYMBOLS: ReadonlyMap<string, string> = new Map();

/** How cores are compared, and what its words are called, of words. */
export interface Comparison {
  readonly by: By;
  readonly limit: number;
  readonly sameProcess: boolean;
  readonly symbols?: ReadonlyMap<string, string>;
  readonly order?: DiffOptions["order"];
  /** Of traces, by name. */
  readonly places?: NamedPlaces | null;
  /** Where one of them stands for the older core. */
  readonly snapshots?: readonly KeptSnapshot[] | null;
}

/** What became of the amounts of cores that were read and folded, the oldest first. */
export function compareCores(
  inputs: readonly SubjectInput[],
  cores: readonly CoreAmounts[],
  comparison: Comparison,
): Frame<"coregram/diff@1"> | Frame<"coregram/trend@1"> {
  return cores.length === 2 ? difference(inputs, cores, comparison) : trend(inputs, cores, comparison);
}

/** The cores with what is alike in them under one name. */
export function foldCores(cores: readonly CoreAmounts[]): CoreAmounts[] {
  const amounts = foldAlike(cores.map((core) => core.amounts));
  return cores.map((core, i) => ({ ...core, amounts: amounts[i] ?? [] }));
}

/** Those of the last core; where owners were compared, what did not grow is none. Null where none were looked for. */
function suspectsOf(cores: readonly CoreAmounts[]): readonly ToldSuspect[] | null {
  const told = cores.at(-1)?.suspects;
  return told?.filter(({ named: { grewBytes } }) => grewBytes === null || grewBytes > 0) ?? null;
}

/** The same as a result has them. */
function suspectTotals(cores: readonly CoreAmounts[]): NamedSuspect[] | null {
  return suspectsOf(cores)?.map(({ named }) => named) ?? null;
}

/** Of two that were read, the older first. */
export function difference(
  [older, newer]: readonly SubjectInput[],
  cores: readonly CoreAmounts[],
  { by, limit, sameProcess, symbols = NO_SYMBOLS, order, places = null, snapshots = null }: Comparison,
): Frame<"coregram/diff@1"> {
  const [before, after] = cores.map(({ amounts }) => amounts);
  if (older === undefined || newer === undefined || before === undefined || after === undefined)
    throw new CoregramError("usage", "diff takes two cores");
  const all = compareAmounts(before, after).filter(isKnownIn(cores));
  const isOther = order === "tracemalloc" && places !== null;
  if (isOther) all.sort(compareGrowth(places));
  const changed = all.filter(
    (row) =>
      isOther ||
      row.bytesDiff !== 0 ||
      row.countDiff !== 0 ||
      row.oldLength !== row.newLength ||
      (row.oldBlockBytes ?? 0) !== (row.newBlockBytes ?? 0),
  );
  const fresh = freshByType(cores);
  const rows = changed.slice(0, limit).map(({ oldBlockBytes, newBlockBytes, ...row }) => ({
    by,
    ...row,
    oldNativeBytes: oldBlockBytes ?? null,
    newNativeBytes: newBlockBytes ?? null,
    symbol: symbols.get(row.name) ?? null,
    frames: places?.get(row.name) ?? null,
    freshCount: fresh === null ? null : (fresh.get(row.name)?.count ?? 0),
    freshBytes: fresh === null ? null : (fresh.get(row.name)?.bytes ?? 0),
  }));
  const [old, young] = [addUp(before), addUp(after)];
  const totals: DiffTotals = {
    by,
    oldCount: old.count,
    newCount: young.count,
    oldBytes: old.bytes,
    newBytes: young.bytes,
    sameProcess,
    oldBalance: cores[0]?.balance ?? null,
    newBalance: cores[1]?.balance ?? null,
    restRows: changed.length - rows.length,
    suspects: suspectTotals(cores),
    snapshots,
  };
  return { schema: "coregram/diff@1", input: { old: older, new: newer }, totals, rows };
}

/** Of names, whether it can be told what became of it: not of what one core may have left out for being so small. */
function isKnownIn(cores: readonly CoreAmounts[]): (row: { readonly name: string }) => boolean {
  if (cores.every(({ leftOutBytes }) => leftOutBytes === 0)) return () => true;
  const sums = cores.map(({ amounts }) => addedUp(amounts));
  return ({ name }) => {
    const found = sums.map((sum) => sum.get(name));
    const most = Math.max(...found.map((amount) => (amount ? amount.bytes + (amount.blockBytes ?? 0) : 0)));
    return found.every((amount, index) => amount !== undefined || most > (cores[index]?.leftOutBytes ?? 0));
  };
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
  { by, limit, symbols = NO_SYMBOLS }: Comparison,
): Frame<"coregram/trend@1"> {
  const isKnown = isKnownIn(cores);
  const changed = trends(cores.map(({ amounts }) => amounts))
    .filter(isKnown)
    .filter(({ bytes, counts }) => new Set(bytes).size > 1 || new Set(counts).size > 1);
  const rows = changed.slice(0, limit).map((row) => ({ by, ...row, symbol: symbols.get(row.name) ?? null }));
  const totals = {
    by,
    bytes: cores.map(({ amounts }) => addUp(amounts).bytes),
    restRows: changed.length - rows.length,
    suspects: suspectTotals(cores),
  };
  return { schema: "coregram/trend@1", input: { cores: inputs }, totals, rows };
}

function addUp(amounts: readonly Amount[]): { count: number; bytes: number } {
  return amounts.reduce((sum, { count, bytes }) => ({ count: sum.count + count, bytes: sum.bytes + bytes }), {
    count: 0,
    bytes: 0,
  });
}

/** Whether the first two are of one process. */
export async function isSameProcess(targets: readonly Compared[]): Promise<boolean> {
  const [older, newer] = await Promise.all(targets.map(processOf));
  return older != null && older === newer;
}

/** Number and AT_RANDOM bytes, which the kernel made up when the program started; null where they are not saved. */
async function processOf(target: Compared): Promise<string | null> {
  const { pid, randomDigest } = target instanceof Summary ? target.identity : await identifyTarget(target);
  return randomDigest === null || pid === null ? null : `${pid} ${randomDigest}`;
}
