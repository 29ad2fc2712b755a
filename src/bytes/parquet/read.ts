import type { DecodedArray, ParquetParsers, SchemaTree } from "hyparquet";
import { assembleNested } from "hyparquet/src/assemble.js";
import { readColumn } from "hyparquet/src/column.js";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { CoregramError, formatBytes, printable } from "../../terms/index.ts";
import { subjectOf } from "../errno.ts";
import { readAt } from "../read-at.ts";
import type { FileSource } from "../source.ts";
import { type Chunk, type Footer, type Leaf, readFooter } from "./footer.ts";
import { hasMagic, LEAST_BYTES, MAGIC } from "./magic.ts";
import { decompressPages } from "./pages.ts";
import type { ParquetFile } from "./parquet-file.ts";

/** Of a schema, the row groups and the metadata; a row group has some 80 bytes for a column. */
const MOST_FOOTER_BYTES = 2 ** 24;

/** @throws CoregramError `format` where the file is no Parquet, or its footer is broken */
export function readParquet(file: FileSource): ParquetFile {
  if (!hasMagic(file)) throw new CoregramError("format", `${subjectOf(file.name)}: is no Parquet file`);
  const tail = new Uint8Array(LEAST_BYTES - MAGIC.length);
  readAt(file, file.size - tail.length, tail);
  const length = new DataView(tail.buffer).getUint32(0, true);
  const end = file.size - tail.length - length;
  return inParquet(file, () => {
    if (end < MAGIC.length) throw new Error(`a footer of ${length} bytes in a file of ${file.size}`);
    if (length > MOST_FOOTER_BYTES)
      throw new Error(
        `a footer of ${length} bytes, more than ${formatBytes(MOST_FOOTER_BYTES)} are not read`,
      );
    const footer = new Uint8Array(length);
    readAt(file, end, footer);
    return new OpenFile(file, readFooter(footer, end));
  });
}

/** @throws CoregramError `format`, with the file's name, of what `work` throws about its bytes */
function inParquet<Made>({ name }: FileSource, work: () => Made): Made {
  try {
    return work();
  } catch (error) {
    if (error instanceof CoregramError) throw error;
    const reason = printable(error instanceof Error ? error.message : String(error));
    throw new CoregramError("format", `${subjectOf(name)}: broken Parquet: ${reason}`, { cause: error });
  }
}

class OpenFile implements ParquetFile {
  readonly name: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly columnNames: readonly string[];
  readonly rows: number;
  readonly groups: readonly number[];
  readonly #file: FileSource;
  readonly #footer: Footer;

  constructor(file: FileSource, footer: Footer) {
    this.name = file.name;
    this.metadata = footer.metadata;
    this.columnNames = footer.tops.map(({ element }) => element.name);
    this.rows = footer.rows;
    this.groups = footer.groups.map(({ rows }) => rows);
    this.#file = file;
    this.#footer = footer;
  }

  async columns<Name extends string>(
    group: number,
    names: readonly Name[],
  ): Promise<Record<Name, ArrayLike<unknown>>> {
    return inParquet(this.#file, () => {
      const columns = names.map((name) => [name, this.#column(group, name)] as const);
      return Object.fromEntries(columns) as Record<Name, ArrayLike<unknown>>;
    });
  }

  async *objects(
    names: readonly string[] = this.columnNames,
  ): AsyncGenerator<Record<string, unknown>, void, undefined> {
    for (const [group, rows] of this.groups.entries()) {
      const columns = Object.entries(await this.columns(group, names));
      for (let row = 0; row < rows; row += 1)
        yield Object.fromEntries(columns.map(([name, values]) => [name, values[row] ?? null]));
    }
  }

  close(): void {
    this.#file.close();
  }

  #column(index: number, name: string): ArrayLike<unknown> {
    const { groups, leaves, tops, root } = this.#footer;
    const group = groups[index];
    const top = tops.find(({ element }) => element.name === name);
    if (group === undefined) throw new Error(`no row group ${index}`);
    if (top === undefined) throw new Error(`no column ${name}`);
    const parts = new Map<string, DecodedArray>();
    for (const [at, leaf] of leaves.entries()) {
      const chunk = group.chunks[at];
      if (leaf.path[1] !== top || chunk === undefined) continue;
      parts.set(leaf.name, this.#leaf(chunk, leaf, root, group.rows));
    }
    if (top.children.length > 0) assembleNested(parts, top, PARSERS);
    const values = parts.get(name);
    if (values?.length !== group.rows)
      throw new Error(`column ${name} has ${values?.length ?? 0} of ${group.rows} rows`);
    return values;
  }

  #leaf(chunk: Chunk, leaf: Leaf, root: SchemaTree, rows: number): DecodedArray {
    const bytes = new Uint8Array(chunk.bytes);
    readAt(this.#file, chunk.start, bytes);
    try {
      return decode(bytes, chunk, leaf, root, rows);
    } catch (error) {
      throw new Error(`column ${leaf.name}: ${(error as Error).message}`);
    }
  }
}

const PARSERS: ParquetParsers = DEFAULT_PARSERS;

/** The values of a column of a row group, in the lists that they are in. */
function decode(bytes: Uint8Array, chunk: Chunk, leaf: Leaf, root: SchemaTree, rows: number): DecodedArray {
  const element = leaf.path.at(-1)?.element ?? root.element;
  const pages = decompressPages(bytes, chunk, leaf);
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
  const select = { groupStart: 0, selectStart: 0, selectEnd: rows, groupRows: rows };
  const { data } = readColumn(reader, select, {
    pathInSchema: leaf.path.slice(1).map((node) => node.element.name),
    type: chunk.type,
    element,
    schemaPath: [...leaf.path],
    // Any that it does not know itself, so that it asks for all.
    codec: "LZO",
    compressors: { LZO: (packed) => pages.get(packed.byteOffset) ?? packed },
    parsers: PARSERS,
  });
  const values = joined(data);
  // What an index beyond the dictionary gives.
  if (Array.isArray(values) && hasGap(values)) throw new Error("an index beyond its dictionary");
  return values;
}

function joined(pages: readonly DecodedArray[]): DecodedArray {
  const [first = []] = pages;
  if (pages.length <= 1) return first;
  const rows = pages.reduce((sum, page) => sum + page.length, 0);
  if (first instanceof BigUint64Array || first instanceof BigInt64Array) {
    const all = first instanceof BigUint64Array ? new BigUint64Array(rows) : new BigInt64Array(rows);
    let at = 0;
    for (const page of pages) {
      all.set(page as BigUint64Array, at);
      at += page.length;
    }
    return all;
  }
  return pages.flatMap((page) => Array.from(page as ArrayLike<unknown>));
}

/** Whether a value is missing, in lists of lists as deep as a schema. */
function hasGap(values: readonly unknown[]): boolean {
  for (const value of values) {
    if (value === undefined) return true;
    if (Array.isArray(value) && hasGap(value)) return true;
  }
  return false;
}
