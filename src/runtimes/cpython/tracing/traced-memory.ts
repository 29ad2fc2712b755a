import { type Core, findModule, type Module, readModules } from "../../../image/index.ts";
import { formatCount, USER_SPACE_END } from "../../../terms/index.ts";
import type { NotDetected } from "../../runtime.ts";
import type { Traceback, TracedMemory } from "../../traced-memory.ts";
import { readDebugOffsets } from "../layout/debug-offsets.ts";
import { PythonMemory } from "../python-memory.ts";
import { readThreadStacks } from "../threads/stacks.ts";
import { FileNames } from "./file-names.ts";
import { findByContents, findState, findTablePointers, looksEmptied } from "./find-tables.ts";
import { placesOf } from "./places.ts";
import { overheadOf, readTables, type TableContents } from "./read-tables.ts";
import { findStaticState, readState, type TraceState } from "./state.ts";
import { isTraceback, TracebackReader } from "./tracebacks.ts";

/**
 * What tracemalloc wrote down, see `Runtime.tracedMemory`: found by the structure of its tables, which modules' data points
 * to. Nothing is read of the heap but these.
 */
export function readTracedMemory(
  core: Core,
  root: string | null,
  wantsBlocks: boolean,
): TracedMemory | NotDetected {
  if (core.header.class !== 64 || core.header.endian !== "little") return { reason: NO_PYTHON };
  const modules = readModules(core);
  const memory = new PythonMemory(core, modules, root);
  try {
    return readFrom(core, modules, memory, wantsBlocks);
  } finally {
    memory.close();
  }
}

const NO_PYTHON = "no tables of tracemalloc and no threads of a Python";

function readFrom(
  core: Core,
  modules: readonly Module[],
  memory: PythonMemory,
  wantsBlocks: boolean,
): TracedMemory | NotDetected {
  const { reader, spans } = memory;
  const debug = readDebugOffsets(reader, { all: spans.all, own: { start: 0, end: USER_SPACE_END } });
  const places = placesOf(core.image, modules);
  const names = new FileNames(memory, places, debug);
  const contents = {
    reader,
    places,
    isText: (at: number) => names.isStr(at),
    isTraceback: (isOld: boolean, at: number) => isTraceback(reader, isOld, (file) => names.isStr(file), at),
  };
  const moduleOf = (at: number) => findModule(modules, BigInt(at));
  const pointers = findTablePointers(reader, places, spans.all);
  const state = findState(reader, pointers);
  const found = state ?? findByContents(contents, pointers, moduleOf);
  if (found === null) return withoutTables(core, looksEmptied(pointers));
  const { tables } = found;
  const { isInline } = tables.traces;
  const read = readTables(core.image, reader, places, tables, wantsBlocks);
  const tracebackReader = new TracebackReader(reader, isInline, (at) => names.nameAt(at, isInline));
  const tracebacks = inOrder(read.tracebacks, (at) => tracebackReader.read(at));
  const longest = tracebacks.reduce((most, { frames }) => Math.max(most, frames.length), 1);
  const own = spans.all.filter(({ start }) => moduleOf(start) === moduleOf(found.address));
  const said =
    state === null ? findStaticState(reader, own, read.bytes, longest) : readState(reader, state.address);
  const layout = names.layout(isInline);
  return {
    runtime: layout === null ? "CPython" : `CPython ${layout.version}`,
    ...said,
    wasLoaded: true,
    said: read.said,
    count: read.count,
    bytes: read.bytes,
    ...overheadOf(read, tracebacks),
    tracebacks,
    groups: read.groups,
    blocks: read.blocks,
    remarks: [...remarksOn(read, said, tracebacks, tracebackReader.isCut)],
  };
}

/** Reads what is at the addresses in the order of these, and gives it in theirs. */
function inOrder<Item>(addresses: readonly number[], read: (at: number) => Item): Item[] {
  const sorted = addresses
    .map((address, place) => ({ address, place }))
    .sort((a, b) => a.address - b.address);
  const items: Item[] = new Array(addresses.length);
  for (const { address, place } of sorted) items[place] = read(address);
  return items;
}

function withoutTables(core: Core, wasLoaded: boolean): TracedMemory | NotDetected {
  const python = readThreadStacks(core, null, { locals: false });
  if (python === null) return { reason: NO_PYTHON };
  if ("reason" in python) return python;
  return {
    runtime: python.runtime,
    isTracing: false,
    wasLoaded,
    said: 0,
    count: 0,
    bytes: 0,
    ownBytes: null,
    peakBytes: null,
    limit: null,
    tablesBytes: 0,
    overheadBytes: 0,
    tracebacks: [],
    groups: [],
    blocks: null,
    remarks: [],
  };
}

/** What was lost, and where two of its numbers disagree: an allocation was under way. */
function* remarksOn(
  { said, count, bytes, lostDomains, groups }: TableContents,
  { ownBytes }: TraceState,
  tracebacks: readonly Traceback[],
  isCut: boolean,
): Generator<string> {
  if (count < said)
    yield `${formatCount(said - count)} of ${formatCount(said)} traces could not be read: the tables are damaged, or not saved whole`;
  if (lostDomains > 0) yield `${formatCount(lostDomains)} domains have no table that can be read`;
  const torn = groups.filter(({ traceback }) => tracebacks[traceback]?.frames.length === 0);
  if (torn.length > 0)
    yield `${formatCount(torn.reduce((sum, group) => sum + group.count, 0))} traces have no traceback that can be read`;
  if (ownBytes === null && count > 0)
    yield `the traces add up to ${formatCount(bytes)} bytes, and no such count of tracemalloc's own was found: it was dumped in the middle of an allocation, or is damaged`;
  if (ownBytes !== null && ownBytes !== bytes)
    yield `the traces add up to ${formatCount(bytes)} bytes, tracemalloc itself counted ${formatCount(ownBytes)}: it was dumped in the middle of an allocation, or is damaged`;
  if (isCut) yield "tracebacks: not all frames were read, there are too many";
}
