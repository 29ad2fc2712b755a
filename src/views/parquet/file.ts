import * as zlib from "node:zlib";
import { ByteWriter, type KeyValue, ParquetWriter } from "hyparquet-writer";
import type { Columns } from "../../answers/results/index.ts";
import { VERSION } from "../../terms/index.ts";
import type { ColumnData } from "./column.ts";
import { schemaOf } from "./schema.ts";

/** Node 22.15 and later have it, and no declaration of Node 20. */
const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Uint8Array) => Uint8Array };

/** A Parquet file as it is written: what comes of a row group is handed on, only where each one stands is kept. */
export class ParquetFile {
  readonly #names: readonly string[];
  readonly #bytes = new ByteWriter(FIRST_BYTES);
  readonly #parquet: ParquetWriter;

  constructor(columns: Columns, metadata: readonly KeyValue[]) {
    this.#names = Object.keys(columns);
    this.#parquet = new ParquetWriter({
      writer: this.#bytes,
      schema: schemaOf(columns),
      // Compresses more in less time than what there is of snappy in JavaScript; all readers have both.
      ...(zstdCompressSync
        ? { codec: "ZSTD", compressors: { ZSTD: zstdCompressSync } }
        : { codec: "SNAPPY" }),
      // The least and the most of a row group take as long as to write it, and few columns are in an order of their own.
      statistics: false,
      kvMetadata: [...metadata],
      createdBy: `coregram version ${VERSION}`,
    });
  }

  /** A row group of the columns, in their order: its bytes, valid until more is written. */
  writeGroup(rows: number, columns: readonly ColumnData[]): Uint8Array {
    const columnData = columns.map((column, index) => ({
      ...column,
      name: this.#names[index] ?? "",
    }));
    this.#parquet.write({ columnData: columnData as never, rowGroupSize: rows });
    return this.#take();
  }

  /** What is at the end of the file. */
  finish(): Uint8Array {
    this.#parquet.finish();
    return this.#take();
  }

  #take(): Uint8Array {
    const bytes = this.#bytes.getBytes();
    this.#bytes.index = 0;
    return bytes;
  }
}

const FIRST_BYTES = 65_536;
