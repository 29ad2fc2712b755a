import type { NotDetected } from "../runtime.ts";
import type { DebugOffsets } from "./layout/debug-offsets.ts";
import type { Layout } from "./layout/layout.ts";
import type { TypeObjects } from "./types/type-objects.ts";

/** Bytes of PyHeapTypeObject in 2.7, on 64-bit machines (Include/object.h there); no later version has as many. */
const TYPE_BYTES_27 = 872;

/** No type is where types are, in a core that may say that it has some. */
export function withoutTypes(debug: DebugOffsets | null): NotDetected {
  const said = debug === null ? "" : `, though it says that it is ${nameOf(debug)}`;
  return { reason: `no CPython type objects in its writable memory${said}` };
}

/** `CPython 3.13.5, free-threaded`: the build without the GIL (PEP 703). */
function nameOf({ version, isFreeThreaded }: DebugOffsets): string {
  return `CPython ${version}${isFreeThreaded ? ", free-threaded" : ""}`;
}

/** Types of a size that is in no layout. */
export function unknownVersion(
  { root, all }: TypeObjects,
  debug: DebugOffsets | null,
  known: readonly Layout[],
): NotDetected {
  if (all.get(root)?.basicSize === TYPE_BYTES_27)
    return { reason: "CPython 2.7, whose objects are not read; those of 3.6 and later are" };
  const newest = known.at(-1);
  if (debug !== null && newest !== undefined && debug.minor > newest.minor)
    return {
      reason: `${nameOf(debug)}, newer than ${newest.version}, the newest whose objects are read`,
    };
  const said = debug === null ? "" : `, ${nameOf(debug)} by what it says of itself`;
  return { reason: `CPython type objects (${all.size}) of a version or build that is not known${said}` };
}
