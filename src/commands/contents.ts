import type { ContainersTotals, MemoryTotals, StringsTotals, SubjectInput } from "../answers/index.ts";
import type { Crew } from "../kernel/index.ts";
import { Containers, type Python, StringGroups } from "../runtimes/index.ts";
import { CoregramError, formatAddress } from "../terms/index.ts";
import { type Format, render } from "../views/index.ts";

/** What --sort takes with --strings and --containers. */
export type ContentsOrder = "bytes" | "count";

/** @throws CoregramError `usage` where it is an order of types alone */
export function contentsOrder(sort: string): ContentsOrder {
  if (sort === "bytes" || sort === "count") return sort;
  throw new CoregramError(
    "usage",
    `--sort ${sort} is for types: --strings and --containers take bytes and count`,
  );
}

/** What --strings and --containers are made of. */
export interface ContentsOptions {
  readonly input: SubjectInput;
  readonly memory: MemoryTotals;
  readonly order: ContentsOrder;
  /** Infinity for all. */
  readonly limit: number;
  readonly format: Format;
  readonly color: boolean;
}

/** `types --strings`: str and bytes that are there more than once. */
export function renderStrings(
  crew: Crew,
  python: Python,
  options: ContentsOptions,
): Iterable<Uint8Array | string> {
  const groups = new StringGroups(crew.arena, python);
  const shown = groups.duplicates(options.order, options.limit);
  const { count, bytes, distinct, groups: duplicates, wastedBytes, notCompared } = groups.totals;
  const totals: StringsTotals = {
    ...options.memory,
    runtime: `CPython ${python.layout.version}`,
    count,
    bytes,
    distinct,
    duplicates,
    wastedBytes,
    restWastedBytes: wastedBytes - shown.reduce((sum, group) => sum + group.wastedBytes, 0),
    notCompared,
  };
  const rows = shown.map((group) => ({
    type: group.typeName,
    text: group.text,
    length: group.length,
    count: group.count,
    bytes: group.bytes,
    wastedBytes: group.wastedBytes,
    address: hex(group.address),
  }));
  const { input, format, color } = options;
  return render(format, { schema: "coregram/strings@1", input, totals, rows }, { color });
}

/** `types --containers`: dicts, lists, sets and deques, the biggest first. */
export function renderContainers(
  crew: Crew,
  python: Python,
  options: ContentsOptions,
): Iterable<Uint8Array | string> {
  const containers = new Containers(crew.arena, python);
  const shown = containers.biggest(options.order === "bytes" ? "bytes" : "length", options.limit);
  const totals: ContainersTotals = {
    ...options.memory,
    runtime: `CPython ${python.layout.version}`,
    ...containers.totals,
    restCount: containers.totals.count - shown.length,
    restBytes: containers.totals.bytes - shown.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  const rows = shown.map(({ typeName, address, ...numbers }) => ({
    type: typeName,
    address: hex(address),
    ...numbers,
  }));
  const { input, format, color } = options;
  return render(format, { schema: "coregram/containers@1", input, totals, rows }, { color });
}

function hex(at: number): string {
  return formatAddress(BigInt(at));
}
