import { chooseOwners, GARBAGE, garbagePosition, type Owners } from "../heap/index.ts";
import type { Target, TargetContents } from "../image/index.ts";
import { ROOT_KINDS } from "../runtimes/index.ts";
import { formatNames, type Listener } from "../terms/index.ts";
import { withHeap } from "./heap.ts";
import { answerInfo } from "./info.ts";
import type { ModuleOptions, ResourceOptions } from "./options.ts";
import { orNone } from "./or-none.ts";
import { ownerName } from "./owner-groups.ts";
import { ownersFrame } from "./owners.ts";
import { stageProgress } from "./progress.ts";
import type { Heap } from "./read-heap.ts";
import { isGuessedName, isGuessedRoot } from "./referrers.ts";
import {
  type JsonObject,
  type OwnersTotals,
  type Redacted,
  TABLES,
  type TableColumns,
  type TableName,
} from "./results/index.ts";
import { answerStacks } from "./stacks.ts";
import { inputOf } from "./subject.ts";
import { openTexts } from "./texts.ts";
import { answerTraces } from "./traces.ts";
import { typesFrame } from "./types.ts";
import { occurrencesIn } from "./unnamed.ts";
import { answerWords } from "./words.ts";

export interface TablesOptions extends ModuleOptions, ResourceOptions {
  /** Which of them; all by default, but for strings and words. */
  readonly tables?: readonly TableName[] | undefined;
}

/** A table, ready to be written. */
export interface Table<Name extends string = TableName> {
  readonly name: Name;
  readonly columns: TableColumns;
  readonly input: JsonObject;
  /** Iterated once, and made as they are asked for. Addresses may be numbers. */
  readonly rows: Iterable<JsonObject>;
  /** What was done to it before it was written; undefined where nothing was. */
  readonly redacted?: Redacted;
}

/** Values of the process, and what is as large as all of it: only where they are asked for. */
const ON_REQUEST: readonly TableName[] = ["strings", "words"];
/** For which the heap is read. */
const OF_HEAP: readonly TableName[] = ["types", "owners", "objects", "references", "strings"];
const ALL = { limit: Number.POSITIVE_INFINITY } as const;

/**
 * Tells the heap as tables, one after the other: each is written before the next is made.
 * @throws CoregramError `format` where the target is no ELF core or there is no CPython that can be read in it, `limit`
 * where memory runs out, `io` or `changed` where it cannot be read, and what `write` throws
 */
export async function writeTables(
  target: Target,
  options: TablesOptions,
  listener: Listener,
  write: (table: Table) => Promise<void>,
): Promise<void> {
  const names = options.tables ?? tableNames().filter((name) => !ON_REQUEST.includes(name));
  const input = inputOf(target);
  const progress = stageProgress(listener, target.name);
  const put = async (name: TableName, rows: () => Iterable<JsonObject> | Promise<Iterable<JsonObject>>) => {
    if (!names.includes(name)) return;
    progress(`writing ${name}`)(0, 1);
    await write({ name, columns: TABLES[name], input, rows: await rows() });
  };
  if (names.includes("segments") || names.includes("modules")) {
    const [info] = (await answerInfo(target, options)).rows;
    await put("segments", () => info?.segments ?? []);
    await put("modules", () => info?.modules ?? []);
  }
  if (OF_HEAP.some((name) => names.includes(name)))
    await withHeap(target, options, listener, (heap, totals, contents) =>
      heapTables({ target, options, listener, heap, totals, contents }, put),
    );
  const mute = (event: Parameters<Listener>[0]) => {
    if (event.kind !== "note") listener(event);
  };
  if (names.includes("threads") || names.includes("frames")) {
    const stacks = await orNone(() => answerStacks(target, { ...options, unfold: true }, mute));
    await put("threads", () => stacks?.totals.threads ?? []);
    await put("frames", () => stacks?.rows ?? []);
  }
  await put("traces", async () => {
    const traces = await orNone(() => answerTraces(target, { ...options, ...ALL, by: "traceback" }, mute));
    return traces?.rows ?? [];
  });
  if (!names.includes("words")) return;
  const words = await answerWords(target, { ...options, ...ALL, names: false }, mute);
  try {
    await put("words", () => words.rows);
  } finally {
    await words.close();
  }
}

/** The names of all tables, in the order in which they are written. */
export function tableNames(): TableName[] {
  return Object.keys(TABLES) as TableName[];
}

interface Told {
  readonly target: Target;
  readonly options: TablesOptions;
  readonly listener: Listener;
  readonly heap: Heap;
  readonly totals: OwnersTotals;
  readonly contents: TargetContents;
}

async function heapTables(
  { target, options, listener, heap, totals, contents }: Told,
  put: (name: TableName, rows: () => Iterable<JsonObject> | Promise<Iterable<JsonObject>>) => Promise<void>,
): Promise<void> {
  await put("types", () => typesFrame(target, heap.found, contents.image, ALL).rows);
  await put("owners", async () => {
    const occurrences = occurrencesIn(contents, options, listener);
    const { rows } = await ownersFrame(target, heap, totals, occurrences, { ...ALL, unfold: true });
    return rows.map((row) => ({ ...row, path: row.path ?? formatNames(row.holders ?? []) }));
  });
  await put("objects", () => objectRows(heap));
  await put("references", () => referenceRows(heap));
  await put("strings", () => textRows(heap, contents, options));
}

function* objectRows(heap: Heap): Generator<JsonObject> {
  const { graph, tree, found, addressOf, lengthOf } = heap;
  const { order, parents, positions, spans, bytes } = tree;
  const owner = ownersByPosition(heap);
  const blocks = blockBytesBefore(heap);
  const ends = garbagePosition(tree);
  for (let node = 0; node < graph.objects; node += 1) {
    const position = positions[node] ?? 0;
    const type = found.types[graph.types[node] ?? 0];
    const above = order[parents[position] ?? 0] ?? 0;
    const nativeBytes = blocks(position, spans[position] ?? 1);
    yield {
      address: addressOf(node),
      type: type?.name ?? "",
      typeAddress: type?.address ?? 0,
      bytes: graph.sizes[node] ?? 0,
      nativeBytes,
      retainedBytes: (bytes[position] ?? 0) - nativeBytes,
      length: lengthOf(node),
      dominator: above < graph.nodes ? addressOf(above) : null,
      owner: position < ends ? owner(position) : GARBAGE,
    };
  }
}

/** The name of the owner that keeps what is at a position: the innermost one above it, or it itself. */
function ownersByPosition(heap: Heap): (position: number) => string | null {
  const { graph, tree } = heap;
  const owners: Owners = chooseOwners(graph, tree, 0);
  const numbers = new Uint32Array(tree.order.length);
  owners.rows.forEach(({ node, set, isSet }, index) => {
    if (isSet && set !== null) for (const head of owners.shared.headsOf(set)) numbers[head] = index + 1;
    else numbers[tree.positions[node] ?? 0] = index + 1;
  });
  // Parents come first.
  for (let position = 1; position < numbers.length; position += 1)
    numbers[position] ||= numbers[tree.parents[position] ?? 0] ?? 0;
  const names: (string | undefined)[] = [];
  return (position) => {
    const number = numbers[position] ?? 0;
    const row = owners.rows[number - 1];
    if (row === undefined) return null;
    names[number] ??= ownerName(heap, owners, row);
    return names[number] ?? null;
  };
}

/** Bytes of blocks that are no objects among the positions from one on. */
function blockBytesBefore({ tree }: Heap): (position: number, span: number) => number {
  const { blockPositions, blockBytes, order } = tree;
  if (blockPositions.length === 0) return () => 0;
  // How many blocks stand before each position.
  const counts = new Uint32Array(order.length + 1);
  for (const position of blockPositions) counts[position + 1] = 1;
  for (let position = 1; position < counts.length; position += 1)
    counts[position] = (counts[position] ?? 0) + (counts[position - 1] ?? 0);
  return (position, span) =>
    (blockBytes[counts[position + span] ?? 0] ?? 0) - (blockBytes[counts[position] ?? 0] ?? 0);
}

function* referenceRows({ graph, labels, addressOf }: Heap): Generator<JsonObject> {
  for (let from = 0; from < graph.objects; from += 1) {
    if (graph.edges.firsts[from] === graph.edges.firsts[from + 1]) continue;
    const address = addressOf(from);
    for (const { node, name } of labels.held(from))
      if (node < graph.objects)
        yield { from: address, to: addressOf(node), name, conservative: isGuessedName(name), root: null };
  }
  const { nodes, kinds } = graph.roots;
  for (let root = 0; root < nodes.length; root += 1) {
    const node = nodes[root] ?? 0;
    const kind = kinds[root] ?? 0;
    if (node >= graph.objects) continue;
    yield {
      from: null,
      to: addressOf(node),
      name: labels.rootName(root),
      conservative: isGuessedRoot(kind),
      root: ROOT_KINDS[kind]?.key ?? null,
    };
  }
}

async function textRows(
  heap: Heap,
  contents: TargetContents,
  options: TablesOptions,
): Promise<Iterable<JsonObject>> {
  const { graph, found, addressOf } = heap;
  const texts = await openTexts(heap, contents, options);
  return (function* () {
    try {
      for (let node = 0; node < graph.objects; node += 1) {
        const of = texts.of(node);
        if (of === null) continue;
        const type = found.types[graph.types[node] ?? 0]?.name ?? "";
        yield { address: addressOf(node), type, length: of.length, text: of.text };
      }
    } finally {
      texts.close();
    }
  })();
}
