import { type MemoryReader, type Span, spansWithin, writableData } from "../../../blocks/index.ts";
import { findModule, type Image, type Module } from "../../../image/index.ts";
import type { KernelMemory } from "../../../kernel/index.ts";
import { FLAG } from "../layout/layout.ts";
import type { TypePlan } from "../types/kinds.ts";
import { hasFlag } from "../types/type-objects.ts";
import type { StaticData } from "./plan.ts";

/** Writable memory of modules: .data and .bss, where static objects live. */
export interface StaticSpans {
  /** By address, disjoint. */
  readonly all: readonly Span[];
  /** That of the interpreter's own module. */
  readonly own: Span;
}

/** A byte is kept for each word of the interpreter's static data; it has a megabyte or two. */
const MOST_OWN_BYTES = 2 ** 30;

/** Finds the modules' writable memory; `root` is the address of `type`, which lies in the interpreter's. */
export function findStaticSpans(image: Image, modules: readonly Module[], root: number): StaticSpans {
  const all: Span[] = [];
  let own: Span = { start: 0, end: 0 };
  const owner = findModule(modules, BigInt(root));
  for (const { module, span } of writableData(image, modules)) {
    all.push(span);
    if (module !== owner) continue;
    own = own.end === 0 ? span : { start: own.start, end: span.end };
  }
  return { all, own: own.end - own.start <= MOST_OWN_BYTES ? own : { start: 0, end: 0 } };
}

/** The same without what an allocator has there: musl's donates what modules' pages have left over to its malloc. */
export function withoutBlocks({ all, own }: StaticSpans, blocks: readonly Span[]): StaticSpans {
  const left = all.flatMap((span) => {
    const parts: Span[] = [];
    let at = span.start;
    for (const { start, end } of spansWithin(blocks, span)) {
      if (start > at) parts.push({ start: at, end: start });
      at = end;
    }
    if (at < span.end) parts.push({ start: at, end: span.end });
    return parts;
  });
  return { all: left, own };
}

/** Makes room to mark the interpreter's static data in. */
export function placeMarks(memory: KernelMemory, { own }: StaticSpans): StaticData {
  const bytes = own.end - own.start;
  return { start: own.start, bytes, marks: memory.place(Math.max(1, bytes / 8)) };
}

/** A static object as its record has it. */
export interface StaticObject {
  readonly address: number;
  readonly index: number;
  readonly bytes: number;
  /** The record that the kernel wrote. */
  readonly record: Uint32Array;
}

/**
 * Which of the interpreter's static objects, in the order of their addresses, count: types, what something outside points to, and what that leads to.
 * The others are names of arguments of C functions and code that never ran: static data that no program sees.
 * Objects outside the interpreter's module all count. `header` is how many bytes each begins with that lead nowhere.
 */
export function liveStatics(
  memory: KernelMemory,
  reader: MemoryReader,
  plans: readonly TypePlan[],
  header: number,
  data: StaticData,
  objects: readonly StaticObject[],
): Set<StaticObject> {
  const marks = new Uint8Array(memory.buffer, data.marks, data.bytes / 8);
  const waiting = new Map<number, StaticObject>();
  const live = new Set<StaticObject>();
  const open: StaticObject[] = [];
  const ends = new Map<StaticObject, number>();
  objects.forEach((object, place) => {
    // Its bytes may lie elsewhere, or be a lie: it ends where the next one begins.
    ends.set(
      object,
      Math.min(object.address + object.bytes, objects[place + 1]?.address ?? Number.POSITIVE_INFINITY),
    );
    const offset = object.address - data.start;
    const isOwn = offset >= 0 && offset < data.bytes;
    const plan = plans[object.index];
    if (!isOwn || marks[offset / 8] === 1 || (plan !== undefined && hasFlag(plan.type, FLAG.type))) {
      live.add(object);
      open.push(object);
    } else waiting.set(object.address, object);
  });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    // Text and numbers lead nowhere; their bytes could only look as if they did.
    const plan = plans[next.index];
    if (plan === undefined || hasFlag(plan.type, FLAG.str | FLAG.bytes | FLAG.int)) continue;
    const end = ends.get(next) ?? 0;
    for (let at = next.address + header; at < end; at += 8) {
      const object = waiting.get(reader.u64(at));
      if (object === undefined) continue;
      waiting.delete(object.address);
      live.add(object);
      open.push(object);
    }
  }
  return live;
}
