import type { CompressionCodec, ConvertedType, ParquetType, SchemaElement, SchemaTree } from "hyparquet";
import {
  CompressionCodecs,
  ConvertedTypes,
  FieldRepetitionTypes,
  ParquetTypes,
} from "hyparquet/src/constants.js";
import { type Struct, type Thrift, ThriftReader } from "./thrift.ts";

/** A column of a row group: where its pages are in the file, and how many values they have. */
export interface Chunk {
  readonly type: ParquetType;
  readonly codec: CompressionCodec;
  readonly start: number;
  /** Bytes of its pages. */
  readonly bytes: number;
  readonly values: number;
}

/** A row group. */
export interface Group {
  readonly rows: number;
  /** In the order of the schema's leaves. */
  readonly chunks: readonly Chunk[];
}

/** A leaf of the schema: what has values. */
export interface Leaf {
  /** From the root on. */
  readonly path: readonly SchemaTree[];
  /** With all that it is in: `python.version`. */
  readonly name: string;
}

export interface Footer {
  readonly rows: number;
  /** What is at the top: each is a column, or has columns in it. */
  readonly tops: readonly SchemaTree[];
  readonly root: SchemaTree;
  readonly leaves: readonly Leaf[];
  readonly groups: readonly Group[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** Of a row group: writers make them of 60,000 to a million. A value is 8 bytes and more in memory. */
const MOST_ROWS = 2 ** 22;
/** Values of a column of a row group: lists have many in a row. */
const MOST_VALUES = 2 ** 23;
/** Bytes of a column of a row group, as they are in the file and as they become. */
export const MOST_CHUNK_BYTES = 2 ** 28;
const MOST_LEAVES = 10_000;
const MOST_DEEP = 32;

/** What of LogicalTypes.md changes a value here; dates, decimals and the like stay the numbers that they are. */
const CONVERTED: readonly (ConvertedType | undefined)[] = ["UTF8", "LIST", "UINT_32", "UINT_64"];

/**
 * Reads a footer, `FileMetaData` of parquet.thrift.
 * @param end of what pages may be in, bytes from the file's start
 * @throws Error where it is broken
 */
export function readFooter(bytes: Uint8Array, end: number): Footer {
  const file = new ThriftReader(bytes, 0).readStruct();
  const { root, leaves } = schemaOf(structs(file.get(2)).map(elementOf));
  const groups = structs(file.get(4)).map((group, index) => {
    try {
      return groupOf(group, leaves, end);
    } catch (error) {
      throw new Error(`row group ${index}: ${(error as Error).message}`);
    }
  });
  const rows = count(file.get(3), "rows");
  const inGroups = groups.reduce((sum, group) => sum + group.rows, 0);
  if (rows !== inGroups) throw new Error(`${rows} rows are said to be there, and ${inGroups} in row groups`);
  const pairs = file.has(5) ? structs(file.get(5)) : [];
  const metadata = new Map(pairs.map((pair) => [text(pair.get(1)), pair.has(2) ? text(pair.get(2)) : ""]));
  return { rows, root, tops: root.children, leaves, groups, metadata };
}

/** `SchemaElement` */
function elementOf(fields: Struct): SchemaElement {
  const type = fields.get(1);
  const converted = ConvertedTypes[optional(fields.get(6)) ?? -1];
  const repetition = FieldRepetitionTypes[optional(fields.get(3)) ?? 0];
  const length = optional(fields.get(2));
  return {
    name: text(fields.get(4)),
    repetition_type: repetition ?? "REQUIRED",
    num_children: optional(fields.get(5)) ?? 0,
    ...(type !== undefined && { type: named(ParquetTypes, type, "type") }),
    ...(length !== undefined && { type_length: length }),
    ...(converted !== undefined && CONVERTED.includes(converted) && { converted_type: converted }),
  };
}

/** The tree that the elements are, depth first. */
function schemaOf(elements: readonly SchemaElement[]): { root: SchemaTree; leaves: Leaf[] } {
  const [first] = elements;
  if (first === undefined || elements.length > MOST_LEAVES)
    throw new Error(`a schema of ${elements.length} elements`);
  const root: SchemaTree = { element: first, children: [], path: [], count: elements.length };
  const leaves: Leaf[] = [];
  const open: SchemaTree[] = [root];
  for (const element of elements.slice(1)) {
    while (open.length > 0 && isFull(open.at(-1))) open.pop();
    const parent = open.at(-1);
    if (parent === undefined || open.length > MOST_DEEP) throw new Error("its schema is no tree");
    if (parent.children.some((other) => other.element.name === element.name))
      throw new Error(`two columns are called ${element.name}`);
    const node = { element, children: [], path: [...parent.path, element.name], count: 1 };
    parent.children.push(node);
    if ((element.num_children ?? 0) > 0) open.push(node);
    else leaves.push({ path: [...open, node], name: node.path.join(".") });
  }
  if (!open.every(isFull)) throw new Error("its schema breaks off");
  return { root, leaves };
}

function isFull(node: SchemaTree | undefined): boolean {
  return node !== undefined && node.children.length >= (node.element.num_children ?? 0);
}

/** `RowGroup` */
function groupOf(fields: Struct, leaves: readonly Leaf[], end: number): Group {
  const rows = count(fields.get(3), "rows");
  if (rows > MOST_ROWS) throw new Error(`${rows} rows, more than ${MOST_ROWS} are not read`);
  const columns = structs(fields.get(1));
  if (columns.length !== leaves.length)
    throw new Error(`${columns.length} columns of ${leaves.length} in the schema`);
  return { rows, chunks: columns.map((column, index) => chunkOf(column, leaves[index], end)) };
}

/** `ColumnChunk`, and `ColumnMetaData` in it. */
function chunkOf(fields: Struct, leaf: Leaf | undefined, end: number): Chunk {
  const meta = fields.get(3);
  if (!(meta instanceof Map) || fields.has(1)) throw new Error("a column is in another file");
  const path = list(meta.get(3)).map(text).join(".");
  if (path !== leaf?.name) throw new Error(`column ${path} stands where ${leaf?.name} is due`);
  const type = named(ParquetTypes, meta.get(1), "type");
  if (type !== leaf.path.at(-1)?.element.type) throw new Error(`column ${path}: ${type} is not its type`);
  const data = count(meta.get(9), "offset");
  const dictionary = optional(meta.get(11)) ?? 0;
  const start = dictionary > 0 ? Math.min(dictionary, data) : data;
  const bytes = count(meta.get(7), "bytes");
  const values = count(meta.get(5), "values");
  if (start + bytes > end)
    throw new Error(`column ${path} ends at ${start + bytes}, its pages may at ${end}`);
  if (bytes > MOST_CHUNK_BYTES) throw new Error(`column ${path}: ${bytes} bytes, more are not read`);
  if (values > MOST_VALUES) throw new Error(`column ${path}: ${values} values, more are not read`);
  return { type, codec: named(CompressionCodecs, meta.get(4), "codec"), start, bytes, values };
}

function structs(value: Thrift | undefined): Struct[] {
  return list(value).map((item) => {
    if (!(item instanceof Map)) throw new Error("a struct is missing");
    return item;
  });
}

function list(value: Thrift | undefined): readonly Thrift[] {
  if (!Array.isArray(value)) throw new Error("a list is missing");
  return value;
}

/** A number that is not negative. */
export function count(value: Thrift | undefined, what: string): number {
  if (typeof value !== "number" || value < 0) throw new Error(`${what} are missing`);
  return value;
}

function optional(value: Thrift | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

export function named<Name extends string>(
  names: readonly (Name | undefined)[],
  value: Thrift | undefined,
  what: string,
): Name {
  const name = typeof value === "number" ? names[value] : undefined;
  if (name === undefined) throw new Error(`unknown ${what}`);
  return name;
}

const decoder = new TextDecoder();

function text(value: Thrift | undefined): string {
  if (!(value instanceof Uint8Array)) throw new Error("a name is missing");
  return decoder.decode(value);
}
