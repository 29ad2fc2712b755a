import { type Address, address, type Range } from "../terms/index.ts";
import type { Fields } from "./fields.ts";
import type { Warnings } from "./warnings.ts";

/** A file that was mapped into the process, as NT_FILE has it: [start, end) shows it from fileOffset on. */
export interface FileMapping extends Range {
  readonly start: Address;
  readonly end: Address;
  /** In bytes. */
  readonly fileOffset: bigint;
  /** As the process saw it, without the kernel's ` (deleted)`. Untrusted. */
  readonly path: string;
  /** The file had been deleted or replaced when the core was made. */
  readonly deleted: boolean;
}

/** What NT_FILE says. */
export interface FileNote {
  /** Sorted by start. */
  readonly mappings: readonly FileMapping[];
  /** What offsets count in: the kernel writes the bytes of a page, gdb 1. */
  readonly unit: bigint;
}

const DELETED = " (deleted)";

/**
 * Reads the descriptor of NT_FILE (Linux fs/binfmt_elf.c, fill_files_note): two longs, count and the unit of
 * offsets; count times start, end and offset; count paths, each with its NUL. Where it breaks
 * off or makes no sense, that is said and what came before stands.
 */
export function readFileNote(fields: Fields, warnings: Warnings): FileNote {
  const step = fields.wordBytes;
  if (fields.length < 2 * step) {
    warnings.add("NT_FILE", `NT_FILE has only ${fields.length} bytes`);
    return { mappings: [], unit: 0n };
  }
  const claimed = fields.word(0);
  const unit = fields.word(step);
  // Every mapping takes three longs and at least the NUL of its path.
  const held = Math.floor((fields.length - 2 * step) / (3 * step + 1));
  if (claimed > BigInt(held)) {
    warnings.add(
      "NT_FILE",
      `NT_FILE claims ${claimed} mappings, its ${fields.length} bytes hold at most ${held}`,
    );
    return { mappings: [], unit };
  }
  const count = Number(claimed);
  const paths = readPaths(fields.bytes.subarray((2 + 3 * count) * step), count);
  const mappings: FileMapping[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = (2 + 3 * index) * step;
    const start = address(fields.word(at));
    const end = address(fields.word(at + step));
    const path = paths[index];
    if (path === undefined) {
      warnings.add("NT_FILE", `NT_FILE has ${paths.length} paths for ${count} mappings`);
      break;
    }
    if (start >= end) {
      warnings.add(
        "NT_FILE range",
        `NT_FILE mapping ${index} starts at 0x${start.toString(16)} and ends at 0x${end.toString(16)}`,
      );
      continue;
    }
    const fileOffset = BigInt.asUintN(64, fields.word(at + 2 * step) * unit);
    mappings.push({ start, end, fileOffset, ...path });
  }
  mappings.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  return { mappings, unit };
}

interface Path {
  readonly path: string;
  readonly deleted: boolean;
}

/** The paths up to the first without a NUL. Repeated ones, the rule for neighbours, share one string. */
function readPaths(bytes: Uint8Array, count: number): Path[] {
  const paths: Path[] = [];
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let at = 0;
  let last: Path | null = null;
  while (paths.length < count) {
    const nul = bytes.indexOf(0, at);
    if (nul < 0) break;
    const text = decoder.decode(bytes.subarray(at, nul));
    const deleted = text.endsWith(DELETED);
    const path: string = deleted ? text.slice(0, -DELETED.length) : text;
    if (last === null || last.path !== path || last.deleted !== deleted) last = { path, deleted };
    paths.push(last);
    at = nul + 1;
  }
  return paths;
}
