import type { Amount } from "../heap/index.ts";
import { type Identity, Target } from "../image/index.ts";
import { CoregramError, formatBytes, formatCount, type Listener, printable } from "../terms/index.ts";
import { type By, balanceAmounts, type CoreAmounts } from "./amounts.ts";
import { type KeyedOwner, NO_SUSPECT } from "./owners.ts";
import { readSummaryFile } from "./read-summary.ts";
import { NO_REFERRERS } from "./referrers.ts";
import type { Frame, SummaryAmount, SummaryRow } from "./results/index.ts";
import { inputOf } from "./subject.ts";
import { amountsOfPlaces } from "./trace-amounts.ts";
import type { PlaceFrame } from "./trace-statistics.ts";

/** What a summary tells of objects, where it tells of them. */
interface OfObjects {
  readonly diagnose: Frame<"coregram/diagnose@1">;
  readonly types: Frame<"coregram/types@1">;
  readonly owners: Omit<Frame<"coregram/owners@1">, "rows"> & { readonly rows: readonly KeyedOwner[] };
  readonly amounts: readonly SummaryAmount[];
  readonly baseline: NonNullable<SummaryRow["baseline"]>;
}

/** What a core was when it was summarized, in place of the core: its answers, cut at some thousand rows. */
export class Summary {
  /** The path of the summary. Untrusted. */
  readonly name: string;
  readonly row: SummaryRow;

  /** What tells keys apart by which its names were taken out; null where they were not. */
  readonly redactedBy: string | null;

  private constructor(name: string, row: SummaryRow, redactedBy: string | null) {
    this.name = name;
    this.row = row;
    this.redactedBy = redactedBy;
  }

  /** @throws CoregramError as `readSummaryFile` does */
  static async open(path: string): Promise<Summary> {
    const { row, redactedBy } = await readSummaryFile(path);
    return new Summary(path, row, redactedBy);
  }

  /** Bytes of the core. */
  get bytes(): number {
    return this.row.subject.bytes;
  }

  get compression(): string | null {
    return this.row.subject.compression;
  }

  /** What it tells of objects. @throws CoregramError `format` where it tells of none */
  get objects(): OfObjects {
    const { diagnose, types, owners, amounts, baseline, unread } = this.row;
    if (!diagnose || !types || !owners || !amounts || !baseline)
      throw new CoregramError(
        "format",
        `${printable(this.name)} tells of no objects: ${unread ?? "its core had none that could be read"}`,
      );
    const { balance } = types.totals;
    const input = inputOf(this);
    return {
      diagnose: {
        schema: "coregram/diagnose@1",
        input: { new: input, old: null },
        totals: { ...diagnose.totals, balance },
        rows: diagnose.rows,
      },
      types: {
        schema: "coregram/types@1",
        input,
        ...types,
        rows: types.rows.map((row) => ({ ...row, lines: null })),
      },
      owners: {
        schema: "coregram/owners@1",
        input,
        totals: { ...owners.totals, balance },
        rows: owners.rows.map((row) => ({ ...row, ...NO_SUSPECT, ...NO_REFERRERS })),
      },
      ...{ amounts, baseline },
    };
  }

  get info(): Frame<"coregram/info@1"> {
    const { totals, rows } = this.row.info;
    const whole = rows.map((row) => ({ ...row, objects: null }));
    return { schema: "coregram/info@1", input: inputOf(this), totals, rows: whole };
  }

  get words(): Frame<"coregram/words@1"> {
    const input = { ...inputOf(this), wordBytes: 8, endian: "little" } as const;
    return { schema: "coregram/words@1", input, ...this.row.words };
  }

  /** Null where there were no threads of a Python. */
  get stacks(): Frame<"coregram/stacks@1"> | null {
    const { stacks } = this.row;
    if (stacks === null) return null;
    const rows = stacks.rows.map((row) => ({ ...row, locals: null }));
    return { schema: "coregram/stacks@1", input: inputOf(this), totals: stacks.totals, rows };
  }

  /** As `identifyTarget` has it, as far as that is kept. */
  get identity(): Identity {
    const { info, time, randomDigest } = this.row;
    const process = info.rows[0]?.process ?? null;
    return {
      path: this.name,
      ...{ time, randomDigest, host: null, buildIds: [] },
      pid: process?.pid ?? null,
      name: process?.name ?? null,
      commandLine: process?.commandLine ?? null,
    };
  }
}

/** A core, or what is kept of one. */
export type Compared = Target | Summary;

/** What is compared, or what opens it once its turn comes: then it is closed after that. */
export type Comparable = Compared | (() => Promise<Compared>);

/** Lets `read` read each, one after the other. */
export async function readEach<Read>(
  targets: readonly Comparable[],
  read: (target: Compared, isLast: boolean) => Promise<Read>,
): Promise<Read[]> {
  const all: Read[] = [];
  for (const [index, given] of targets.entries()) {
    const target = typeof given === "function" ? await given() : given;
    try {
      all.push(await read(target, index === targets.length - 1));
    } finally {
      if (typeof given === "function" && target instanceof Target) target.close();
    }
  }
  return all;
}

/** What there is of each name; what is cut is said. @throws CoregramError `usage` where it is not kept, `format` as above */
export function amountsOfSummary(
  summary: Summary,
  by: By,
  places: Map<string, readonly PlaceFrame[]>,
  listener: Listener,
): CoreAmounts {
  if (by === "word" || by === "traceback")
    throw new CoregramError(
      "usage",
      `--by ${by} is for cores: ${printable(summary.name)} is a summary, which has types, owners, lines and the balance`,
    );
  if (by === "line" || by === "file") return linesOf(summary, by, places, listener);
  const { diagnose, types } = summary.objects;
  const leftOutBytes = summary.row.leastAmount ?? 0;
  return {
    amounts:
      by === "owner"
        ? ownersOf(summary, listener)
        : by === "type"
          ? typesOf(summary, listener)
          : balanceAmounts(types.totals.balance),
    leftOutBytes: by === "owner" ? leftOutBytes : 0,
    memory: diagnose.totals.memoryBytes,
    suspects: null,
    addressed: null,
    typeNames: new Map(),
    balance: types.totals.balance,
  };
}

function note(summary: Summary, text: string, listener: Listener): void {
  listener({ kind: "note", target: summary.name, text: `${printable(summary.name)} is a summary: ${text}` });
}

function ownersOf(summary: Summary, listener: Listener): Amount[] {
  const { restAmounts, leastAmount } = summary.row;
  if (restAmounts !== null && restAmounts > 0)
    note(
      summary,
      `${formatCount(restAmounts)} owners of up to ${formatBytes(leastAmount ?? 0)} each are not in it: what is no larger elsewhere is left out, and what is larger counts as none here`,
      listener,
    );
  return summary.objects.amounts.map(({ name, key, count, bytes, nativeBytes, length }) => ({
    ...{ name, count, bytes },
    ...(key === null ? {} : { like: key }),
    ...(nativeBytes === null ? {} : { blockBytes: nativeBytes }),
    ...(length === null ? {} : { length }),
  }));
}

function typesOf(summary: Summary, listener: Listener): Amount[] {
  const { totals, rows } = summary.objects.types;
  if (totals.types > rows.length)
    note(
      summary,
      `${formatCount(totals.types - rows.length)} types of ${formatBytes(totals.restBytes)} together are not in it, and count as none`,
      listener,
    );
  return rows.map(({ type: name, count, bytes }) => ({ name, count, bytes }));
}

function linesOf(
  summary: Summary,
  by: "line" | "file",
  places: Map<string, readonly PlaceFrame[]>,
  listener: Listener,
): CoreAmounts {
  const { traces } = summary.row;
  if (traces === null)
    throw new CoregramError(
      "format",
      `${printable(summary.name)} has no lines: tracemalloc was not tracing in its process`,
    );
  const { restRows, restBytes } = traces.totals;
  if (restRows > 0)
    note(
      summary,
      `${formatCount(restRows)} lines of ${formatBytes(restBytes)} together are not in it, and count as none`,
      listener,
    );
  const lines = traces.rows.map(({ file, line, count, bytes }) => ({
    frames: [{ file, line: by === "file" ? null : line }],
    ...{ count, bytes },
  }));
  return amountsOfPlaces(lines, places);
}
