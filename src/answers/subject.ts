import { subjectOf } from "../bytes/index.ts";
import {
  type Core,
  describeNoCore,
  describeNotSaved,
  type Image,
  type Target,
  type TargetContents,
} from "../image/index.ts";
import { CoregramError, shellWord } from "../terms/index.ts";
import type { MemoryTotals, SubjectInput } from "./results/index.ts";

/** What an answer says of the target it is about. */
export function inputOf({
  name,
  bytes,
  compression,
}: Pick<Target, "name" | "bytes" | "compression">): SubjectInput {
  return { path: name, bytes, compression };
}

/** What a command to go on with takes for CORE. What came from a pipe is gone. */
export function coreWord(name: string): string {
  return name === "-" ? "CORE" : shellWord(name);
}

/**
 * The core, for questions about nothing else.
 * @throws CoregramError `format` where the target is none
 */
export function requireElfCore({ core, broken, source }: TargetContents): Core {
  if (core) return core;
  const subject = subjectOf(source.name);
  const words = `coregram ${coreWord(source.name)} counts its words`;
  if (broken !== null)
    throw new CoregramError("format", `${subject} cannot be read as an ELF core: ${broken}; ${words}`);
  throw new CoregramError("format", `${subject} ${describeNoCore(source) ?? `is no ELF core: ${words}`}`);
}

/** Saved bytes, and those that are mapped and not saved. */
export function memoryTotals(image: Image | null): MemoryTotals {
  if (!image) return { savedBytes: 0, notSavedBytes: 0 };
  let savedBytes = 0;
  for (let index = 0; index < image.segmentCount; ++index) savedBytes += image.table.saved[index] ?? 0;
  return { savedBytes, notSavedBytes: safeInteger(describeNotSaved(image).bytes) };
}

/** As a number; null where that would not be exact. */
export function safeInteger(bytes: bigint): number | null {
  return bytes <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bytes) : null;
}
