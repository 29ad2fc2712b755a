import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type JsonObject,
  SUMMARY,
  type SummaryRow,
  type TableColumns,
} from "../../src/answers/results/index.ts";
import { parquetTable } from "../../src/views/index.ts";
import { bytesOf } from "../views/parquet-file.ts";

/** What there is to find in a fleet; drawn, so that who asks cannot know. */
export interface Planted {
  /** Grows in all processes of `since` and later releases. */
  readonly leak: string;
  readonly since: string;
  readonly leakingHosts: readonly string[];
  /** Have much more memory than others of their release. */
  readonly outliers: readonly string[];
  /** The largest that all hold. */
  readonly common: string;
  /** Is in processes alone that a signal killed. */
  readonly fatal: string;
  readonly killed: number;
  /** Files that cannot be read. */
  readonly damaged: readonly string[];
  readonly files: number;
}

/** xorshift32 (Marsaglia, 2003): from 0 to 1, the same for the same seed. */
function drawer(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const RELEASES = ["4.8", "4.9", "4.10", "4.11"] as const;
const PROCESSES = 4;
const DAY = 24 * 3_600_000;
const FIRST_LOOK = Date.UTC(2026, 10, 20);
const MB = 2 ** 20;

type Owner = NonNullable<SummaryRow["owners"]>["rows"][number];

/**
 * Writes two summaries of each process of a fleet: of several versions of Python, with clocks that are days apart, some files
 * written by another version of the program, some missing, some damaged.
 * @param template a summary with objects
 */
export async function plantFleet(
  folder: string,
  hosts: number,
  template: SummaryRow,
  seed: number,
): Promise<Planted> {
  const draw = drawer(seed);
  const below = (most: number) => Math.floor(draw() * most);
  const name = () => `shop.${below(2 ** 32).toString(36)}.${below(2 ** 32).toString(36)}`;
  const [leak, common, fatal] = [name(), name(), name()];
  const others = Array.from({ length: 30 }, name);
  const since = 1 + below(RELEASES.length - 1);
  const outliers = new Set(Array.from({ length: 3 }, () => below(hosts)));
  const damaged: string[] = [];
  const leaking = new Set<string>();
  let killed = 0;
  let files = 0;
  for (let number = 0; number < hosts; number += 1) {
    const host = `app-${number}`;
    const at = number % RELEASES.length;
    const release = RELEASES[at] ?? "";
    // A clock that is days wrong, and the same for all that the host writes.
    const skew = (draw() - 0.5) * 8 * DAY;
    const runtime = `CPython 3.${8 + below(6)}`;
    const mostBytes = outliers.has(number) ? 900 * MB : 0;
    for (let process = 0; process < PROCESSES; process += 1) {
      const isKilled = draw() < 0.03;
      if (isKilled) killed += 1;
      const digest = `${seed}-${number}-${process}`;
      const base = 150 + below(10);
      // Of some of them one is missing: nothing is known of their growth then.
      const missing = draw() < 0.02 ? below(2) : 2;
      const isDamaged = draw() < 0.01;
      for (const look of [0, 1]) {
        if (look === missing) continue;
        const owners = [
          owner(template, common, 40 * MB + below(500_000)),
          owner(template, leak, (at >= since ? 20 + look * (20 + below(40)) : 1) * MB + below(1000)),
          ...(mostBytes > 0 ? [owner(template, name(), mostBytes)] : []),
          ...(isKilled && look === 1 ? [owner(template, fatal, 3 * MB)] : []),
          ...others.flatMap((other, index) =>
            draw() < 0.9 ? [owner(template, other, (1 + index) * 20_000 + below(9000))] : [],
          ),
        ];
        const time = new Date(FIRST_LOOK + skew + look * 3_600_000 + below(600_000)).toISOString();
        const row = rowOf(
          template,
          owners,
          { time, digest, runtime, signal: isKilled && look === 1 ? 11 : 19 },
          base * MB,
        );
        const path = join(
          folder,
          `service=web/host=${host}/date=${time.slice(0, 10)}/release=${release}`,
          `${1000 + process}-${look}${number}.parquet`,
        );
        mkdirSync(dirname(path), { recursive: true });
        const table = {
          name: "summary",
          columns: versionOf(draw()),
          input: { path },
          rows: [row as unknown as JsonObject],
        };
        writeFileSync(path, await bytesOf(parquetTable(table, [])));
        files += 1;
        if (isDamaged) {
          damaged.push(path);
          if (draw() < 0.5) truncateSync(path, 1000 + below(1000));
          else truncateSync(path, 0);
        } else if (look === 1 && missing === 2 && at >= since) leaking.add(host);
      }
    }
  }
  return {
    ...{ leak, common, fatal, killed, damaged, files },
    since: RELEASES[since] ?? "",
    leakingHosts: [...leaking],
    outliers: [...outliers].map((number) => `app-${number}`).sort(),
  };
}

function owner({ owners }: SummaryRow, key: string, bytes: number): Owner {
  const [first] = owners?.rows ?? [];
  if (first === undefined) throw new Error("the template has no owners");
  return { ...first, key, path: key, bytes, retainedBytes: bytes, nativeBytes: 0, retainedNativeBytes: 0 };
}

interface Varied {
  readonly time: string;
  readonly digest: string;
  readonly runtime: string;
  readonly signal: number;
}

function rowOf(template: SummaryRow, owners: readonly Owner[], varied: Varied, rest: number): SummaryRow {
  const { diagnose, info } = template;
  const [known] = info.rows;
  if (diagnose === null || template.owners === null || known?.process == null) throw new Error("no template");
  const signalName = varied.signal === 11 ? "SIGSEGV" : "SIGSTOP";
  const memoryBytes = rest + owners.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    ...template,
    ...{ time: varied.time, randomDigest: varied.digest },
    info: { ...info, rows: [{ ...known, process: { ...known.process, signal: varied.signal, signalName } }] },
    diagnose: { ...diagnose, totals: { ...diagnose.totals, memoryBytes, runtime: varied.runtime } },
    owners: { ...template.owners, rows: owners },
  };
}

/** The columns of this version of the program, of an older one without some, or of a newer one with one more. */
function versionOf(drawn: number): TableColumns {
  if (drawn < 0.8) return SUMMARY;
  const { remarks, leastAmount, ...older } = SUMMARY.row;
  if (drawn < 0.9) return { ...SUMMARY, row: older };
  const newer = { kind: "text", tells: "ours", nullable: true, doc: "What a newer version says." } as const;
  return { ...SUMMARY, row: { ...older, remarks, leastAmount, newer } };
}
