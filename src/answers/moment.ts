import type { Target } from "../image/index.ts";
import type { Listener } from "../terms/index.ts";
import { linesIfTraced } from "./allocation-lines.ts";
import { diagnoseFrame } from "./diagnose.ts";
import { withHeap } from "./heap.ts";
import { rootOf } from "./options.ts";
import { orNone } from "./or-none.ts";
import { ownersFrame } from "./owners.ts";
import { type Growth, growthOf, type Past, readPast } from "./past.ts";
import type { Frame } from "./results/index.ts";
import { answerStacks } from "./stacks.ts";
import { inputOf, requireElfCore } from "./subject.ts";
import { typesFrame } from "./types.ts";
import { occurrencesIn } from "./unnamed.ts";
import { type OwnersPast, sampleHeap, type WatchOptions, type WatchSample } from "./watch.ts";

/** All that is told of a process at the moment that somebody waited for. */
export interface MomentAnswer {
  readonly diagnose: Frame<"coregram/diagnose@1">;
  readonly owners: Frame<"coregram/owners@1">;
  readonly types: Frame<"coregram/types@1">;
  /** Null where no threads of a Python are found. */
  readonly stacks: Frame<"coregram/stacks@1"> | null;
  /** What grew since the moment before; null without one. */
  readonly growth: { readonly owner: Growth; readonly type: Growth } | null;
  readonly sample: WatchSample;
  /** What the next moment is compared with. */
  readonly past: Past;
}

/** An earlier moment. */
export interface MomentPast {
  /** What its answers are found by. */
  readonly name: string;
  readonly bytes: number;
  readonly past: Past;
}

const MOMENT_ROWS = {
  types: { limit: 1000 },
  owners: { limit: 200, holds: 5 },
  growth: { limit: 200 },
} as const;

/**
 * The full answer: the heap is read once for all of it.
 * @param earlier the moment before; growth is told from there, else from the samples
 * @throws CoregramError `format` where there are no objects that can be read, `limit` where memory runs out
 */
export async function answerMoment(
  target: Target,
  earlier: MomentPast | null,
  sampled: OwnersPast | null,
  options: WatchOptions,
  listener: Listener,
): Promise<MomentAnswer> {
  const stacks = await orNone(() => answerStacks(target, options, listener));
  return withHeap(target, { ...options, arenas: true }, listener, async (heap, totals, contents) => {
    const occurrences = occurrencesIn(contents, options, listener);
    const before = earlier?.past.before ?? sampled?.first ?? null;
    const past = readPast(heap);
    const core = requireElfCore(contents);
    const lines = await linesIfTraced(heap, core, rootOf(options), target.name, listener);
    const growth =
      earlier === null
        ? null
        : growthOf(
            [{ path: earlier.name, bytes: earlier.bytes, compression: null }, inputOf(target)],
            [earlier.past.amounts, past.amounts],
            { ...MOMENT_ROWS.growth, sameProcess: true },
          );
    return {
      diagnose: await diagnoseFrame(
        { newer: target, older: null, before, lines },
        heap,
        totals,
        contents,
        occurrences,
        {},
      ),
      owners: await ownersFrame(target, heap, totals, occurrences, MOMENT_ROWS.owners),
      types: typesFrame(target, heap.found, contents.image, MOMENT_ROWS.types),
      stacks,
      growth,
      sample: await sampleHeap({ target, heap, totals, contents, lines }, sampled, options, listener),
      past,
    };
  });
}
