import type { Format } from "./format.ts";

/** Apache Parquet: typed columns for DuckDB, pandas, Polars, Spark. What writes it is loaded when it is asked for. */
export const parquet: Format = {
  name: "parquet",
  isBinary: true,
  async *render(view, { cores = [] }) {
    const { parquetChunks } = await import("./parquet/result.ts");
    yield* parquetChunks(view, cores);
  },
};
