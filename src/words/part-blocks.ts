import type { BlockList, Directory } from "../kernel/index.ts";

/** The blocks of each part together, parts in order; on shared memory, so that no thread gets a copy. */
export function listBlocks(directories: readonly Directory[], parts: number): BlockList {
  const count = directories.reduce((sum, { part }) => sum + part.length, 0);
  const firsts = new Uint32Array(new SharedArrayBuffer(4 * (parts + 1)));
  for (const { part } of directories) for (const p of part) firsts[p + 1] = (firsts[p + 1] ?? 0) + 1;
  for (let p = 1; p <= parts; ++p) firsts[p] = (firsts[p] ?? 0) + (firsts[p - 1] ?? 0);
  const words = new Uint32Array(new SharedArrayBuffer(4 * count));
  const place = new Float64Array(new SharedArrayBuffer(8 * count));
  const next = firsts.slice(0, parts);
  for (const directory of directories)
    directory.part.forEach((p, i) => {
      const block = next[p] ?? 0;
      next[p] = block + 1;
      words[block] = directory.words[i] ?? 0;
      place[block] = directory.place[i] ?? 0;
    });
  return { firsts, words, place };
}

/** Words of the largest part. */
export function largestPart({ firsts, words }: BlockList): number {
  let largest = 0;
  for (let part = 0; part + 1 < firsts.length; ++part) {
    let here = 0;
    const end = firsts[part + 1] ?? 0;
    for (let block = firsts[part] ?? 0; block < end; ++block) here += words[block] ?? 0;
    largest = Math.max(largest, here);
  }
  return largest;
}
