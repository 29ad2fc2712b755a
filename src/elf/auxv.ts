import { type Address, address } from "../terms/index.ts";
import type { Fields } from "./fields.ts";

/** a_type of the entries that coregram uses (Linux include/uapi/linux/auxvec.h, arch/x86/…/auxvec.h). */
const PHDR = 3n;
const PHNUM = 5n;
const PAGESZ = 6n;
const RANDOM = 25n;
const EXECFN = 31n;
const SYSINFO_EHDR = 33n;
/** The kernel's vector has some 25 entries; a longer one is not its work. */
const MOST_ENTRIES = 1024;

/** What the kernel told the program when it started, from NT_AUXV. Null where it did not say. */
export interface AuxiliaryVector {
  /** Every entry in order: [a_type, a_val]. */
  readonly entries: readonly (readonly [bigint, bigint])[];
  /** The executable's program headers in memory, and how many. */
  readonly programHeaders: Address | null;
  readonly programHeaderCount: number | null;
  /** Bytes of a page; null where it is not a power of two from 1 KiB to 1 GiB. */
  readonly pageBytes: number | null;
  readonly random: Address | null;
  /** The path that the program was started by, as text in memory. */
  readonly execName: Address | null;
  /** The vdso's ELF header in memory. */
  readonly vdso: Address | null;
}

/** Reads the descriptor of NT_AUXV up to AT_NULL or its end. */
export function readAuxiliaryVector(fields: Fields): AuxiliaryVector {
  const entries: [bigint, bigint][] = [];
  const step = fields.wordBytes;
  for (let at = 0; at + 2 * step <= fields.length && entries.length < MOST_ENTRIES; at += 2 * step) {
    const type = fields.word(at);
    if (type === 0n) break;
    entries.push([type, fields.word(at + step)]);
  }
  const value = (type: bigint) => entries.find(([known]) => known === type)?.[1] ?? null;
  const addressOf = (type: bigint) => {
    const found = value(type);
    return found === null || found === 0n ? null : address(found);
  };
  const small = (type: bigint) => {
    const found = value(type);
    return found !== null && found < 1n << 31n ? Number(found) : null;
  };
  const pageBytes = small(PAGESZ);
  return {
    entries,
    programHeaders: addressOf(PHDR),
    programHeaderCount: small(PHNUM),
    pageBytes: pageBytes !== null && isPageSize(pageBytes) ? pageBytes : null,
    random: addressOf(RANDOM),
    execName: addressOf(EXECFN),
    vdso: addressOf(SYSINFO_EHDR),
  };
}

/** Whether a machine can have pages of that many bytes. */
export function isPageSize(bytes: number): boolean {
  return bytes >= 1 << 10 && bytes <= 1 << 30 && (bytes & (bytes - 1)) === 0;
}
