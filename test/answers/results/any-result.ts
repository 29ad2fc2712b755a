import fc from "fast-check";
import type {
  Columns,
  JsonObject,
  JsonValue,
  ResultColumns,
  Value,
} from "../../../src/answers/results/index.ts";

const hex = (digits: number) => fc.bigInt({ min: 0n, max: 16n ** BigInt(digits) - 1n });
const anyAddress = fc.oneof(hex(2), hex(12), hex(16)).map((at) => `0x${at.toString(16)}`);
const safe = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constant(2 ** 32 + 1));

/** Any value of the kind, as a program might have it. */
function anyValue(value: Value): fc.Arbitrary<JsonValue> {
  switch (value.kind) {
    case "object":
      return anyObject(value.columns);
    case "list":
      return fc.array(anyValue(value.of), { maxLength: 3 });
    case "choice":
      return fc.constantFrom(...value.values);
    case "flag":
      return fc.boolean();
    case "real":
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case "number":
      return fc.maxSafeInteger();
    case "count":
    case "bytes":
      return value.signed ? fc.maxSafeInteger() : safe;
    case "address":
    case "mask":
      return anyAddress;
    case "end":
      return fc.oneof(anyAddress, fc.constant("0x10000000000000000"));
    case "word":
      return fc
        .constantFrom(8, 16)
        .chain((digits) => hex(digits).map((word) => word.toString(16).padStart(digits, "0")));
    case "hex":
      return fc
        .uint8Array({ minLength: 1, maxLength: 20 })
        .map((bytes) => Buffer.from(bytes).toString("hex"));
    case "permissions":
      return fc.constantFrom("r--", "rw-", "r-x", "rwx", "---");
    case "text":
      return fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constant("evil\x1b[31m\u202e\n\ud800"));
  }
}

export function anyObject(columns: Columns): fc.Arbitrary<JsonObject> {
  return fc.record(
    Object.fromEntries(
      Object.entries(columns).map(([key, column]) => [
        key,
        column.nullable ? fc.option(anyValue(column)) : anyValue(column),
      ]),
    ),
  );
}

/** A frame of the result. */
export function anyFrame(result: ResultColumns) {
  return fc.record({
    schema: fc.constant(result.schema),
    input: anyObject(result.input),
    totals: anyObject(result.totals),
    rows: fc.array(anyObject(result.row), { maxLength: 4 }),
  });
}
