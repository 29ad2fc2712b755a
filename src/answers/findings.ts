import type { Owners } from "../heap/index.ts";
import { UNNAMED_ROOTS } from "../runtimes/index.ts";
import { formatBytes } from "../terms/index.ts";
import type { AllocationLines } from "./allocation-lines.ts";
import { type MemoryParts, STACKS, stackBytes } from "./memory-parts.ts";
import type { NextCommands } from "./next-command.ts";
import { describeFreed } from "./occupancy.ts";
import type { OwnerGroup } from "./owner-groups.ts";
import { LEAST_FREE, NOT_TOLD } from "./patterns/pattern.ts";
import { withPatterns } from "./patterns/patterns.ts";
import { type Heap, UNHELD } from "./read-heap.ts";
import type { Finding } from "./results/index.ts";
import { describeEvidence } from "./suspect-text.ts";
import {
  findSuspects,
  hasGrown,
  LEAST_SHARE,
  type OwnerBefore,
  placesOf,
  type SuspectsInput,
} from "./suspects.ts";
import { type Occurrences, unnamedSuspects } from "./unnamed.ts";

/** From here on stacks are what is to be said of a process. */
const LEAST_OTHER = 0.2;

export interface FindingsInput {
  readonly heap: Heap;
  readonly owners: Owners;
  readonly groups: readonly OwnerGroup[];
  readonly parts: MemoryParts;
  /** Owners of an earlier core, and what else there was, by what all that are alike go by; null without one. */
  readonly before: ReadonlyMap<string, OwnerBefore> | null;
  /** By how much the process's memory grew since. */
  readonly grew: number | null;
  readonly occurrences: Occurrences;
  /** Null where it is not known which lines allocated. */
  readonly lines: AllocationLines | null;
  readonly next: NextCommands;
  /** The core, as the next command takes it. */
  readonly core: string;
}

/**
 * The large parts of a process's memory, and what each looks like: leaks and what looks like one before free memory and what
 * is only large, most bytes first.
 */
export async function findFindings(input: FindingsInput): Promise<Finding[]> {
  const found = [
    ...withPatterns(input, [...ownerFindings(input)]),
    ...(await unnamedFindings(input)),
    ...otherFindings(input),
  ];
  return found.sort(compareFindings);
}

/** Leaks and what looks like one before all else, most bytes first. */
export function compareFindings(a: Finding, b: Finding): number {
  return rankOf(b) - rankOf(a) || b.bytes - a.bytes;
}

const rankOf = ({ verdict }: Finding): number =>
  verdict === "leak" ? 2 : verdict === "looks like a leak" ? 1 : 0;

function memoryOf(input: FindingsInput): SuspectsInput {
  const { memory } = input.parts;
  return { ...input, memory, least: LEAST_SHARE * memory };
}

function* ownerFindings(input: FindingsInput): Generator<Finding> {
  for (const suspect of findSuspects(memoryOf(input))) {
    const { path, holders, type, folded, verdict, bytes, items: length, group } = suspect;
    const { grewBytes, grewItems, itemBytes, fanOut, allocatedAt } = suspect;
    yield {
      ...{ kind: "owner", verdict, path, holders, type, bytes, length, folded },
      ...{ grewBytes, grewItems, itemBytes, fanOut, places: placesOf(suspect), allocatedAt },
      why: describeEvidence(suspect),
      next: input.next.owner(group, suspect),
    };
  }
}

async function unnamedFindings(input: FindingsInput): Promise<Finding[]> {
  const { heap, next } = input;
  const suspects = await unnamedSuspects({ ...input, ...memoryOf(input) });
  return suspects.map(({ group, verdict, bytes, items, itemBytes, grewBytes, grewItems, why }) => ({
    ...NOT_TOLD,
    kind: group.path === UNNAMED_ROOTS.interned ? "interned" : "lost",
    path: group.path,
    type: heap.found.types[group.type]?.name ?? null,
    ...{ verdict, bytes, length: items, itemBytes, grewBytes, grewItems, why },
    next: next.suspects(),
  }));
}

/** Memory that belongs to no object, where it is much, or grew. */
function* otherFindings(input: FindingsInput): Generator<Finding> {
  const { heap, parts, before } = input;
  const { memory, free, returnable } = parts;
  const freed = describeFreed(heap);
  if (free >= LEAST_FREE * memory)
    yield {
      ...NOT_TOLD,
      kind: "free",
      verdict: "not a leak",
      bytes: free,
      why: `free, and kept by the allocators for what comes next: at least ${formatBytes(returnable)} of it would go back to the system with malloc_trim(0), and the rest is between blocks in use${freed === "" ? "" : `; what was freed was ${freed}`}`,
      next: null,
    };
  const grown = (key: string, bytes: number) => {
    const grewBytes = before === null ? null : bytes - (before.get(key)?.bytes ?? 0);
    const isGrown = hasGrown(input, grewBytes);
    const verdict = isGrown ? ("leak" as const) : ("biggest" as const);
    return {
      bytes,
      grewBytes,
      verdict,
      isGrown,
      text: isGrown ? `, which grew by ${formatBytes(grewBytes ?? 0)}` : "",
    };
  };
  const { isGrown, text, ...unheld } = grown(UNHELD, heap.native.unheldBytes);
  if (isGrown || unheld.bytes >= LEAST_OTHER * memory)
    yield {
      ...{ ...NOT_TOLD, ...unheld, kind: "native", path: UNHELD, next: null },
      why: `blocks in use of malloc that no object, table or module's data leads to: memory of C code${text}`,
    };
  const { isGrown: areMore, text: more, ...stacks } = grown(STACKS, stackBytes(heap.found));
  if (areMore || stacks.bytes >= LEAST_OTHER * memory)
    yield {
      ...{ ...NOT_TOLD, ...stacks, kind: "stacks", next: null },
      why: `stacks of threads, and of what waits${more}`,
    };
}
