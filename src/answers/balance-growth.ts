import { BALANCE_PARTS, type BalanceParts } from "../runtimes/index.ts";
import { formatBytes } from "../terms/index.ts";

const MOST_PARTS = 3;

/**
 * `saved memory grew by 42.3 MiB: +41.9 MiB other blocks in use, of C code and libraries, …`: where it went, of what grew
 * as of what shrank the most first; null where nothing changed.
 */
export function describeGrowth(before: BalanceParts, after: BalanceParts): string | null {
  const changed = BALANCE_PARTS.map(({ key, title }) => ({ title, bytes: after[key] - before[key] }))
    .filter(({ bytes }) => bytes !== 0)
    .sort((a, b) => Math.abs(b.bytes) - Math.abs(a.bytes));
  if (changed.length === 0) return null;
  const all = changed.reduce((sum, { bytes }) => sum + bytes, 0);
  const parts = changed.slice(0, MOST_PARTS).map(({ title, bytes }) => `${withSign(bytes)} ${title}`);
  const rest = changed.length > MOST_PARTS ? "; --by balance has all" : "";
  return `saved memory ${all < 0 ? "shrank" : "grew"} by ${formatBytes(Math.abs(all))}: ${parts.join(", ")}${rest}`;
}

const withSign = (bytes: number): string => `${bytes < 0 ? "-" : "+"}${formatBytes(Math.abs(bytes))}`;
