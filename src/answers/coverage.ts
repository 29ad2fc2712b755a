import { NO_ROOT, ROOT_KINDS } from "../runtimes/index.ts";
import { formatBytes } from "../terms/index.ts";
import type { Coverage } from "./results/index.ts";

/** `54.1 MiB of live objects: 98.1 % reached from modules, 1.9 % from C data`. */
export function describeReached(reached: Coverage, bytes: number): string {
  const parts = [...ROOT_KINDS, NO_ROOT]
    .filter(({ key }) => reached[key].count > 0)
    .map(({ key, share }) => `${((100 * reached[key].bytes) / Math.max(1, bytes)).toFixed(1)} % ${share}`);
  return `${formatBytes(bytes)} of live objects, reached: ${parts.join(", ")}`;
}
