import type { MemoryReader } from "../../../blocks/index.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import { hasFlag, type TypeObject } from "../types/type-objects.ts";
import type { Reading } from "./reading.ts";

/** Digits of 30 bits (Include/cpython/longintrepr.h); of longer ints only the size is told. */
const MOST_DIGITS = 400;
const DIGIT_BITS = 30n;

const SINGLETONS: ReadonlyMap<string, string> = new Map([
  ["builtins.NoneType", "None"],
  ["builtins.ellipsis", "Ellipsis"],
  ["builtins.NotImplementedType", "NotImplemented"],
]);

/** The text of int, bool, float, complex and the singletons, as repr has it; null where it is none of them. */
export function numberText(reading: Reading, type: TypeObject, at: number): string | null {
  const { memory } = reading;
  const { PyFloatObject, PyComplexObject } = reading.layout.structs;
  if (hasFlag(type, FLAG.int)) {
    const text = intText(reading, at);
    if (text === null || memory.nameOf(type).name !== "builtins.bool") return text;
    return text === "0" ? "False" : "True";
  }
  const own = SINGLETONS.get(memory.nameOf(type).name);
  if (own !== undefined) return own;
  for (const name of memory.namesOf(type)) {
    if (name === "builtins.float") return readFloat(reading, at + PyFloatObject.ob_fval);
    if (name !== "builtins.complex") continue;
    const [real, imaginary] = [
      readFloat(reading, at + PyComplexObject.real),
      readFloat(reading, at + PyComplexObject.imag),
    ];
    if (real === null || imaginary === null) return null;
    return complexText(real.replace(/\.0$/, ""), imaginary.replace(/\.0$/, ""));
  }
  return null;
}

/** As repr has it (Objects/complexobject.c, complex_repr): without `.0`, and without a real part of 0. */
function complexText(real: string, imaginary: string): string {
  return real === "0" ? `${imaginary}j` : `(${real}${imaginary.startsWith("-") ? "" : "+"}${imaginary}j)`;
}

/** How many digits the int at the address has, and its sign: in the digits' count, or in a tag below it. */
export function readIntSize(
  reader: MemoryReader,
  { intIsTagged, intSize }: Layout,
  at: number,
): { count: number; isNegative: boolean } {
  const size = intIsTagged ? reader.u64(at + intSize) : reader.i64(at + intSize);
  return intIsTagged
    ? { count: Math.floor(size / 8), isNegative: size % 4 === 2 }
    : { count: Math.abs(size), isNegative: size < 0 };
}

function intText({ memory: { reader }, layout, mostText }: Reading, at: number): string | null {
  const { count, isNegative } = readIntSize(reader, layout, at);
  if (!(count < 2 ** 40)) return null;
  if (count > MOST_DIGITS) return `${isNegative ? "-" : ""}(an int of ${count * Number(DIGIT_BITS)} bits)`;
  // From 3.12 on an int of value 0 has a digit all the same, which is 0.
  const bytes = reader.bytes(at + layout.structs.PyLongObject.ob_digit, count * 4);
  if (bytes.length < count * 4) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let value = 0n;
  for (let digit = count - 1; digit >= 0; digit -= 1)
    value = (value << DIGIT_BITS) | BigInt(view.getUint32(digit * 4, true) & 0x3fffffff);
  const text = String(isNegative ? -value : value);
  return text.length <= mostText ? text : `${text.slice(0, mostText)}… (${text.length} digits)`;
}

/** The int at the address where a number holds it, of two digits at the most; null for all else. */
export function readSmallInt(memory: PythonMemory, layout: Layout, at: number): number | null {
  const type = memory.typeOf(at);
  if (type === null || !hasFlag(type, FLAG.int)) return null;
  const { reader } = memory;
  const { count, isNegative } = readIntSize(reader, layout, at);
  if (!(count <= 2)) return null;
  const digit = (index: number) => reader.u32(at + layout.structs.PyLongObject.ob_digit + 4 * index);
  const value = count === 0 ? 0 : digit(0) + (count === 2 ? digit(1) * 2 ** Number(DIGIT_BITS) : 0);
  if (!Number.isSafeInteger(value)) return null;
  return isNegative ? -value : value;
}

function readFloat({ memory: { reader } }: Reading, at: number): string | null {
  const bytes = reader.bytes(at, 8);
  if (bytes.length < 8) return null;
  return formatFloat(new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true));
}

/** As Python's repr writes it: the same digits as JavaScript's, exponents from 1e16 on and below 1e-4. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= 16 || power < -4)
    return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  const digits = mantissa.replace(/[-.]/g, "");
  const sign = value < 0 ? "-" : "";
  if (power < 0) return `${sign}0.${"0".repeat(-power - 1)}${digits}`;
  const whole = digits.slice(0, power + 1).padEnd(power + 1, "0");
  return `${sign}${whole}.${digits.slice(power + 1) || "0"}`;
}
