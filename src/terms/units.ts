const POWERS: Readonly<Record<string, number>> = { "": 0, k: 1, m: 2, g: 3, t: 4 };

/**
 * A size as people write it: `512M`, `1.5GiB`, `64k`, `1048576`. Units are powers of 1024.
 * Returns bytes, or null where it is not a size or not a safe integer.
 */
export function parseSize(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim());
  if (!match) return null;
  const bytes = Math.round(Number(match[1]) * 1024 ** (POWERS[(match[2] ?? "").toLowerCase()] ?? 0));
  return Number.isSafeInteger(bytes) ? bytes : null;
}

const MILLIS: Readonly<Record<string, number>> = { ms: 1, "": 1000, s: 1000, m: 60_000, h: 3_600_000 };

/** A time as people write it: `60s`, `1.5m`, `2h`, `500ms`; seconds without a unit. Returns milliseconds, or null. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|)$/.exec(text.trim());
  if (!match) return null;
  const millis = Math.round(Number(match[1]) * (MILLIS[match[2] ?? ""] ?? 0));
  return Number.isSafeInteger(millis) ? millis : null;
}

/** `431.6 MiB`: one decimal from KiB up, whole bytes below. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = "B";
  for (const next of ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]) {
    if (Math.abs(value) < 1024) break;
    value /= 1024;
    unit = next;
  }
  return unit === "B" ? `${bytes} B` : `${value.toFixed(1)} ${unit}`;
}

/** `14,230,702`: thousands separators, for people; never in plain columns. */
export function formatCount(count: number | bigint): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Columns that `sort | uniq -c` gives a count. */
const UNIQ_WIDTH = 7;

/** `145219` in 7 columns, as `uniq -c` prints a count; a wider one makes the row wider. */
export function formatUniqCount(count: number): string {
  return String(count).padStart(UNIQ_WIDTH);
}
