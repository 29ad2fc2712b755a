import type { MemoryReader } from "../../blocks/index.ts";
import { USER_SPACE_END } from "../../terms/index.ts";
import type { NotDetected } from "../runtime.ts";
import { type DebugOffsets, readDebugOffsets } from "./layout/debug-offsets.ts";
import { LAYOUTS } from "./layout/layout.ts";
import type { StaticSpans } from "./objects/statics.ts";
import type { TypeObjects } from "./types/type-objects.ts";

/** Bytes of PyHeapTypeObject in 2.7, on 64-bit machines (Include/object.h there); no later version has as many. */
const TYPE_BYTES_27 = 872;

/** No type is where types are: a free-threaded build has them elsewhere in its objects, and says so itself. */
export function withoutTypes(reader: MemoryReader, { all }: StaticSpans): NotDetected {
  const debug = readDebugOffsets(reader, { all, own: { start: 0, end: USER_SPACE_END } });
  return debug?.isFreeThreaded
    ? freeThreaded(debug)
    : { reason: "no CPython type objects in its writable memory" };
}

/** The build without the GIL (PEP 703), whose objects have another header, and another allocator. */
export function freeThreaded({ version, minor }: DebugOffsets): NotDetected {
  return {
    reason: `CPython ${version}, free-threaded: its objects are not laid out as this reads them, those of the default build (python3.${minor} for python3.${minor}t) are`,
  };
}

/** Types of a size that is in no layout. */
export function unknownVersion({ root, all }: TypeObjects, debug: DebugOffsets | null): NotDetected {
  if (all.get(root)?.basicSize === TYPE_BYTES_27)
    return { reason: "CPython 2.7, whose objects are not read; those of 3.6 and later are" };
  const newest = LAYOUTS.at(-1);
  if (debug !== null && newest !== undefined && debug.minor > newest.minor)
    return {
      reason: `CPython ${debug.version}, newer than ${newest.version}, the newest whose objects are read`,
    };
  const said = debug === null ? "" : `, CPython ${debug.version} by what it says of itself`;
  return { reason: `CPython type objects (${all.size}) of a version or build that is not known${said}` };
}
