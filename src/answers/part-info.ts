import { type Extent, parseAddress } from "../terms/index.ts";
import type { ScopeName } from "./scope.ts";

/** Which part of how many; the first is 1. */
export interface PartNumber {
  readonly part: number;
  readonly of: number;
}

/** More would be files of a few hundred rows, and descriptors that no system gives. */
export const MOST_PARTS = 4096;

/** What a file of a part says that it is of, `coregram.part` in its metadata. */
export interface PartInfo extends PartNumber {
  /** [from, to) of the file: a word belongs to the part that its first byte is in. */
  readonly from: number;
  readonly to: number;
  /** Bytes that were counted, words, and different words among them. */
  readonly bytes: number;
  readonly words: number;
  readonly distinct: number;
  readonly scope: ScopeName;
  readonly wordBytes: 4 | 8;
  readonly endian: "little" | "big";
  /** Where raw memory begins, `0x…`; null where that was not said. */
  readonly base: string | null;
  readonly core: CoreIdentity;
}

/** By what a core is told from others, and from what became of it meanwhile. */
export interface CoreIdentity {
  /** As it was given. Untrusted. */
  readonly path: string;
  /** After decompression. */
  readonly bytes: number;
  readonly compression: string | null;
  /** SHA-256 of its first and last 64 KiB. */
  readonly digest: string;
}

/**
 * The bytes [from, to) of a file that are part `part` of `of`: as many in each, in whole words from the file's start on. Its
 * size alone decides, so that nobody has to agree on anything.
 */
export function partRange(
  size: number,
  { part, of }: PartNumber,
  wordBytes: number,
): { from: number; to: number } {
  const border = (number: number) => {
    if (number === of) return size;
    // size × number may be more than a number can say.
    const at = Math.floor(size / of) * number + Math.floor(((size % of) * number) / of);
    return at - (at % wordBytes);
  };
  return { from: border(part - 1), to: border(part) };
}

/** Of extents what belongs to the range: the words of each whose first byte is in it. */
export function cutExtents(
  extents: readonly Extent[],
  { from, to }: { readonly from: number; readonly to: number },
  wordBytes: number,
): Extent[] {
  return extents.flatMap(({ offset, bytes }) => {
    const border = (at: number) =>
      Math.min(bytes, Math.ceil(Math.max(0, at - offset) / wordBytes) * wordBytes);
    const [start, end] = [border(from), border(to)];
    return end > start ? [{ offset: offset + start, bytes: end - start }] : [];
  });
}

/** Rows that are in memory of all parts together while they are merged, and the least of a part. */
const MERGED_ROWS = 2 ** 18;
const LEAST_GROUP_ROWS = 512;
const MOST_GROUP_ROWS = 65_536;

/** Rows of a row group, fewer where there are many parts: one of each is in memory when they are merged. */
export function groupRowsOf(of: number): number {
  return Math.max(LEAST_GROUP_ROWS, Math.min(MOST_GROUP_ROWS, Math.floor(MERGED_ROWS / of)));
}

/** What makes parts those of one count; in the words of the command line where they differ. */
export function countedAs({ of, scope, wordBytes, endian, base }: PartInfo): string {
  const at = base === null ? "" : ` --base ${base}`;
  return `--scope ${scope} --word ${wordBytes} --endian ${endian}${at}, of ${of} parts`;
}

/** Whether two are parts of the same bytes. */
export function isSameCore(a: CoreIdentity, b: Omit<CoreIdentity, "path" | "compression">): boolean {
  return a.bytes === b.bytes && a.digest === b.digest;
}

/** The options that make another part of the same core, with a space before. */
export function partOptions({ scope, wordBytes, endian, base }: PartInfo): string {
  const options: string[] = [];
  if (scope !== "all") options.push(`--scope ${scope}`);
  if (wordBytes !== 8) options.push(`--word ${wordBytes}`);
  if (endian !== "little") options.push(`--endian ${endian}`);
  if (base !== null) options.push(`--base ${base}`);
  return options.map((option) => ` ${option}`).join("");
}

/** Reads what a file says of itself. Null where that is not what a part says. */
export function readPartInfo(text: string): PartInfo | null {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return null;
  }
  const { core, scope, wordBytes, endian, base, ...numbers } = fieldsOf(said);
  const { part, of, from, to, bytes, words, distinct } = numbers;
  const { path, bytes: size, compression, digest } = fieldsOf(core);
  if (![part, of, from, to, bytes, words, distinct, size].every(isCount)) return null;
  if (Number(part) < 1 || Number(part) > Number(of) || Number(of) > MOST_PARTS) return null;
  if (scope !== "all" && scope !== "memory" && scope !== "writable") return null;
  if (wordBytes !== 4 && wordBytes !== 8) return null;
  if (endian !== "little" && endian !== "big") return null;
  if (base !== null && (typeof base !== "string" || parseAddress(base) === null)) return null;
  if (typeof path !== "string" || path.includes("\0") || typeof digest !== "string") return null;
  if (compression !== null && typeof compression !== "string") return null;
  return said as PartInfo;
}

function fieldsOf(said: unknown): { readonly [key: string]: unknown } {
  return typeof said === "object" && said !== null ? (said as { readonly [key: string]: unknown }) : {};
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
