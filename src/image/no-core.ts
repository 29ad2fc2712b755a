import type { ByteSource } from "../bytes/index.ts";
import { type ElfType, readHeader, Warnings } from "../elf/index.ts";
import { CoregramError } from "../terms/index.ts";

/** ELF files that people take for cores of what runs them. */
const ELF_FILES: Partial<Record<ElfType, string>> = {
  executable: "a program",
  // Position-independent programs are shared objects, too.
  shared: "a program or a library",
  relocatable: "an object file",
};

/** What a file is that is taken for a core and is none, as the predicate of a sentence: `is empty`. Null where it may be anything. */
export function describeNoCore(source: ByteSource): string | null {
  if (source.size === 0) return "is empty";
  const type = elfType(source);
  const what = type === null ? undefined : ELF_FILES[type];
  if (what === undefined) return null;
  return `is ${what}, no core: gcore PID makes a core of a process that runs it, and --pid PID asks it as it is`;
}

function elfType(source: ByteSource): ElfType | null {
  try {
    return readHeader(source, new Warnings())?.type ?? null;
  } catch (error) {
    if (error instanceof CoregramError && error.code === "format") return null;
    throw error;
  }
}
