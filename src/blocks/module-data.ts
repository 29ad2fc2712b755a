import { findModule, type Image, type ImageSegment, type Module } from "../image/index.ts";
import { USER_SPACE_END } from "../terms/index.ts";
import type { Span } from "./span.ts";

/** Each segment of modules' writable memory, as far as it is the module's. */
export function* writableData(
  image: Image,
  modules: readonly Module[],
): Generator<{ module: Module; segment: ImageSegment; span: Span }> {
  for (let index = 0; index < image.segmentCount; index += 1) {
    const segment = image.segment(index);
    if (!segment.permissions.includes("w") || segment.end >= USER_SPACE_END) continue;
    const module = findModule(modules, segment.start);
    if (module === null || module.isLoaded === false) continue;
    // The kernel joins mappings that adjoin: an arena may follow .bss in one segment.
    const moduleEnd = Math.ceil(Number(module.end) / 4096) * 4096;
    const span = { start: Number(segment.start), end: Math.min(Number(segment.end), moduleEnd) };
    yield { module, segment, span };
  }
}

/** What is saved of memory that is neither writable nor a module's, by address. */
export function idleSpans(image: Image, modules: readonly Module[]): Span[] {
  const spans: Span[] = [];
  for (let index = 0; index < image.segmentCount; index += 1) {
    const { start, permissions, extent } = image.segment(index);
    if (permissions.includes("w") || extent.bytes === 0 || start >= USER_SPACE_END - extent.bytes) continue;
    if (findModule(modules, start) === null)
      spans.push({ start: Number(start), end: Number(start) + extent.bytes });
  }
  return spans;
}
