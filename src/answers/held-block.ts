import { blocksHeldBy, retainedBy } from "../heap/index.ts";
import { type Image, writableExtents } from "../image/index.ts";
import { address as addressAt } from "../terms/index.ts";
import type { Heap } from "./read-heap.ts";
import type { HeapReferrers } from "./referrers.ts";
import type { WhatisBlock } from "./results/index.ts";

/** Looked through at once. */
const WINDOW_BYTES = 1 << 20;
/** An object's own fields are in front: what lies further behind it may be another's, or nobody's. */
const MOST_FIELDS_BYTES = 128;

/** The block with who holds it: as native memory, or as a part of an object. */
export function heldBlock(
  heap: Heap,
  image: Image,
  referrers: HeapReferrers,
  block: WhatisBlock,
): WhatisBlock {
  const { graph, tree, paths, labels, addressOf } = heap;
  const start = Number(block.address);
  for (let node = graph.objects; node < graph.nodes; node += 1)
    if (addressOf(node) === start) {
      const retainedBytes = retainedBy(tree, node).bytes + blocksHeldBy(tree, node).bytes;
      return { ...block, part: false, path: paths.pathOf(node), retainedBytes, ...referrers.of(node) };
    }
  const owner = objectWith(heap, image, start);
  if (owner === null) return { ...block, part: false };
  return { ...block, part: true, path: paths.pathOf(owner), type: labels.typeName(owner) };
}

/** The first object that has the word among its fields. */
function objectWith({ references: { objects } }: Heap, image: Image, word: number): number | null {
  const wanted = BigInt(word);
  const bytes = new Uint8Array(WINDOW_BYTES);
  const words = new BigUint64Array(bytes.buffer);
  for (const { start, bytes: length } of writableExtents(image).extents)
    for (let done = 0; done < length; done += WINDOW_BYTES) {
      const read = image.read(
        addressAt(start + BigInt(done)),
        bytes.subarray(0, Math.min(WINDOW_BYTES, length - done)),
      );
      words.fill(0n, read >> 3);
      for (let at = words.indexOf(wanted); at >= 0; at = words.indexOf(wanted, at + 1)) {
        const place = Number(start) + done + 8 * at;
        const object = objects.lastAtOrBelow(place);
        if (object >= 0 && place - objects.address(object) < MOST_FIELDS_BYTES) return object;
      }
    }
  return null;
}
