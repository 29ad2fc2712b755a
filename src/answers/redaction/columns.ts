import type { Column, Columns, JsonObject, JsonValue, Tells, Value } from "../results/index.ts";

/** What the record that a text is in says of it. */
export interface Context {
  /** The file of the code that it is about; null where that is not told. */
  readonly file: string | null;
  /** The address that it is about; null as above. */
  readonly at: bigint | null;
  /** What rows are compared by; null as above. */
  readonly by: string | null;
}

const NOWHERE: Context = { file: null, at: null, by: null };

/** Makes of a text what may be told; null for nothing. */
export type Teller = (text: string, tells: Tells, context: Context) => string | null;

/** An object of these columns, each text in it as `tell` has it. What no column describes is left out. */
export function redactObject(
  object: JsonObject,
  columns: Columns,
  tell: Teller,
  around: Context = NOWHERE,
): JsonObject {
  const context = contextOf(object, columns, around);
  const made: Record<string, JsonValue> = {};
  for (const [key, column] of Object.entries(columns))
    made[key] = redactValue(object[key] ?? null, column, tell, context);
  return made;
}

function redactValue(
  value: JsonValue,
  column: Value & Pick<Column, "nullable">,
  tell: Teller,
  context: Context,
): JsonValue {
  if (value === null) return null;
  switch (column.kind) {
    case "object":
      return isObject(value) ? redactObject(value, column.columns, tell, context) : null;
    case "list":
      if ("tells" in column.of && column.of.tells === "value") return noneOf(column, []);
      return Array.isArray(value) ? value.map((item) => redactValue(item, column.of, tell, context)) : null;
    case "number":
      return column.tells === undefined ? value : null;
    case "address":
    case "end":
    case "mask":
    case "permissions":
      return column.tells === undefined
        ? value
        : (tell(String(value), column.tells, context) ?? noneOf(column, "0x0"));
    case "text":
    case "word":
    case "hex":
      return tell(String(value), column.tells, context) ?? noneOf(column, "");
    default:
      return value;
  }
}

function noneOf<None extends JsonValue>({ nullable }: Pick<Column, "nullable">, none: None): None | null {
  return nullable === true ? null : none;
}

/** A record has what is about it beside the texts: a file, an address. */
function contextOf(object: JsonObject, columns: Columns, around: Context): Context {
  const texts = (key: string, kind: Value["kind"]) => {
    const value = object[key];
    return columns[key]?.kind === kind && typeof value === "string" ? value : null;
  };
  const word = texts("word", "word");
  // Of words that are compared, the name is the word.
  const compared = object.by === "word" ? texts("name", "text") : null;
  const digits = word ?? compared;
  const at =
    texts("address", "address") ?? texts("pc", "address") ?? (digits === null ? null : `0x${digits}`);
  return {
    file: texts("file", "text") ?? texts("path", "text") ?? around.file,
    at: at === null ? around.at : BigInt(at),
    by: typeof object.by === "string" ? object.by : around.by,
  };
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
