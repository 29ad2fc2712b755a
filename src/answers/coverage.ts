import {
  type Balance,
  type BalanceParts,
  NO_ROOT,
  ROOT_KINDS,
  type RuntimeObjects,
} from "../runtimes/index.ts";
import { formatBytes, type Listener } from "../terms/index.ts";
import type { Coverage } from "./results/index.ts";

/** `54.1 MiB of live objects: 98.1 % from modules, 1.9 % from C data`. What rounds to nothing is left out. */
export function describeReached(reached: Coverage, bytes: number): string {
  const parts = [...ROOT_KINDS, NO_ROOT]
    .map(({ key, share }) => ({
      share,
      percent: ((100 * reached[key].bytes) / Math.max(1, bytes)).toFixed(1),
    }))
    .filter(({ percent }) => percent !== "0.0")
    .map(({ share, percent }) => `${percent} % ${share}`);
  const live = `${formatBytes(bytes)} of live objects`;
  return parts.length === 0 ? live : `${live}: ${parts.join(", ")}`;
}

/** An answer of a heap of which less is known is told to lack something. */
const LEAST_ACCOUNTED = 0.95;

/** The part of the writable memory that something accounts for. */
export function accountedShare(balance: Balance): number {
  const writable = writableBytes(balance);
  return writable > 0 ? (writable - balance.parts.unknown) / writable : 0;
}

/** What no memory stands behind is none. */
function writableBytes({ saved, parts }: Balance): number {
  return saved - parts.modulePages - parts.readOnly - untouchedBytes(parts);
}

/** Address space that was saved and that no memory stands behind. */
export function untouchedBytes({ mallocReserved, stacksUntouched, unknownUntouched }: BalanceParts): number {
  return mallocReserved + stacksUntouched + unknownUntouched;
}

/** What is to be known of the objects that were found before anything is said of them. */
export function warnOf({ remarks, balance }: RuntimeObjects, target: string, listener: Listener): void {
  const unknown = describeUnknown(balance);
  for (const text of unknown === null ? remarks : [...remarks, unknown])
    listener({ kind: "warning", target, text });
}

/** Null where nearly all of it is known. */
export function describeUnknown(balance: Balance): string | null {
  const share = accountedShare(balance);
  if (share >= LEAST_ACCOUNTED || writableBytes(balance) <= 0) return null;
  const unknown = formatBytes(balance.parts.unknown);
  // Where the allocator is not known, all memory was looked through.
  const rest = balance.parts.otherAllocator > 0 ? "no object was found in it" : "objects in it are in no row";
  return `only ${(100 * share).toFixed(1)} % of writable memory is accounted for: of ${unknown} nothing is known, and ${rest}`;
}
