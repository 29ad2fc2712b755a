import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import {
  type Columns,
  findResult,
  frameSchema,
  type ResultColumns,
  rowSchema,
} from "../../src/answers/results/index.ts";

/** A validator that knows nothing of the descriptors but the JSON Schema that is made of them. */
const ajv = new Ajv2020({ allowUnionTypes: true, keywords: ["x-kind"] });
type SchemaOf = typeof frameSchema | typeof rowSchema;
const compiled = new Map<SchemaOf, Map<ResultColumns, ValidateFunction>>([
  [frameSchema, new Map()],
  [rowSchema, new Map()],
]);

function faultsOf(schemaOf: SchemaOf, result: ResultColumns, value: unknown): string[] {
  const known = compiled.get(schemaOf);
  const validate = known?.get(result) ?? ajv.compile(schemaOf(result));
  known?.set(result, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath} ${message}${"additionalProperty" in params ? `: ${params.additionalProperty}` : ""}`,
  );
}

/** What is wrong with a parsed `--format json` output, a line each; empty where it keeps the contract. */
export function checkFrame(frame: unknown): string[] {
  const result = isObject(frame) ? findResult(String(frame.schema)) : null;
  if (!result || !isObject(frame)) return ["the frame has no known schema"];
  const faults = faultsOf(frameSchema, result, frame);
  return faults.length > 0 ? faults : orderFaults(frame, result);
}

/** The same for a row, a line of `--format ndjson`. */
export function checkRow(result: ResultColumns, row: unknown): string[] {
  const faults = faultsOf(rowSchema, result, row);
  return faults.length > 0 ? faults : columnFaults("", row, result.row);
}

/** JSON Schema says nothing of an order. */
function orderFaults(frame: Record<string, unknown>, { input, totals, row }: ResultColumns): string[] {
  const keys = Object.keys(frame).join();
  return [
    ...(/^schema(,redacted)?,input,totals,rows$/.test(keys) ? [] : [`the frame has the keys ${keys}`]),
    ...columnFaults("/input", frame.input, input),
    ...columnFaults("/totals", frame.totals, totals),
    ...[frame.rows].flat().flatMap((value, index) => columnFaults(`/rows/${index}`, value, row)),
  ];
}

function columnFaults(where: string, value: unknown, columns: Columns): string[] {
  if (!isObject(value)) return [];
  const keys = Object.keys(value).join();
  const own = keys === Object.keys(columns).join() ? [] : [`${where} has the keys ${keys}`];
  const inner = Object.entries(columns).flatMap(([key, column]) => {
    const at = `${where}/${key}`;
    if (column.kind === "object") return columnFaults(at, value[key], column.columns);
    if (column.kind !== "list" || column.of.kind !== "object") return [];
    const { columns: nested } = column.of;
    return [value[key]].flat().flatMap((item, index) => columnFaults(`${at}/${index}`, item, nested));
  });
  return [...own, ...inner];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
