import { type Core, type Module, writableExtents } from "../image/index.ts";
import { CoregramError, printable } from "../terms/index.ts";
import { lookOf } from "./looks.ts";

/** Why there are no objects to tell of, what the process looks like, and what to try instead, in one line. */
export function noRuntime(
  name: string,
  reason: string,
  core: Core,
  modules: readonly Module[],
): CoregramError {
  const file = printable(name);
  if (!hasWritableMemory(core))
    return new CoregramError(
      "format",
      `${file}: no writable memory was saved in it, and so no heap: echo 0x3f > /proc/PID/coredump_filter, before the next dump, saves it, of gcore's too`,
    );
  const words = `coregram ${core.header.class === 32 ? `${file} --word 4` : file} counts its words`;
  const look = lookOf(modules);
  if (look === null && lostItsNotes(core))
    return new CoregramError(
      "format",
      `${file}: ${reason}: it was cut short, and what says which threads and files it had is lost; ${words}`,
    );
  const command = core.notes.process?.name ?? "";
  const who = command === "" ? "the process" : `the process (${printable(command)})`;
  const kind = look?.what ?? "a program without shared libraries, or its notes do not name them";
  const instead = look?.instead ? `${look.instead}; ` : "";
  return new CoregramError("format", `${file}: ${reason}; ${who} looks like ${kind}: ${instead}${words}`);
}

/** gcore writes them behind all memory. */
function lostItsNotes({ missingBytes, notes }: Core): boolean {
  return missingBytes > 0n && notes.mappings === null && notes.threads.length === 0;
}

function hasWritableMemory(core: Core): boolean {
  return writableExtents(core.image).extents.length > 0;
}
