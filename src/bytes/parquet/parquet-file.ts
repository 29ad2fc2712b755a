/** A Parquet file that is open. What its footer says is known; of its rows, what is asked for is read. */
export interface ParquetFile {
  readonly name: string;
  /** The key-value metadata. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Its columns, those of groups by the group's own name. */
  readonly columnNames: readonly string[];
  readonly rows: number;
  /** Rows of each row group. */
  readonly groups: readonly number[];
  /**
   * Columns of a row group. Integers of 64 bits that are never null come as `BigInt64Array` or `BigUint64Array`, all else as
   * `objects` has it.
   * @param group index in `groups`
   * @throws CoregramError `format` where there is no such column, or the group is broken
   */
  columns<Name extends string>(
    group: number,
    names: readonly Name[],
  ): Promise<Record<Name, ArrayLike<unknown>>>;
  /**
   * Rows in their order; one row group is in memory at a time. Groups are objects, lists arrays, INT64 a bigint, absent null.
   * @param names of columns, else all
   * @throws CoregramError `format`
   */
  objects(names?: readonly string[]): AsyncGenerator<Record<string, unknown>, void, undefined>;
  close(): void;
}
