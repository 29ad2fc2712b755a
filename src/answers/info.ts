import { constants } from "node:os";
import { namedAllocator } from "../blocks/index.ts";
import type { ByteSource } from "../bytes/index.ts";
import {
  DEFAULT_COREDUMP_FILTER,
  describeNoCore,
  describeNotSaved,
  type Image,
  type Module,
  readModules,
  readProcess,
  readThreads,
  type Target,
  type TargetContents,
} from "../image/index.ts";
import { runtimeProcess } from "../runtimes/index.ts";
import { demangle, locateModule, Names, readModuleSymbols } from "../symbols/index.ts";
import { CoregramError, formatAddress, type Listener } from "../terms/index.ts";
import { lostStacksOf } from "./lost-stacks.ts";
import { describeResources } from "./objects.ts";
import { type ModuleOptions, rootOf, type ThreadOptions } from "./options.ts";
import { AS_DATA, type Frame, type InfoRow, NO_ELF, NOT_LOOKED_FOR } from "./results/index.ts";
import { withObjects } from "./runtime.ts";
import { inputOf, memoryTotals, safeInteger } from "./subject.ts";

export interface InfoOptions extends ModuleOptions, ThreadOptions {
  /** Whether values of the process are told: of a Python, its environment. */
  readonly values?: boolean | undefined;
  /** Whether what only the heap tells is: of a Python, files, sockets, event loops and garbage. */
  readonly objects?: boolean | undefined;
}

/**
 * All that a target says of itself: process, threads, segments, modules, what was not saved. One row; its warnings are
 * those that `openTarget` told, and what was found since.
 * @throws CoregramError `io` or `changed` where it cannot be read; with `objects`, `limit` where memory runs out
 */
export async function answerInfo(
  target: Target,
  options: InfoOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/info@1">> {
  return target.ask(async (contents) => {
    const row = await describeTarget(contents, options);
    const found = options.objects ? await findObjects(contents, target.name, options, listener) : null;
    return {
      schema: "coregram/info@1",
      input: inputOf(target),
      totals: memoryTotals(contents.image),
      rows: [
        found === null
          ? row
          : { ...row, objects: found.objects, warnings: [...row.warnings, ...found.warnings] },
      ],
    };
  });
}

/** What the heap tells; why it tells nothing. */
async function findObjects(
  { core }: TargetContents,
  name: string,
  options: InfoOptions,
  listener: Listener,
): Promise<Pick<InfoRow, "objects" | "warnings">> {
  if (!core) return { objects: null, warnings: [] };
  try {
    const resources = await withObjects(core, name, options, listener, (crew, found) =>
      found.resources?.(crew),
    );
    return { objects: resources ? describeResources(resources) : null, warnings: [] };
  } catch (error) {
    if (!(error instanceof CoregramError && error.code === "format")) throw error;
    return { objects: null, warnings: [error.message] };
  }
}

async function describeTarget(
  { core, source, broken, cut }: TargetContents,
  options: InfoOptions,
): Promise<InfoRow> {
  if (!core) return rawRow(source, broken, cut);
  const { header, image } = core;
  const notSaved = describeNotSaved(image);
  const lost = lostStacksOf(core);
  const modules = readModules(core);
  const root = rootOf(options);
  const threads = readThreads(core);
  const pcs = threads.flatMap(({ pc }) => (pc === null ? [] : [pc]));
  const symbols =
    root === null ? null : await readModuleSymbols(core, modules, { root, words: pcs, covering: true });
  const names = symbols && new Names([symbols.table], false, demangle);
  const { pid, ppid, uid, gid, state, name, commandLine, executable, signal, faultAddress } =
    readProcess(core);
  return {
    file: {
      bytes: source.size,
      kind: core.process === null ? "elf-core" : "process",
      class: header.class,
      endian: header.endian,
      machine: header.machineName,
      truncated: core.missingBytes > 0n || cut !== null,
      missingBytes: safeInteger(core.missingBytes),
    },
    process: {
      pid,
      ppid,
      uid,
      gid,
      state,
      name,
      commandLine,
      executable,
      signal,
      signalName: signalName(signal),
      faultAddress: addressText(faultAddress),
    },
    python: isPython(modules) ? await runtimeProcess(core, root, options.values === true) : null,
    objects: null,
    threads: threads.map((thread) => ({
      pid: thread.pid,
      signal: thread.signal,
      pc: addressText(thread.pc),
      sp: addressText(thread.sp),
      symbol: thread.pc === null ? null : (names?.find(thread.pc) ?? null),
    })),
    segments: segmentsOf(image),
    modules: modules.map((module) =>
      moduleRow(module, root === null ? null : locateModule(core, module, root)),
    ),
    allocator: namedAllocator(modules),
    notSavedBytes: safeInteger(notSaved.bytes),
    notSaved: notSaved.kinds.map(({ kind, bytes }) => ({ kind, bytes: safeInteger(bytes) })),
    betterFilter: core.process === null ? betterFilter(notSaved.filterBits) : null,
    warnings: [cut, ...core.warnings.list(), lost].filter((text) => text !== null),
  };
}

function rawRow(source: ByteSource, broken: string | null, cut: string | null): InfoRow {
  const known = describeNoCore(source);
  return {
    file: {
      bytes: source.size,
      kind: "raw",
      class: null,
      endian: null,
      machine: null,
      truncated: cut !== null,
      missingBytes: cut === null ? 0 : null,
    },
    process: null,
    python: null,
    objects: null,
    threads: [],
    segments: [],
    modules: [],
    allocator: null,
    notSavedBytes: 0,
    notSaved: [],
    betterFilter: null,
    warnings: [cut, broken, known && `the file ${known}`].filter((text) => text !== null),
  };
}

/** Whether a Python may be there: its program, library or modules say so by their names, and nothing is looked for elsewhere. */
function isPython(modules: readonly Module[]): boolean {
  return modules.some(({ path }) => /python/i.test(path));
}

function segmentsOf(image: Image): InfoRow["segments"] {
  return Array.from({ length: image.segmentCount }, (_, index) => {
    const { start, end, extent, permissions } = image.segment(index);
    return {
      start: formatAddress(start),
      bytes: safeInteger(end - start),
      savedBytes: extent.bytes,
      offset: extent.offset,
      permissions,
    };
  });
}

function moduleRow(module: Module, file: ReturnType<typeof locateModule> | null): InfoRow["modules"][number] {
  return {
    path: module.path,
    start: formatAddress(module.start),
    end: formatAddress(module.end),
    buildId: module.buildId,
    loadBias: addressText(module.loadBias),
    deleted: module.deleted,
    found: file?.path !== null && file !== null,
    matches: file?.matches ?? null,
    how: file?.how ?? null,
    reason: file?.reason ?? reasonWithoutFile(module),
    debugFile: file?.debugPath ?? null,
  };
}

function reasonWithoutFile({ isElf, isLoaded }: Module): string {
  return isElf === false ? NO_ELF : isLoaded === false ? AS_DATA : NOT_LOOKED_FOR;
}

function betterFilter(bits: number): string | null {
  return bits === 0 ? null : `0x${(DEFAULT_COREDUMP_FILTER | bits).toString(16)}`;
}

function addressText(at: bigint | null): string | null {
  return at === null ? null : formatAddress(BigInt.asUintN(64, at));
}

// The numbers of this machine's Linux are those of nearly all others.
function signalName(signal: number | null): string | null {
  const found = Object.entries(constants.signals).find(([, number]) => number === signal);
  return found?.[0] ?? null;
}
