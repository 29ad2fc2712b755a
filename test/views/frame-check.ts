/**
 * The contract of src/views/schema.ts once more, as data that is checked at run time: what the types promise,
 * the tests hold against real output. A schema is an entry in SHAPES.
 */
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isWord: Check = (value) => typeof value === "string" && /^([0-9a-f]{8}|[0-9a-f]{16})$/.test(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);

type Shape = Readonly<Record<string, Check>>;

const SHAPES: Readonly<Record<string, { input: Shape; totals: Shape; row: Shape }>> = {
  "coregram/words@1": {
    input: {
      path: isText,
      bytes: isCount,
      compression: orNull(isText),
      wordBytes: oneOf(4, 8),
      endian: oneOf("little", "big"),
    },
    totals: { bytes: isCount, words: isCount, distinct: orNull(isCount), restCount: isCount },
    row: { count: isCount, word: isWord, symbol: orNull(isText), type: orNull(isText) },
  },
};

/** What is wrong with a parsed `--format json` output, a line each; empty where it keeps the contract. */
export function checkFrame(frame: unknown): string[] {
  if (!isObject(frame)) return ["the frame is no object"];
  if (Object.keys(frame).join() !== "schema,input,totals,rows") return [`keys ${Object.keys(frame).join()}`];
  const shape = SHAPES[String(frame.schema)];
  if (!shape) return [`unknown schema ${String(frame.schema)}`];
  const rows = frame.rows;
  if (!Array.isArray(rows)) return ["rows are no list"];
  return [
    ...checkShape("input", frame.input, shape.input),
    ...checkShape("totals", frame.totals, shape.totals),
    ...rows.flatMap((row, index) => checkShape(`row ${index}`, row, shape.row)),
  ];
}

function checkShape(where: string, value: unknown, shape: Shape): string[] {
  if (!isObject(value)) return [`${where} is no object`];
  const keys = Object.keys(value).join();
  if (keys !== Object.keys(shape).join()) return [`${where} has the keys ${keys}`];
  return Object.entries(shape)
    .filter(([key, check]) => !check(value[key]))
    .map(([key]) => `${where}: ${key} is ${String(value[key])}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
