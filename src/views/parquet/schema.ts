import type { SchemaElement } from "hyparquet-writer";
import type { Column, Columns, Value } from "../../answers/results/index.ts";

/**
 * The columns as Parquet has them (parquet-format, LogicalTypes.md): a group for an object, three levels for a list.
 * Integers are INT64; addresses and words the same without a sign.
 */
export function schemaOf(columns: Columns): SchemaElement[] {
  return [{ name: "schema", num_children: Object.keys(columns).length }, ...elementsOf(columns)];
}

function elementsOf(columns: Columns): SchemaElement[] {
  return Object.entries(columns).flatMap(([key, column]) => elementOf(key, column, isOptional(column)));
}

/** Whether it may be null in a Parquet file: an end may, as the one of all memory is 2^64, which has no 64 bits. */
function isOptional(column: Column): boolean {
  return column.nullable === true || column.kind === "end";
}

function elementOf(name: string, value: Value, optional: boolean): SchemaElement[] {
  const head = { name, repetition_type: optional ? "OPTIONAL" : "REQUIRED" } as const;
  switch (physicalOf(value)) {
    case "group": {
      const columns = value.kind === "object" ? value.columns : {};
      return [{ ...head, num_children: Object.keys(columns).length }, ...elementsOf(columns)];
    }
    case "list": {
      const items = value.kind === "list" ? elementOf("element", value.of, false) : [];
      const list = { name: "list", repetition_type: "REPEATED", num_children: 1 } as const;
      return [{ ...head, converted_type: "LIST", num_children: 1 }, list, ...items];
    }
    case "flag":
      return [{ ...head, type: "BOOLEAN" }];
    case "real":
      return [{ ...head, type: "DOUBLE" }];
    case "signed":
      return [{ ...head, type: "INT64" }];
    case "unsigned":
      return [{ ...head, type: "INT64", converted_type: "UINT_64" }];
    case "text":
      return [{ ...head, type: "BYTE_ARRAY", converted_type: "UTF8" }];
  }
}

/** How a value is stored. */
export type Physical = "signed" | "unsigned" | "real" | "flag" | "text" | "group" | "list";

export function physicalOf(value: Value): Physical {
  switch (value.kind) {
    case "object":
      return "group";
    case "list":
    case "flag":
    case "real":
    case "text":
      return value.kind;
    case "count":
    case "bytes":
    case "number":
      return "signed";
    case "address":
    case "end":
    case "word":
      return "unsigned";
    case "choice":
      return value.values.every((choice) => typeof choice === "number") ? "signed" : "text";
    case "hex":
    case "mask":
    case "permissions":
      return "text";
  }
}
