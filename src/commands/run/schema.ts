import {
  FILES,
  findResult,
  findTable,
  frameSchema,
  RESULTS,
  rowSchema,
  schemaText,
  TABLES,
} from "../../answers/results/index.ts";
import { CoregramError, didYouMean, printable, similarNames } from "../../terms/index.ts";
import { answer } from "../shell/answer.ts";

export interface SchemaArgs {
  readonly name: string | undefined;
  readonly row: boolean | undefined;
  readonly output: string | undefined;
}

const MOST_OFFERED = 3;

/** `coregram schema NAME`: the JSON Schema of what a command prints as JSON. */
export async function runSchema({ name, row, output }: SchemaArgs): Promise<undefined> {
  const schemas = [...RESULTS, ...Object.values(TABLES), ...FILES].map(({ schema }) => schema);
  const ofSchemas = schemas.map((schema) => schema.replace(/^coregram\/|@\d+$/g, ""));
  const names = [...new Set([...ofSchemas, ...Object.keys(TABLES)])];
  const known = names.join(", ");
  if (name === undefined || name === "")
    throw new CoregramError("usage", `no NAME given: coregram schema takes one of ${known}`);
  const result = findResult(name);
  const table = result ?? findTable(name);
  if (!table)
    throw new CoregramError(
      "usage",
      `${printable(name)} is no schema${didYouMean(similarNames(name, names, MOST_OFFERED))}: coregram schema takes one of ${known}`,
    );
  // What is only a table has no frame.
  const schema = result === null || row ? rowSchema(table) : frameSchema(result);
  return answer({ output, quiet: true }, async () => [schemaText(schema)]);
}
