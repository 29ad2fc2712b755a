import { subjectOf } from "../bytes/index.ts";
import {
  type Core,
  findModule,
  type Module,
  readModules,
  type Target,
  type TargetContents,
} from "../image/index.ts";
import { locateModule, type Names } from "../symbols/index.ts";
import {
  type Address,
  CoregramError,
  formatAddress,
  formatCount,
  type Listener,
  printable,
  type WordShape,
} from "../terms/index.ts";
import { countGiven } from "../words/index.ts";
import { withAllocations } from "./allocated-at.ts";
import { type Asked, AskedPaths, addressOf } from "./asked-path.ts";
import { withObjects } from "./explain-object.ts";
import { withHolders } from "./held-by.ts";
import { Naming, type NamingOptions } from "./naming.ts";
import { memoryOf, type ResourceOptions, rootOf, threadsOf } from "./options.ts";
import { chunkProgress, stageProgress } from "./progress.ts";
import { type Heap, type HeapOptions, readHeap } from "./read-heap.ts";
import type { Frame, WhatisRow } from "./results/index.ts";
import { chunksOf, shapeOf, type WordOptions } from "./scope.ts";
import { inputOf, memoryTotals, requireElfCore } from "./subject.ts";
import { withoutTag } from "./without-tags.ts";

/** `word` and `endian` are the core's own by default: an address occurs as its machine writes it. */
export interface WhatisOptions extends NamingOptions, WordOptions, ResourceOptions {}

/** Bytes that are shown of what lies at an address. */
const SHOWN_BYTES = 64;
/** Rows of one path. */
const MOST_OF_PATH = 10;

/**
 * What addresses are: segment, mapping, symbol, bytes, the CPython object there and who holds it, and how often each
 * occurs as a word in the scope. A row an address, in their order. Who holds a live object is told where `memory` is
 * enough to read all of its heap; a heap that cannot be read is a warning.
 * @param asked addresses, or paths as `answerOwners` has them; for a path that several objects have, a row each. For a path the heap
 * is read whatever memory that takes.
 * @throws CoregramError `format` where the scope or a path needs an ELF core, or a symbol map cannot be read; `absent`
 * where a path leads to no object; `io` or `changed` where the target cannot be read
 */
export async function answerWhatis(
  target: Target,
  asked: readonly Asked[],
  options: WhatisOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/whatis@1">> {
  return target.ask(async (contents) => {
    const heap = asked.every(isAddress)
      ? null
      : await readHeap(requireCore(contents, asked), target.name, heapOptionsOf(target, options, listener));
    const addresses =
      heap === null ? asked.filter(isAddress) : addressesOf(heap, asked, target.name, listener);
    return whatisFrame(target, contents, { heap, mayBeTraced: true }, addresses, options, listener);
  });
}

/**
 * The same of addresses in what a target has.
 * @param known the core's heap, where it was read already; whether tracemalloc may have been tracing
 */
export async function whatisFrame(
  target: Target,
  contents: TargetContents,
  { heap, mayBeTraced }: { readonly heap: Heap | null; readonly mayBeTraced: boolean },
  addresses: readonly Address[],
  options: WhatisOptions,
  listener: Listener,
): Promise<Frame<"coregram/whatis@1">> {
  const { core, image } = contents;
  const root = options.names === false ? null : rootOf(options);
  const naming = await Naming.open(options, contents, listener);
  const chunks = chunksOf(contents, options.scope, shapeIn(core, options), listener);
  const counts = await countGiven(chunks, addresses, threadsOf(options), chunkProgress(listener, chunks));
  const note = (text: string) => listener({ kind: "note", target: target.name, text });
  if (image === null && addresses.length > 0)
    note(`${subjectOf(target.name)} is no ELF core, and does not say where its bytes were: --base ADDR does`);
  // How often one occurs is told of the word as it was asked, with its tag.
  const places = addresses.map((at) => withoutTag(at, core, note));
  const names = await naming.names(places);
  const explain = makeExplain(contents, root, names);
  const found = await withObjects(core, root, (explainObject) =>
    places.map((at, index) => ({
      ...explain(at, counts.get(addresses[index] ?? at) ?? 0),
      ...explainObject(at),
    })),
  );
  const rows = await withHolders(
    core,
    target.name,
    found,
    { ...heapOptionsOf(target, options, listener), heap, memory: memoryOf(options) },
    listener,
  );
  return {
    schema: "coregram/whatis@1",
    input: inputOf(target),
    totals: memoryTotals(image),
    rows: mayBeTraced ? await withAllocations(core, root, rows, target.name, listener) : rows,
  };
}

function heapOptionsOf({ name }: Target, options: WhatisOptions, listener: Listener): HeapOptions {
  return {
    root: options.names === false ? null : rootOf(options),
    threads: threadsOf(options),
    progress: stageProgress(listener, name),
  };
}

function isAddress(asked: Asked): asked is Address {
  return typeof asked !== "string";
}

function requireCore(contents: TargetContents, asked: readonly Asked[]): Core {
  const path = asked.find((each) => typeof each === "string") ?? "";
  if (contents.core === null && contents.broken === null)
    throw new CoregramError(
      "usage",
      `"${printable(path)}" is no address: 1 to 16 hex digits, with or without 0x; a path is one of objects in a core, and ${contents.source.name} is none`,
    );
  return requireElfCore(contents);
}

// What has a path and is not meant by it comes behind what is.
function addressesOf(
  heap: Heap,
  asked: readonly Asked[],
  name: string,
  listener: Listener,
): readonly Address[] {
  const paths = new AskedPaths(heap);
  return asked.flatMap((each) => {
    if (isAddress(each)) return [each];
    const { nodes, others } = paths.require(each);
    const found = [...nodes, ...others];
    if (found.length > MOST_OF_PATH) {
      const text = `${printable(each)} is the path of ${formatCount(found.length)} objects: the first ${MOST_OF_PATH} are told`;
      listener({ kind: "note", target: name, text });
    }
    return found.slice(0, MOST_OF_PATH).map((node) => addressOf(heap, node));
  });
}

// An address occurs as the core's own machine writes it.
function shapeIn(core: Core | null, { word, endian }: WordOptions): WordShape {
  return shapeOf({
    word: word ?? (core?.header.class === 32 ? 4 : 8),
    endian: endian ?? core?.header.endian,
  });
}

function makeExplain({ core, image }: TargetContents, root: string | null, names: Names | null) {
  const modules = core ? readModules(core) : [];
  return (at: Address, count: number): Omit<WhatisRow, "object" | "block"> => {
    const segment = image?.segmentAt(at) ?? null;
    const fault = image ? image.faultAt(at) : { reason: "not mapped" as const };
    const mapping = image?.mappingAt(at) ?? null;
    const module = findModule(modules, at);
    const symbol = names?.find(at) ?? null;
    const bytes = new Uint8Array(SHOWN_BYTES);
    const read = image?.read(at, bytes) ?? 0;
    return {
      address: formatAddress(at),
      count,
      segment: segment && {
        start: formatAddress(segment.start),
        end: formatAddress(segment.end),
        permissions: segment.permissions,
        savedBytes: segment.extent.bytes,
      },
      memory: fault?.reason ?? "saved",
      mapping: mapping && {
        path: mapping.path,
        start: formatAddress(mapping.start),
        end: formatAddress(mapping.end),
        fileOffset: formatAddress(mapping.fileOffset),
      },
      module: module?.path ?? null,
      symbol,
      unnamed: symbol === null && core && module ? whyUnnamed(core, module, root) : null,
      traced: null,
      allocated: null,
      bytes: read > 0 ? Buffer.from(bytes.subarray(0, read)).toString("hex") : null,
    };
  };
}

/** Null where the module's symbols were read, and none of them is there. */
function whyUnnamed(core: Core, module: Module, root: string | null): string | null {
  if (root === null) return null;
  const { path, matches, reason } = locateModule(core, module, root);
  // Where its name is lost, the program itself is known by its place alone.
  return matches ? null : `${path || module.path || "the file there, whose name is lost,"} ${reason}`;
}
