import { type Addressed, type Amount, chooseOwners, GARBAGE, type Owners } from "../heap/index.ts";
import type { Target, TargetContents } from "../image/index.ts";
import { readModules } from "../image/index.ts";
import { Crew } from "../kernel/index.ts";
import {
  BALANCE_PARTS,
  type BalanceParts,
  detectRuntime,
  type ObjectList,
  type RuntimeObjects,
} from "../runtimes/index.ts";
import { CoregramError, type Listener, printable } from "../terms/index.ts";
import { type AllocationLines, linesIfTraced } from "./allocation-lines.ts";
import { warnOf } from "./coverage.ts";
import { processBytes } from "./memory-parts.ts";
import { type ModuleOptions, type ResourceOptions, rootOf, threadsOf } from "./options.ts";
import { groupOwners, ownerAmounts } from "./owner-groups.ts";
import { stageProgress } from "./progress.ts";
import { type Heap, readHeap, UNHELD } from "./read-heap.ts";
import type { NamedSuspect } from "./results/index.ts";
import { requireElfCore } from "./subject.ts";
import { describeSuspect } from "./suspect-text.ts";
import { fewSuspects, leastSuspect, ownersBefore, suspectFields } from "./suspects.ts";
import type { TraceBy } from "./trace-statistics.ts";

/** What is compared. */
export type By = ByHeap | "word" | TraceBy;

/** What of it is read from the heap. */
export type ByHeap = "type" | "owner" | "balance";

/** What looks like a leak, as a result has it, and in words. */
export interface ToldSuspect {
  readonly named: NamedSuspect;
  readonly text: string;
}

/** All names of one core, and what its owners look like as leaks. */
export interface CoreAmounts {
  readonly amounts: readonly Amount[];
  /** Bytes that what is not among them may have; 0 where all are. */
  readonly leftOutBytes: number;
  /** What looks like a leak; null where that was not looked for. */
  readonly suspects: readonly ToldSuspect[] | null;
  /** Bytes of the process's memory; 0 of words. */
  readonly memory: number;
  /** All objects by address, where asked for; and the names of their types by number. */
  readonly addressed: Addressed | null;
  readonly typeNames: ReadonlyMap<number, string>;
  /** Where all its saved bytes are; null of words. */
  readonly balance: BalanceParts | null;
}

/** Numbers of types by their address, the same for all cores of a process. */
export type TypeNumbers = Map<number, number>;

/** How the amounts of a core are read. */
export interface AmountsOptions extends ModuleOptions, ResourceOptions {
  /** Whether leaks are looked for: for that, types alone are not enough. */
  readonly suspects: boolean;
  /** Of an earlier core, for its owners' growth; null without. */
  readonly past: CoreAmounts | null;
  /** Where objects are wanted by address: types get their numbers there. */
  readonly numbers: TypeNumbers | null;
}

/**
 * Reads the amounts of one core; of words, see `wordAmounts`.
 * @throws CoregramError `format` where the target is no ELF core, or there is no CPython that can be read in it
 */
export function readAmounts(
  target: Target,
  by: ByHeap,
  options: AmountsOptions,
  listener: Listener,
): Promise<CoreAmounts> {
  return target.ask((contents) =>
    by !== "owner" && !options.suspects
      ? typeAmounts(contents, by, options, listener)
      : heapAmounts(contents, by, options, listener),
  );
}

async function heapAmounts(
  contents: TargetContents,
  by: ByHeap,
  options: AmountsOptions,
  listener: Listener,
): Promise<CoreAmounts> {
  const { name } = contents.source;
  const core = requireElfCore(contents);
  const heap = await readHeap(core, name, {
    root: rootOf(options),
    threads: threadsOf(options),
    progress: stageProgress(listener, name),
  });
  warnOf(heap.found, name, listener);
  // All of them: what is large in one core may be small in the other.
  const owners = chooseOwners(heap.graph, heap.tree, by === "owner" ? 0 : 1024);
  const { suspects, past, numbers } = options;
  const lines = suspects ? await linesIfTraced(heap, core, rootOf(options), name, listener) : null;
  return {
    amounts: amountsOfHeap(heap, owners, by),
    leftOutBytes: 0,
    balance: heap.found.balance.parts,
    memory: processBytes(heap.found),
    suspects: suspects ? suspectsSince(heap, owners, past, lines) : null,
    addressed: numbers === null ? null : addressedOf(heap.found, heap.references.objects, numbers),
    typeNames: typeNamesOf(heap.found, numbers),
  };
}

/**
 * The suspects of a heap; with the owners of an earlier one, by what grew since.
 * @param lines those that allocated, where that was traced
 */
export function suspectsSince(
  heap: Heap,
  owners: Owners,
  past: Pick<CoreAmounts, "amounts" | "memory"> | null,
  lines: AllocationLines | null,
): ToldSuspect[] {
  const memory = processBytes(heap.found);
  const found = fewSuspects({
    ...{ heap, owners, groups: groupOwners(heap, owners), memory, least: leastSuspect(heap) },
    before: past === null ? null : ownersBefore(past.amounts),
    grew: past === null ? null : memory - past.memory,
    lines,
  });
  return found.map((suspect) => {
    const { path, holders, type } = suspect;
    return { named: { path, holders, type, ...suspectFields(suspect) }, text: describeSuspect(suspect) };
  });
}

/**
 * What is compared of a heap that was read.
 * @param owners all of them, where these are: what is large in one core may be small in the other
 */
export function amountsOfHeap(heap: Heap, owners: Owners, by: ByHeap): Amount[] {
  return by === "owner"
    ? [...ownerAmounts(heap, owners), ...withoutOwner(heap, owners)]
    : amountsOf(heap.found, by);
}

async function typeAmounts(
  contents: TargetContents,
  by: "type" | "balance",
  options: AmountsOptions,
  listener: Listener,
): Promise<CoreAmounts> {
  const core = requireElfCore(contents);
  const { name } = contents.source;
  const crew = new Crew(threadsOf(options));
  try {
    const found = await detectRuntime(crew, core, readModules(core), {
      root: rootOf(options),
      progress: stageProgress(listener, name)("finding objects"),
    });
    if ("reason" in found)
      throw new CoregramError("format", `${printable(name)}: ${found.reason}; --by word compares its words`);
    warnOf(found, name, listener);
    const { numbers } = options;
    const addressed = numbers === null ? null : addressedOf(found, found.objects(crew), numbers);
    return {
      amounts: amountsOf(found, by),
      leftOutBytes: 0,
      memory: processBytes(found),
      suspects: null,
      addressed,
      typeNames: typeNamesOf(found, numbers),
      balance: found.balance.parts,
    };
  } finally {
    await crew.close();
  }
}

/** Where all saved bytes are, as it is compared. */
export function balanceAmounts(parts: BalanceParts): Amount[] {
  return BALANCE_PARTS.map(({ key, title }) => ({ name: title, count: 0, bytes: parts[key] }));
}

function amountsOf(found: RuntimeObjects, by: "type" | "balance"): Amount[] {
  if (by === "balance") return balanceAmounts(found.balance.parts);
  return found.totals().map(({ name, count, bytes }) => ({ name, count, bytes }));
}

function typeNamesOf({ types }: RuntimeObjects, numbers: TypeNumbers | null): Map<number, string> {
  const names = new Map(types.map(({ address, name }) => [address, name]));
  return new Map([...(numbers ?? [])].map(([at, number]) => [number, names.get(at) ?? ""]));
}

function addressedOf({ types }: RuntimeObjects, objects: ObjectList, numbers: TypeNumbers): Addressed {
  const ofTypes = types.map(({ address }) => {
    const number = numbers.get(address) ?? numbers.size;
    numbers.set(address, number);
    return number;
  });
  const addresses = new Float64Array(objects.count);
  const numbered = new Uint32Array(objects.count);
  const sizes = new Uint32Array(objects.count);
  for (let object = 0; object < objects.count; object += 1) {
    addresses[object] = objects.address(object);
    numbered[object] = ofTypes[objects.type(object)] ?? 0;
    sizes[object] = objects.bytes(object);
  }
  return { addresses, types: numbered, sizes };
}

function withoutOwner(heap: Heap, { garbage, garbageBlockBytes: blockBytes }: Owners): Amount[] {
  const amounts: Amount[] = [];
  if (garbage.count > 0) amounts.push({ name: GARBAGE, ...garbage, blockBytes });
  const { unheldBytes } = heap.native;
  if (unheldBytes > 0) amounts.push({ name: UNHELD, bytes: 0, count: 0, blockBytes: unheldBytes });
  return amounts;
}
