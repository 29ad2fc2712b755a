import { compareAmounts } from "../heap/index.ts";
import type { Target } from "../image/index.ts";
import type { TraceSnapshot } from "../runtimes/index.ts";
import {
  CoregramError,
  formatAddress,
  formatBytes,
  formatCount,
  type Listener,
  parseAddress,
  printable,
} from "../terms/index.ts";
import type { CoreAmounts } from "./amounts.ts";
import { requireNode } from "./asked-path.ts";
import { type DiffOptions, difference } from "./diff.ts";
import { withHeap } from "./heap.ts";
import { DEFAULT_LIMIT } from "./options.ts";
import type { Heap, HeapOptions } from "./read-heap.ts";
import type { Frame, KeptSnapshot } from "./results/index.ts";
import { inputOf, requireElfCore } from "./subject.ts";
import { amountsOf } from "./trace-amounts.ts";
import type { PlaceFrame, TraceBy } from "./trace-statistics.ts";
import { readTraces, type TracesOptions } from "./traces.ts";

export interface TracesSinceOptions extends Omit<TracesOptions, "by"> {
  readonly by?: TraceBy | undefined;
  /**
   * Which of the Snapshots that the process kept: its address, its path, or its number in the list of them. The one that
   * differs least from what is traced now unless said.
   */
  readonly snapshot?: string | undefined;
  readonly order?: DiffOptions["order"];
}

/** A Snapshot, and how far what is traced now is from it. */
interface Candidate {
  readonly snapshot: TraceSnapshot;
  readonly amounts: CoreAmounts;
  readonly distance: number;
}

/**
 * What was allocated since the process took a `tracemalloc.Snapshot` that it still has: as between two cores. All objects
 * are found for that, and who holds the Snapshots. These do not say when they were taken; of several the newest is taken to
 * be the one that differs least from what is traced now.
 * @throws CoregramError as `answerTraces`, and `absent` where there is no Snapshot, or not the one that is asked for
 */
export async function answerTracesSince(
  target: Target,
  options: TracesSinceOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/diff@1">> {
  const { by = "line", limit = DEFAULT_LIMIT, order = "growth" } = options;
  const memory = await target.ask((contents) =>
    readTraces(requireElfCore(contents), target.name, options, false, listener),
  );
  const places = new Map<string, readonly PlaceFrame[]>();
  const statistics = {
    by,
    cumulative: options.cumulative === true && by !== "traceback",
    domain: options.domain ?? null,
    frames: options.frames ?? null,
  };
  const now = amountsOf(memory, statistics, places);
  const say = (kind: "note" | "warning", text: string) => listener({ kind, target: target.name, text });
  let found: readonly TraceSnapshot[] = [];
  const first = (...[crew, { snapshots }]: Parameters<NonNullable<HeapOptions["first"]>>) => {
    found = snapshots?.(crew) ?? [];
  };
  return withHeap(target, { ...options, first }, listener, (heap) => {
    const candidates = found
      .map((snapshot): Candidate => {
        const amounts = amountsOf(snapshot, statistics, places);
        return { snapshot, amounts, distance: distanceOf(amounts, now) };
      })
      .sort((a, b) => a.distance - b.distance || a.snapshot.address - b.snapshot.address);
    const chosen = choose(heap, candidates, options.snapshot, (text) => say("note", text));
    const kept = candidates.map((candidate) => describe(heap, candidate, candidate === chosen));
    if (options.snapshot === undefined && kept.length > 1) say("note", severalText(kept));
    const { said, count, limit: frames } = chosen.snapshot;
    if (count < said)
      say(
        "warning",
        `${formatCount(said - count)} of ${formatCount(said)} traces of the snapshot could not be read`,
      );
    if (by === "traceback" && frames !== memory.limit)
      say("warning", "tracebacks: the snapshot kept another number of frames than is kept now");
    const [input, cores] = [inputOf(target), [chosen.amounts, now]];
    return difference([input, input], cores, {
      ...{ by, limit, order, sameProcess: true, places, snapshots: kept },
    });
  });
}

/** By how many bytes their places differ, all together. */
function distanceOf(older: CoreAmounts, newer: CoreAmounts): number {
  return compareAmounts(older.amounts, newer.amounts).reduce(
    (sum, { bytesDiff }) => sum + Math.abs(bytesDiff),
    0,
  );
}

function choose(
  heap: Heap,
  candidates: readonly Candidate[],
  asked: string | undefined,
  note: (text: string) => void,
): Candidate {
  const [newest] = candidates;
  if (newest === undefined)
    throw new CoregramError(
      "absent",
      "no tracemalloc.Snapshot is kept in the process: to compare, take two cores, coregram diff OLD NEW --by line",
    );
  if (asked === undefined) return newest;
  const number = /^[1-9]\d{0,3}$/.test(asked) ? Number(asked) : 0;
  if (number > candidates.length)
    throw new CoregramError("absent", `--since ${asked}: ${keptText(heap, candidates)}`);
  const known = candidates[number - 1];
  if (known !== undefined) return known;
  const at = asked.startsWith("0x") ? parseAddress(asked) : null;
  const address = at === null ? heap.addressOf(requireNode(heap, asked, note)) : Number(at);
  const named = candidates.find(({ snapshot }) => snapshot.address === address);
  if (named === undefined)
    throw new CoregramError(
      "absent",
      `${printable(asked)} is no tracemalloc.Snapshot: ${keptText(heap, candidates)}`,
    );
  return named;
}

function describe(
  heap: Heap,
  { snapshot: { address, count, bytes, limit } }: Candidate,
  isCompared: boolean,
): KeptSnapshot {
  const node = heap.references.objects.find(address);
  return {
    address: formatAddress(BigInt(address)),
    path: node < 0 ? null : heap.paths.pathOf(node),
    ...{ traces: count, bytes, limit, isCompared },
  };
}

function keptText(heap: Heap, candidates: readonly Candidate[]): string {
  return listText(candidates.map((candidate) => describe(heap, candidate, false)));
}

/** How many are listed. */
const MOST_LISTED = 10;

function listText(kept: readonly KeptSnapshot[]): string {
  const listed = kept
    .slice(0, MOST_LISTED)
    .map(
      ({ address, path, traces, bytes }, index) =>
        `${index + 1} ${address} ${printable(path ?? "?")} (${formatCount(traces)} traces, ${formatBytes(bytes)})`,
    );
  if (kept.length > MOST_LISTED) listed.push(`${formatCount(kept.length - MOST_LISTED)} more`);
  const count = kept.length === 1 ? "1 snapshot is" : `${formatCount(kept.length)} snapshots are`;
  return `${count} kept: ${listed.join(", ")}`;
}

function severalText(kept: readonly KeptSnapshot[]): string {
  return `${listText(kept)}; compared with the first, which differs least from now and so is likely the newest: --since 2 takes the next`;
}
