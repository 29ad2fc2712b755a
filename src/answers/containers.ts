import type { Target } from "../image/index.ts";
import { Containers } from "../runtimes/index.ts";
import { formatAddress, type Listener } from "../terms/index.ts";
import { DEFAULT_LIMIT, type ModuleOptions, type ThreadOptions } from "./options.ts";
import { withPython } from "./python.ts";
import type { ContainersTotals, Frame } from "./results/index.ts";
import { inputOf, memoryTotals } from "./subject.ts";

export interface ContainersOptions extends ModuleOptions, ThreadOptions {
  /** The order of the rows: by bytes (the default), or by how many items they have. */
  readonly sort?: "bytes" | "count" | undefined;
  /** Rows at the most, 10 by default; Infinity for all. */
  readonly limit?: number | undefined;
}

/**
 * The biggest dicts, lists, sets and deques, and how full they are.
 * @throws CoregramError as `answerTypes` does
 */
export async function answerContainers(
  target: Target,
  options: ContainersOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/containers@1">> {
  return withPython(target, options, listener, (crew, python, { image }) => {
    const containers = new Containers(crew.memory, python);
    const order = options.sort === "count" ? "length" : "bytes";
    const shown = containers.biggest(order, options.limit ?? DEFAULT_LIMIT);
    const totals: ContainersTotals = {
      ...memoryTotals(image),
      runtime: `CPython ${python.layout.version}`,
      ...containers.totals,
      restCount: containers.totals.count - shown.length,
      restBytes: containers.totals.bytes - shown.reduce((sum, { bytes }) => sum + bytes, 0),
    };
    const rows = shown.map(({ typeName, address, ...numbers }) => ({
      type: typeName,
      address: formatAddress(BigInt(address)),
      ...numbers,
    }));
    return { schema: "coregram/containers@1", input: inputOf(target), totals, rows };
  });
}
