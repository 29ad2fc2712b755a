import type { NoteEvent, WarningEvent } from "../terms/index.ts";
import type { Grown, Growth } from "./past.ts";
import type { Suspects } from "./report-suspects.ts";
import type { Frame, Redacted, SummaryRow } from "./results/index.ts";

/** All that is to be said of a core, a result each, as the questions alone have it. */
export interface Report {
  readonly info: Frame<"coregram/info@1">;
  readonly words: Frame<"coregram/words@1">;
  /** With variables, of threads with the same stack those of the first. Null where no threads of a Python are found. */
  readonly stacks: Frame<"coregram/stacks@1"> | null;
  /** Null where no objects can be read. */
  readonly heap: ReportHeap | null;
  /** Why there is no heap; null where there is one. */
  readonly unread: string | null;
  /** What was noted and warned of on the way. */
  readonly remarks: readonly (NoteEvent | WarningEvent)[];
  /** The same as one row, where that is wanted; null otherwise. */
  readonly summary: SummaryRow | null;
  /** What was taken out of all of it; null where nothing was. */
  readonly redacted: Redacted | null;
}

/** What is told of objects. */
export interface ReportHeap {
  readonly diagnose: Frame<"coregram/diagnose@1">;
  readonly types: Frame<"coregram/types@1">;
  /** A tree: what holds owners stands above them. */
  readonly owners: Frame<"coregram/owners@1">;
  /** Null where the runtime does not tell. */
  readonly strings: Frame<"coregram/strings@1"> | null;
  readonly containers: Frame<"coregram/containers@1"> | null;
  readonly tasks: Frame<"coregram/tasks@1"> | null;
  /** What diagnose tells of first, as far as it is an object. */
  readonly suspects: Suspects;
  /** What became of each, where there are older cores; null where there are none. */
  readonly growth: { readonly [Of in Grown]: Growth } | null;
}
