import type { Image, Target } from "../image/index.ts";
import type { Crew } from "../kernel/index.ts";
import type { RuntimeObjects } from "../runtimes/index.ts";
import { CoregramError, formatAddress, type Listener, printable } from "../terms/index.ts";
import { withHeap } from "./heap.ts";
import { DEFAULT_LIMIT, type ModuleOptions, type ThreadOptions } from "./options.ts";
import type { Heap } from "./read-heap.ts";
import type { ContainersTotals, Frame } from "./results/index.ts";
import { inputOf, memoryTotals } from "./subject.ts";

export interface ContainersOptions extends ModuleOptions, ThreadOptions {
  /** The order of the rows: by bytes (the default), or by how many items they have. */
  readonly sort?: "bytes" | "count" | undefined;
  /** Rows at the most, 10 by default; Infinity for all. */
  readonly limit?: number | undefined;
}

/**
 * The biggest dicts, lists, sets and deques, how full they are, and where each is: for that the heap is read, as for
 * owners.
 * @throws CoregramError as `answerOwners` does
 */
export async function answerContainers(
  target: Target,
  options: ContainersOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/containers@1">> {
  return target.ask(({ image }) => {
    let frame: Frame<"coregram/containers@1"> | null = null;
    const first = (crew: Crew, found: RuntimeObjects) => {
      frame = containersFrame(target, crew, found, image, options);
    };
    return withHeap(target, { ...options, first }, listener, (heap) => {
      if (frame !== null) return withPaths(frame, heap);
      throw new CoregramError(
        "format",
        `${printable(target.name)}: how full the containers of ${heap.found.runtime} are is not known`,
      );
    });
  });
}

/** The same with the path of each. */
export function withPaths(
  frame: Frame<"coregram/containers@1">,
  { references, paths }: Heap,
): Frame<"coregram/containers@1"> {
  const rows = [...frame.rows].map((row) => {
    const node = references.objects.find(Number(row.address));
    return { ...row, path: node < 0 ? null : paths.pathOf(node) };
  });
  return { ...frame, rows };
}

/** The same, without paths, of objects that the crew found and still has; null where their runtime does not tell. */
export function containersFrame(
  target: Target,
  crew: Crew,
  found: RuntimeObjects,
  image: Image | null,
  options: Pick<ContainersOptions, "sort" | "limit">,
): Frame<"coregram/containers@1"> | null {
  if (found.containers === null) return null;
  const containers = found.containers(crew);
  const order = options.sort === "count" ? "length" : "bytes";
  const shown = containers.biggest(order, options.limit ?? DEFAULT_LIMIT);
  const totals: ContainersTotals = {
    ...memoryTotals(image),
    runtime: found.runtime,
    ...containers.totals,
    restCount: containers.totals.count - shown.length,
    restBytes: containers.totals.bytes - shown.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  const rows = shown.map(({ typeName, address, ...numbers }) => ({
    type: typeName,
    address: formatAddress(BigInt(address)),
    ...numbers,
    path: null,
  }));
  return { schema: "coregram/containers@1", input: inputOf(target), totals, rows };
}
