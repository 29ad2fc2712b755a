import type { TargetContents } from "../image/index.ts";
import { openObjects } from "../runtimes/index.ts";
import { type ModuleOptions, rootOf } from "./options.ts";
import type { Heap } from "./read-heap.ts";
import { requireElfCore } from "./subject.ts";

/** The str and bytes objects of a heap. The caller closes it. */
export interface Texts {
  /** What is in an object, as `repr` has it, cut short; null where it is no text, or is not saved. */
  of(node: number): Text | null;
  close(): void;
}

export interface Text {
  readonly text: string;
  /** Characters, or bytes. */
  readonly length: number | null;
}

/** What these are is told by their values: `repr` begins so. */
const TEXT = /^b?['"]/;

export async function openTexts(
  { graph, addressOf }: Heap,
  contents: TargetContents,
  options: ModuleOptions,
): Promise<Texts> {
  const reader = await openObjects(requireElfCore(contents), rootOf(options));
  // Of a type that is no text, the first object tells.
  const others = new Set<number>();
  return {
    of(node) {
      const type = graph.types[node] ?? 0;
      if (node >= graph.objects || others.has(type)) return null;
      const address = addressOf(node);
      const object = reader.objectAt(address);
      if (object === null || object.text === null) return null;
      if (!TEXT.test(object.text)) {
        others.add(type);
        return null;
      }
      return object.address === address ? { text: object.text, length: object.length } : null;
    },
    close: () => reader.close(),
  };
}
