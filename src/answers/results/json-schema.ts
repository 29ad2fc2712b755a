import type { Column, Columns, ResultColumns, TextKind, Value } from "./columns.ts";
import type { JsonObject } from "./result.ts";

/** https://json-schema.org/draft/2020-12 */
const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/** What each kind of text looks like; text itself is anything. */
const PATTERNS: { readonly [Kind in TextKind]: string | null } = {
  address: "^0x(0|[1-9a-f][0-9a-f]{0,15})$",
  end: "^0x(0|[1-9a-f][0-9a-f]{0,15}|10000000000000000)$",
  word: "^([0-9a-f]{8}|[0-9a-f]{16})$",
  hex: "^([0-9a-f]{2})+$",
  mask: "^0x(0|[1-9a-f][0-9a-f]{0,15})$",
  permissions: "^[r-][w-][x-]$",
  text: null,
};

/**
 * The JSON Schema (draft 2020-12) of what `--format json` prints, of this version exactly: it takes no key that the
 * descriptor has not, though a later version may print more. Each value says its kind in `x-kind`, which tells bytes
 * from counts and an address from a text.
 */
export function frameSchema(result: ResultColumns): JsonObject {
  const parts = {
    input: objectSchema(result.input),
    totals: objectSchema(result.totals),
    rows: { type: "array", items: objectSchema(result.row) },
  };
  return {
    $schema: DRAFT,
    $id: urnOf(result),
    title: result.schema,
    description: result.doc,
    type: "object",
    properties: { schema: { const: result.schema }, redacted: REDACTED, ...parts },
    // Only where it was asked for.
    required: ["schema", ...Object.keys(parts)],
    additionalProperties: false,
  };
}

const REDACTED: JsonObject = {
  description: "With --redact: that names of the user's own code are stand-ins, and values are left out.",
  ...closedObject({
    key: { description: "The same in results whose names were made with the same key.", type: "string" },
    leftOut: { description: "What was left out, a clause each.", type: "array", items: { type: "string" } },
  }),
};

/** The JSON Schema of a row, a line of `--format ndjson`. */
export function rowSchema(result: Pick<ResultColumns, "schema" | "doc" | "row">): JsonObject {
  return {
    $schema: DRAFT,
    $id: `${urnOf(result)}:row`,
    title: `a row of ${result.schema}`,
    description: result.doc,
    ...objectSchema(result.row),
  };
}

/** A schema as it is printed and published. */
export function schemaText(schema: JsonObject): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** `urn:coregram:types@1` of `coregram/types@1`. */
function urnOf({ schema }: Pick<ResultColumns, "schema">): string {
  return `urn:${schema.replace("/", ":")}`;
}

function objectSchema(columns: Columns): JsonObject {
  return closedObject(
    Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, columnSchema(column)])),
  );
}

/** No key may be missing, and no other may be there. */
function closedObject(properties: { readonly [key: string]: JsonObject }): JsonObject {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

function columnSchema(column: Column): JsonObject {
  return { description: column.doc, ...valueSchema(column, column.nullable === true) };
}

function valueSchema(value: Value, nullable: boolean): JsonObject {
  const typed = (type: string) => ({ type: nullable ? [type, "null"] : type });
  switch (value.kind) {
    case "object":
      return { ...objectSchema(value.columns), ...typed("object") };
    case "list":
      return { ...typed("array"), items: valueSchema(value.of, false) };
    case "choice":
      return { enum: nullable ? [...value.values, null] : value.values, "x-kind": value.kind };
    case "flag":
      return { ...typed("boolean"), "x-kind": value.kind };
    case "real":
      return { ...typed("number"), "x-kind": value.kind };
    case "count":
    case "bytes":
    case "number":
      return {
        ...typed("integer"),
        ...limits(value.kind === "number" || value.signed),
        "x-kind": value.kind,
      };
    default: {
      const pattern = PATTERNS[value.kind];
      return { ...typed("string"), ...(pattern !== null && { pattern }), "x-kind": value.kind };
    }
  }
}

/** Of safe integers. */
function limits(signed = false): JsonObject {
  const most = Number.MAX_SAFE_INTEGER;
  return { minimum: signed ? -most : 0, maximum: most };
}
