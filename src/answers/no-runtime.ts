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
  if (!hasWritableMemory(core))
    return new CoregramError(
      "format",
      `${printable(name)}: no writable memory was saved in it, and so no heap: echo 0x3f > /proc/PID/coredump_filter, before the next dump, saves it, of gcore's too`,
    );
  const look = lookOf(modules);
  const command = core.notes.process?.name ?? "";
  const who = command === "" ? "the process" : `the process (${printable(command)})`;
  const kind = look?.what ?? "a program without shared libraries, or its notes do not name them";
  const file = printable(name);
  const instead = look?.instead ? `${look.instead}; ` : "";
  const words = core.header.class === 32 ? `${file} --word 4` : file;
  return new CoregramError(
    "format",
    `${file}: ${reason}; ${who} looks like ${kind}: ${instead}coregram ${words} counts its words`,
  );
}

function hasWritableMemory(core: Core): boolean {
  return writableExtents(core.image).extents.length > 0;
}
