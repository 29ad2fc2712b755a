import type { ReferrerColumns } from "../answers/results/index.ts";

/** What is said of a reference that only words tell which nothing describes. */
export const CONSERVATIVE = "by a word that may be anything";

/** References that are in no row. */
export function restOf({ referrers, referrerCount }: ReferrerColumns): number {
  return (referrerCount ?? 0) - (referrers ?? []).reduce((sum, { count }) => sum + count, 0);
}
