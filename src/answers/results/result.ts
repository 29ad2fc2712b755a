import type { InputOf, RowOf, TotalsOf } from "./columns.ts";
import type { RESULTS } from "./results.ts";

/** What JSON can say. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** The types of every result, by its schema. */
export type Schemas = {
  readonly [Of in (typeof RESULTS)[number] as Of["schema"]]: {
    readonly input: InputOf<Of>;
    readonly totals: TotalsOf<Of>;
    readonly row: RowOf<Of>;
  };
};

export type SchemaName = keyof Schemas;

/**
 * An answer, as plain data. `totals` are final before the rows are iterated. The rows are iterated once and may be
 * made as they are asked for, millions of them: nothing may keep them.
 */
export interface Result<Name extends SchemaName = SchemaName> {
  readonly schema: Name;
  readonly input: Schemas[Name]["input"];
  readonly totals: Schemas[Name]["totals"];
  readonly rows: Iterable<Schemas[Name]["row"]>;
  /**
   * The rows' `--format plain`, where it can be had much faster than row by row: instead of the rows. A chunk is valid
   * until the next one is asked for.
   */
  readonly plainChunks?: () => Iterable<Uint8Array>;
  /** What was done to it before it was printed; undefined where nothing was. */
  readonly redacted?: Redacted;
}

/** That names and values were taken out of a result: `--format json` has it behind `schema`, where it was done. */
export interface Redacted {
  /** Tells keys apart: what has the same here was made with the same, and names the same by the same. */
  readonly key: string;
  /** What was left out, a clause each. */
  readonly leftOut: readonly string[];
}

/** What `--format json` prints: a result whose rows are all there. */
export type Frame<Name extends SchemaName = SchemaName> = Omit<Result<Name>, "rows" | "plainChunks"> & {
  readonly rows: readonly Schemas[Name]["row"][];
};
