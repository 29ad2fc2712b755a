import * as zlib from "node:zlib";
import type { CompressionCodec, Encoding } from "hyparquet";
import { Encodings, PageTypes } from "hyparquet/src/constants.js";
import { snappyUncompress } from "hyparquet/src/snappy.js";
import { type Chunk, count, type Leaf, MOST_CHUNK_BYTES, named } from "./footer.ts";
import { type Struct, ThriftReader } from "./thrift.ts";

/** Node 22.15 and later have it, and no declaration of Node 20. */
const { zstdDecompressSync } = zlib as Partial<Record<"zstdDecompressSync", typeof zlib.gunzipSync>>;

/** Decompresses to so many bytes at most. */
type Decompress = (bytes: Uint8Array, most: number) => Uint8Array;

const DECOMPRESS: Readonly<Partial<Record<CompressionCodec, Decompress>>> = {
  UNCOMPRESSED: (bytes) => bytes,
  SNAPPY: (bytes, most) => {
    const into = new Uint8Array(most);
    snappyUncompress(bytes, into);
    return into;
  },
  GZIP: (bytes, most) => zlib.gunzipSync(bytes, { maxOutputLength: Math.max(1, most) }),
  ...(zstdDecompressSync !== undefined && {
    ZSTD: (bytes: Uint8Array, most: number) =>
      zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, most) }),
  }),
};

/** How values are stored in what coregram and DuckDB write. */
const ENCODINGS: readonly Encoding[] = ["PLAIN", "PLAIN_DICTIONARY", "RLE_DICTIONARY", "RLE"];

/** Values that the last run may have more than there are. */
const MOST_FILLED = 255;

/** Levels that a value has in the lists and optional groups around it, at most. */
interface Levels {
  readonly repetition: number;
  readonly definition: number;
}

/**
 * Decompresses the pages of a column of a row group, and looks whether anything in them asks for more values than there are:
 * a run of a few bytes may say that it is a billion, and what reads them believes it.
 * @param bytes all pages of the chunk, headers too
 * @returns the pages' values, decompressed, by the position of what they were
 * @throws Error where a page is broken
 */
export function decompressPages(bytes: Uint8Array, chunk: Chunk, { path }: Leaf): Map<number, Uint8Array> {
  const levels = {
    repetition: path.filter(({ element }) => element.repetition_type === "REPEATED").length,
    definition: path.slice(1).filter(({ element }) => element.repetition_type !== "REQUIRED").length,
  };
  const pages = new Map<number, Uint8Array>();
  let values = 0;
  let total = 0;
  let hasDictionary = false;
  for (let at = 0; at < bytes.length; ) {
    const thrift = new ThriftReader(bytes, at);
    const header = thrift.readStruct();
    const start = thrift.position;
    const packed = count(header.get(3), "bytes");
    const size = count(header.get(2), "bytes");
    at = start + packed;
    total += size;
    if (at > bytes.length) throw new Error(`a page ends at ${at} of ${bytes.length}`);
    if (total > MOST_CHUNK_BYTES) throw new Error(`pages of ${total} bytes, more are not read`);
    const page = bytes.subarray(start, at);
    const kind = named(PageTypes, header.get(1), "page");
    if (kind === "DICTIONARY_PAGE") {
      if (count(fieldsOf(header, 7).get(1), "values") > chunk.values)
        throw new Error("a dictionary has more than all values");
      pages.set(start, decompress(chunk.codec, page, size));
      hasDictionary = true;
      continue;
    }
    const isSecond = kind === "DATA_PAGE_V2";
    if (!isSecond && kind !== "DATA_PAGE") throw new Error(`a page of kind ${kind}`);
    const fields = fieldsOf(header, isSecond ? 8 : 5);
    const inPage = count(fields.get(1), "values");
    values += inPage;
    if (values > chunk.values) throw new Error(`more than its ${chunk.values} values`);
    const encoding = named(Encodings, fields.get(isSecond ? 4 : 2), "encoding");
    if (!ENCODINGS.includes(encoding)) throw new Error(`values are stored as ${encoding}, which is not read`);
    if (encoding !== "PLAIN" && (encoding === "RLE") !== (chunk.type === "BOOLEAN"))
      throw new Error(`${chunk.type} stored as ${encoding}`);
    if (encoding.endsWith("_DICTIONARY") && !hasDictionary) throw new Error("a dictionary is missing");
    const first = isSecond ? secondLevels(page, fields, levels, inPage) : 0;
    const isPacked = !isSecond || fields.get(7) !== false;
    const plain = isPacked
      ? decompress(chunk.codec, page.subarray(first), size - first)
      : page.subarray(first);
    const at0 = isSecond ? 0 : firstLevels(plain, levels, inPage);
    if (encoding === "RLE") checkPrefixedRuns(plain, at0, 1, inPage, false);
    else if (encoding !== "PLAIN") checkIndices(plain, at0, inPage);
    pages.set(start + first, plain);
  }
  return pages;
}

function decompress(codec: CompressionCodec, bytes: Uint8Array, size: number): Uint8Array {
  const by = DECOMPRESS[codec];
  if (by === undefined) {
    const hint = codec === "ZSTD" ? " by this Node: 22.15 and later have zstd" : "";
    throw new Error(`${codec} cannot be decompressed${hint}`);
  }
  if (size < 0) throw new Error("a page's levels are longer than it");
  const plain = by(bytes, size);
  if (plain.length !== size) throw new Error(`a page has ${plain.length} bytes of ${size}`);
  return plain;
}

function fieldsOf(header: Struct, id: number): Struct {
  const fields = header.get(id);
  if (!(fields instanceof Map)) throw new Error("a page has no header of its kind");
  return fields;
}

/**
 * Looks at the levels before the values of `DataPageHeaderV2`, which are never compressed.
 * @returns their bytes
 */
function secondLevels(page: Uint8Array, fields: Struct, levels: Levels, values: number): number {
  if (count(fields.get(2), "nulls") > values) throw new Error("more nulls than values");
  const definitions = count(fields.get(5), "levels");
  const repetitions = count(fields.get(6), "levels");
  const end = repetitions + definitions;
  if (end > page.length) throw new Error(`levels end at ${end} of ${page.length}`);
  checkRuns(page, 0, repetitions, widthOf(levels.repetition), values, true);
  checkRuns(page, repetitions, end, widthOf(levels.definition), values, true);
  return end;
}

/**
 * Looks at the levels before the values of `DataPageHeader`; their length stands before each.
 * @returns their bytes
 */
function firstLevels(page: Uint8Array, { repetition, definition }: Levels, values: number): number {
  let at = 0;
  for (const most of [repetition, definition])
    if (most > 0) at = checkPrefixedRuns(page, at, widthOf(most), values, true);
  return at;
}

function widthOf(most: number): number {
  return 32 - Math.clz32(most);
}

function checkPrefixedRuns(
  page: Uint8Array,
  at: number,
  width: number,
  values: number,
  isWhole: boolean,
): number {
  if (at + 4 > page.length) throw new Error("levels are missing");
  const length = new DataView(page.buffer, page.byteOffset + at, 4).getUint32(0, true);
  const end = at + 4 + length;
  if (end > page.length) throw new Error(`levels end at ${end} of ${page.length}`);
  checkRuns(page, at + 4, end, width, values, isWhole);
  return end;
}

/** Which of the dictionary each value is: the width, then runs. */
function checkIndices(page: Uint8Array, at: number, values: number): void {
  const width = page[at] ?? 0;
  if (width > 32) throw new Error(`indices of ${width} bits`);
  checkRuns(page, at + 1, page.length, width, values, false);
}

/**
 * Looks at runs of the hybrid of RLE and bit-packing (Encodings.md): none may be of more than what is left of the values.
 * @param isWhole whether they have to be all values, as levels; of indices there are none for nulls
 */
function checkRuns(
  page: Uint8Array,
  start: number,
  end: number,
  width: number,
  values: number,
  isWhole: boolean,
): void {
  let at = start;
  let seen = 0;
  if (width === 0 && isWhole) return;
  while (seen < values && at < end) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = page[at];
      if (byte === undefined || shift > 28) throw new Error("a run is broken");
      at += 1;
      header += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    const isPacked = header % 2 === 1;
    const run = Math.floor(header / 2) * (isPacked ? 8 : 1);
    // Groups of eight may be filled up, DuckDB's to 256: what is too much of them is left out.
    if (run === 0 || run > values - seen + (isPacked ? MOST_FILLED : 0))
      throw new Error(`a run of ${run} where ${values - seen} values are left`);
    // Of no bits a group has no bytes; its reader steps over one.
    at += isPacked ? (run / 8) * width || 1 : Math.ceil(width / 8);
    if (at > end + Number(width === 0)) throw new Error("a run breaks off");
    seen += run;
  }
  if (isWhole && seen < values) throw new Error(`levels of ${seen} values of ${values}`);
}
