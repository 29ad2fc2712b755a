import { type Span, spanAt, writableSpans } from "../../../blocks/index.ts";
import { SegmentFlag } from "../../../elf/index.ts";
import { findModule, type Image, type Module } from "../../../image/index.ts";
import { USER_SPACE_END } from "../../../terms/index.ts";
import type { Places } from "./hash-table.ts";

/** Tells code and data of a core apart. What the core does not save of a module is code as well: gcore writes no segment for it. */
export function placesOf(image: Image, modules: readonly Module[]): Places {
  const writable: readonly Span[] = writableSpans(image, "saved");
  const known = new Map<number, boolean>();
  const isWritable = (at: number) => at > 0 && spanAt(writable, at) !== null;
  return {
    isWritable,
    isCode(at) {
      if (!(at > 0 && at < USER_SPACE_END)) return false;
      let isCode = known.get(at);
      if (isCode === undefined) {
        const flags = image.table.flags[image.table.indexOf(BigInt(at))] ?? 0;
        isCode =
          ((flags & SegmentFlag.WRITE) === 0 || (flags & SegmentFlag.EXECUTE) !== 0) &&
          findModule(modules, BigInt(at)) !== null;
        known.set(at, isCode);
      }
      return isCode;
    },
  };
}
