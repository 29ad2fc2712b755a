import { constants } from "node:os";
import { type InfoRow, type MemoryTotals, NO_ELF, NOT_LOOKED_FOR } from "../answers/index.ts";
import type { ByteSource } from "../bytes/index.ts";
import {
  DEFAULT_COREDUMP_FILTER,
  describeNotSaved,
  type Image,
  type Module,
  readModules,
  readProcess,
  readThreads,
} from "../image/index.ts";
import { demangle, locateModule, Names, readModuleSymbols } from "../symbols/index.ts";
import { formatAddress } from "../terms/index.ts";
import { render } from "../views/index.ts";
import { answer } from "./shell/answer.ts";
import { checkPaths, requireCore } from "./shell/input.ts";
import { Notes } from "./shell/notes.ts";
import { formatNamed } from "./shell/settings.ts";
import { inputOf, openSubject, type Subject } from "./subject.ts";

export interface InfoArgs {
  readonly core: string | undefined;
  readonly check: boolean | undefined;
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
  readonly format: string;
  readonly output: string | undefined;
  readonly color: string;
  readonly quiet: boolean | undefined;
}

/** `coregram info CORE`. Returns the exit status: 1 with --check where the core was cut short, if need be in its very header. */
export async function runInfo(args: InfoArgs): Promise<number> {
  const name = requireCore(args.core);
  checkPaths(name, [], args.output);
  let isWhole = true;
  await answer(args, async ({ progress, color }) => {
    // The row has the warnings: they need not be said twice.
    const subject = await openSubject(name, undefined, progress, new Notes(true));
    const row = await describeSubject(subject, args);
    isWhole = !row.file.truncated && subject.broken === null;
    return render(
      formatNamed(args.format),
      { schema: "coregram/info@1", input: inputOf(subject), totals: totalsOf(subject.image), rows: [row] },
      { color },
    );
  });
  return args.check && !isWhole ? 1 : 0;
}

/** Saved bytes, and those that are mapped and not saved. */
export function totalsOf(image: Image | null): MemoryTotals {
  if (!image) return { savedBytes: 0, notSavedBytes: 0 };
  let savedBytes = 0;
  for (let index = 0; index < image.segmentCount; ++index) savedBytes += image.table.saved[index] ?? 0;
  return { savedBytes, notSavedBytes: exact(describeNotSaved(image).bytes) };
}

/** All that the input says of itself, and its modules' files of it. */
export async function describeSubject(
  subject: Pick<Subject, "core" | "broken"> & { readonly source: ByteSource },
  args: Pick<InfoArgs, "sysroot" | "noModules">,
): Promise<InfoRow> {
  const { core, source } = subject;
  if (!core) return rawRow(source.size, subject.broken);
  const { header, image } = core;
  const notSaved = describeNotSaved(image);
  const modules = readModules(core);
  const root = args.sysroot ?? "/";
  const threads = readThreads(core);
  const pcs = threads.flatMap(({ pc }) => (pc === null ? [] : [pc]));
  const symbols = args.noModules
    ? null
    : await readModuleSymbols(core, modules, { root, words: pcs, covering: true });
  const names = symbols && new Names([symbols.table], false, demangle);
  const { pid, ppid, uid, gid, state, name, commandLine, executable, signal, faultAddress } =
    readProcess(core);
  return {
    file: {
      bytes: source.size,
      kind: "elf-core",
      class: header.class,
      endian: header.endian,
      machine: header.machineName,
      truncated: core.missingBytes > 0n,
      missingBytes: exact(core.missingBytes),
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
    threads: threads.map((thread) => ({
      pid: thread.pid,
      signal: thread.signal,
      pc: addressText(thread.pc),
      sp: addressText(thread.sp),
      symbol: thread.pc === null ? null : (names?.find(thread.pc) ?? null),
    })),
    segments: segmentsOf(image),
    modules: modules.map((module) =>
      moduleRow(module, args.noModules ? null : locateModule(core, module, root)),
    ),
    notSavedBytes: exact(notSaved.bytes),
    notSaved: notSaved.kinds.map(({ kind, bytes }) => ({ kind, bytes: exact(bytes) })),
    betterFilter: betterFilter(notSaved.filterBits),
    warnings: core.warnings.list(),
  };
}

function rawRow(bytes: number, broken: string | null): InfoRow {
  return {
    file: {
      bytes,
      kind: "raw",
      class: null,
      endian: null,
      machine: null,
      truncated: false,
      missingBytes: 0,
    },
    process: null,
    threads: [],
    segments: [],
    modules: [],
    notSavedBytes: 0,
    notSaved: [],
    betterFilter: null,
    warnings: broken === null ? [] : [broken],
  };
}

function segmentsOf(image: Image): InfoRow["segments"] {
  return Array.from({ length: image.segmentCount }, (_, index) => {
    const { start, end, extent, permissions } = image.segment(index);
    return {
      start: formatAddress(start),
      bytes: exact(end - start),
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
    reason: file?.reason ?? (module.isElf === false ? NO_ELF : NOT_LOOKED_FOR),
    debugFile: file?.debugPath ?? null,
  };
}

function betterFilter(bits: number): string | null {
  return bits === 0 ? null : `0x${(DEFAULT_COREDUMP_FILTER | bits).toString(16)}`;
}

function addressText(at: bigint | null): string | null {
  return at === null ? null : formatAddress(BigInt.asUintN(64, at));
}

function exact(bytes: bigint): number | null {
  return bytes <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bytes) : null;
}

// The numbers of this machine's Linux are those of nearly all others.
function signalName(signal: number | null): string | null {
  const found = Object.entries(constants.signals).find(([, number]) => number === signal);
  return found?.[0] ?? null;
}
