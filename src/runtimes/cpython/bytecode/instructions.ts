import type { MemoryReader } from "../../../blocks/index.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { opcodesOf } from "../opcodes/opcodes.ts";
import { hasFlag, type TypeObjects } from "../types/type-objects.ts";

/** One instruction of a code object; what the interpreter specialised or watches goes by the name that it had before. */
export interface Instruction {
  readonly name: string;
  readonly arg: number;
  /** Bytes from the code's first instruction to this one, or to what extends its argument. */
  readonly at: number;
  /** The same of the next one, behind its caches. */
  readonly next: number;
}

const MOST_BYTES = 2 ** 18;
const MOST_EXTENSIONS = 3;
/** Stand for other instructions, which are kept elsewhere (Python/instrumentation.c, Python/optimizer.c). */
const STANDS_FOR_OTHERS: ReadonlySet<string> = new Set([
  "INSTRUMENTED_LINE",
  "INSTRUMENTED_INSTRUCTION",
  "ENTER_EXECUTOR",
]);

/**
 * The instructions of the code object at the address: words of a number and a byte of argument (Python/ceval.c). Up
 * to 3.10 they are a bytes object, since then they follow the struct as they run. Null where they are not saved in
 * full, are more than 256 KiB, or make no sense.
 */
export function instructionsOf(
  reader: MemoryReader,
  layout: Layout,
  types: TypeObjects,
  code: number,
): Instruction[] | null {
  const opcodes = opcodesOf(layout.minor);
  const bytes = bytesOf(reader, layout, types, code);
  if (opcodes === null || bytes === null) return null;
  const instructions: Instruction[] = [];
  let at = 0;
  let high = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const name = opcodes.names[bytes[i] ?? 0] ?? "-";
    if (name === "-" || STANDS_FOR_OTHERS.has(name)) return null;
    const arg = high * 256 + (bytes[i + 1] ?? 0);
    if (name === "EXTENDED_ARG") {
      if (i - at >= 2 * MOST_EXTENSIONS) return null;
      high = arg;
      continue;
    }
    const next = i + 2 * (1 + (opcodes.caches.get(name) ?? 0));
    instructions.push({ name, arg, at, next });
    high = 0;
    at = next;
    i = next - 2;
  }
  return instructions;
}

function bytesOf(reader: MemoryReader, layout: Layout, types: TypeObjects, code: number): Uint8Array | null {
  const { PyObject, PyVarObject, PyBytesObject, PyCodeObject } = layout.structs;
  let start: number;
  let length: number;
  if ("co_code_adaptive" in PyCodeObject) {
    start = code + PyCodeObject.co_code_adaptive;
    length = 2 * reader.u64(code + PyVarObject.ob_size);
  } else {
    const object = reader.u64(code + PyCodeObject.co_code);
    const type = types.all.get(reader.u64(object + PyObject.ob_type));
    if (type === undefined || !hasFlag(type, FLAG.bytes)) return null;
    start = object + PyBytesObject.ob_sval;
    length = reader.u64(object + PyVarObject.ob_size);
  }
  if (!(length > 0 && length <= MOST_BYTES && length % 2 === 0)) return null;
  const bytes = reader.bytes(start, length);
  return bytes.length === length ? bytes : null;
}
