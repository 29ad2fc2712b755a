import { FLAG, type Layout } from "../layout/layout.ts";
import type { PythonMemory } from "../python-memory.ts";
import { hasFlag } from "../types/type-objects.ts";

/** Bytes of a variable: the kernel gives a program no longer ones (MAX_ARG_STRLEN). */
const MOST_BYTES = 2 ** 17;

/** The text of bytes, as far as it is UTF-8; null for all else. */
export function bytesText(memory: PythonMemory, { structs }: Layout, at: number): string | null {
  const type = memory.typeOf(at);
  if (type === null || !hasFlag(type, FLAG.bytes)) return null;
  const length = memory.reader.u64(at + structs.PyVarObject.ob_size);
  const bytes = memory.reader.bytes(at + structs.PyBytesObject.ob_sval, Math.min(length, MOST_BYTES));
  return length >= 0 ? Buffer.from(bytes).toString("utf8") : null;
}
