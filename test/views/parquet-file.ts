import * as zlib from "node:zlib";
import { type FileMetaData, parquetMetadata, parquetReadObjects } from "hyparquet";
import type { Columns, JsonObject, JsonValue, Value } from "../../src/answers/results/index.ts";

/** All chunks as one; copied, as each is valid until the next alone. */
export async function bytesOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<string | Uint8Array>,
): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const chunk of chunks) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}

const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array };

/** The rows of a Parquet file as hyparquet reads them, and what is said of them. */
export async function readParquet(
  bytes: Uint8Array,
): Promise<{ rows: Record<string, unknown>[]; metadata: FileMetaData }> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(file);
  const compressors = zstdDecompressSync === undefined ? {} : { ZSTD: zstdDecompressSync };
  const rows = metadata.num_rows === 0n ? [] : await parquetReadObjects({ file, metadata, compressors });
  return { rows, metadata };
}

/** The key-value metadata, by key. */
export function metadataOf({ key_value_metadata = [] }: FileMetaData): Record<string, string | undefined> {
  return Object.fromEntries(key_value_metadata.map(({ key, value }) => [key, value]));
}

/**
 * What docs/tables.md says that a value of JSON is in a Parquet file: integers, addresses and words are whole numbers, a lone
 * surrogate is its escape, an end of 2^64 is null.
 */
function mapped(value: JsonValue, of: Value): unknown {
  if (value === null) return null;
  switch (of.kind) {
    case "object":
      return mappedObject(value as JsonObject, of.columns);
    case "list":
      return (value as readonly JsonValue[]).map((item) => mapped(item, of.of));
    case "flag":
    case "real":
      return value;
    case "address":
    case "word":
    case "end": {
      const word = BigInt(`0x${String(value).replace(/^0x/, "")}`);
      return word === 2n ** 64n ? null : word;
    }
    default:
      if (typeof value === "number") return BigInt(value);
      return [...String(value)]
        .map((each) => (/^\p{Surrogate}$/u.test(each) ? JSON.stringify(each).slice(1, -1) : each))
        .join("");
  }
}

export function mappedObject(row: JsonObject, columns: Columns): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).map(([key, column]) => [key, mapped(row[key] ?? null, column)]),
  );
}

/** With null for what a reader leaves out. */
export function withNulls(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(withNulls);
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withNulls(member)]));
}
