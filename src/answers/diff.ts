import { type Amount, addedUp, compareAmounts, foldAlike, newObjects, trends } from "../heap/index.ts";
import { type Core, randomOf, readProcess, type Target } from "../image/index.ts";
import { CoregramError, formatNames, type Listener } from "../terms/index.ts";
import { type By, type ByHeap, type CoreAmounts, readAmounts, type TypeNumbers } from "./amounts.ts";
import { describeGrowth } from "./balance-growth.ts";
import { DEFAULT_LIMIT, type ModuleOptions, type ResourceOptions } from "./options.ts";
import type { DiffTotals, Frame, KeptSnapshot, NamedSuspect, SubjectInput } from "./results/index.ts";
import { inputOf } from "./subject.ts";
import { describeSuspect } from "./suspect-text.ts";
import { type Suspect, suspectFields } from "./suspects.ts";
import { compareGrowth, isTraceBy, type NamedPlaces, traceAmounts } from "./trace-amounts.ts";
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
 * told (`trend@1`).
 * @throws CoregramError `usage` where they are fewer than two, or `fresh` asks for what there is not; `format` where one
 * is no ELF core or has no CPython that can be read; `limit` where memory runs out
 */
export async function answerDiff(
  targets: readonly Target[],
  options: DiffOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/diff@1"> | Frame<"coregram/trend@1">> {
  if (targets.length < 2)
    throw new CoregramError("usage", "diff takes two cores, the older first, or more: coregram diff OLD NEW");
  const by = options.by ?? "type";
  const sameProcess = await isSameProcess(targets);
  if (options.fresh && (by !== "type" || targets.length !== 2 || !sameProcess))
    throw new CoregramError(
      "usage",
      "--new compares two cores of one process by type: same number, same AT_RANDOM bytes",
    );
  const { cores, places } = isTraceBy(by)
    ? await traceAmounts(targets, by, options, listener)
    : { cores: await readAll(targets, by, options, listener), places: null };
  const newest = targets.at(-1);
  const last = newest?.name ?? "";
  if (by === "word") {
    const text = "words: the 1,000 most frequent of each core, counted exactly in all";
    listener({ kind: "note", target: last, text });
  }
  const [first, final] = [cores[0]?.balance, cores.at(-1)?.balance];
  // Of a leak in C code objects say nothing.
  const growth = by !== "balance" && first && final ? describeGrowth(first, final) : null;
  if (growth !== null) listener({ kind: "note", target: last, text: growth });
  for (const suspect of suspectsOf(cores) ?? []) {
    const text = `suspect: ${suspect.path ?? formatNames(suspect.holders ?? [])} ${describeSuspect(suspect)}`;
    listener({ kind: "note", target: last, text });
  }
  const words = by === "word" ? (cores.at(-1)?.amounts ?? []) : [];
  const symbols = newest && words.length > 0 ? await wordNames(newest, words, options, listener) : NO_SYMBOLS;
  const limit = options.limit ?? DEFAULT_LIMIT;
  const order = options.order ?? "growth";
  return compareCores(targets, cores, { by, limit, order, sameProcess, symbols, places });
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
  targets: readonly Pick<Target, "name" | "bytes" | "compression">[],
  cores: readonly CoreAmounts[],
  comparison: Comparison,
): Frame<"coregram/diff@1"> | Frame<"coregram/trend@1"> {
  const inputs = targets.map(inputOf);
  return cores.length === 2 ? difference(inputs, cores, comparison) : trend(inputs, cores, comparison);
}

/** The cores with what is alike in them under one name. */
export function foldCores(cores: readonly CoreAmounts[]): CoreAmounts[] {
  const amounts = foldAlike(cores.map((core) => core.amounts));
  return cores.map((core, i) => ({ ...core, amounts: amounts[i] ?? [] }));
}

async function readAll(
  targets: readonly Target[],
  by: ByHeap | "word",
  options: DiffOptions,
  listener: Listener,
): Promise<CoreAmounts[]> {
  if (by === "word") return wordAmounts(targets, options, listener);
  const cores: CoreAmounts[] = [];
  const numbers: TypeNumbers | null = options.fresh ? new Map() : null;
  // One after the other: a heap is gone before the next one comes.
  for (const target of targets) {
    const suspects = target === targets.at(-1) && options.suspects !== false && by !== "balance";
    const past = by === "owner" ? (cores[0] ?? null) : null;
    cores.push(await readAmounts(target, by, { ...options, suspects, past, numbers }, listener));
  }
  return foldCores(cores);
}

/** Those of the last core; where owners were compared, what did not grow is none. Null where none were looked for. */
function suspectsOf(cores: readonly CoreAmounts[]): readonly Suspect[] | null {
  return cores.at(-1)?.suspects?.filter(({ grewBytes }) => grewBytes === null || grewBytes > 0) ?? null;
}

/** The same as a result has them. */
function suspectTotals(cores: readonly CoreAmounts[]): NamedSuspect[] | null {
  const suspects = suspectsOf(cores)?.map((suspect) => {
    const { path, holders, type } = suspect;
    return { path, holders, type, ...suspectFields(suspect) };
  });
  return suspects ?? null;
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
  const all = compareAmounts(before, after);
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
  const changed = trends(cores.map(({ amounts }) => amounts)).filter(
    ({ bytes, counts }) => new Set(bytes).size > 1 || new Set(counts).size > 1,
  );
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

export async function isSameProcess(targets: readonly Target[]): Promise<boolean> {
  const [older, newer] = await Promise.all(
    targets.map((target) => target.ask(async ({ core }) => (core === null ? null : identify(core)))),
  );
  return older !== null && older !== undefined && older === newer;
}

/** Number and AT_RANDOM bytes, which the kernel made up when the program started; null where they are not saved. */
function identify(core: Core): string | null {
  const { pid } = readProcess(core);
  const random = randomOf(core);
  return random === null || pid === null ? null : `${pid} ${Buffer.from(random).toString("hex")}`;
}
