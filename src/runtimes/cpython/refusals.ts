import type { NotDetected } from "../runtime.ts";
import { buildName, type DebugOffsets } from "./layout/debug-offsets.ts";
import type { Layout } from "./layout/layout.ts";
import type { TypeObjects } from "./types/type-objects.ts";
import { newerVersion } from "./types/unseen.ts";

/** Bytes of PyHeapTypeObject in 2.7, on 64-bit machines (Include/object.h there); no later version has as many. */
const TYPE_BYTES_27 = 872;

/** No type is where types are, in a core that may say that it has some. */
export function withoutTypes(debug: DebugOffsets | null): NotDetected {
  const said = debug === null ? "" : `, though it says that it is ${buildName(debug)}`;
  return { reason: `no CPython type objects in its writable memory${said}` };
}

/** Types of a size that is in no layout. */
export function unknownVersion(
  { root, all }: TypeObjects,
  debug: DebugOffsets | null,
  known: readonly Layout[],
): NotDetected {
  if (all.get(root)?.basicSize === TYPE_BYTES_27)
    return { reason: "CPython 2.7, whose objects are not read; those of 3.6 and later are" };
  const newer = debug === null ? null : newerVersion(debug, known);
  if (newer !== null) return newer;
  const said = debug === null ? "" : `, ${buildName(debug)} by what it says of itself`;
  return { reason: `CPython type objects (${all.size}) of a version or build that is not known${said}` };
}
