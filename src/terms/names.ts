import { formatCount } from "./units.ts";

/** Names that are printed; others are counted. */
const MOST_NAMED = 3;

/** A few names, and how many others: `a and b and c and 2 more`. */
export function formatNames(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  const named = names.slice(0, MOST_NAMED);
  return (rest > 0 ? [...named, `${formatCount(rest)} more`] : named).join(" and ");
}
