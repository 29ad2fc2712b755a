import type { Target } from "../image/index.ts";
import { Chunks } from "../kernel/index.ts";
import {
  type Address,
  CoregramError,
  formatAddress,
  formatCount,
  type Listener,
  printable,
} from "../terms/index.ts";
import { countsByWord, type WordCounts } from "../words/index.ts";
import { checkMemory, closeCounts, count, wantedOf } from "./counting.ts";
import { digestEnds } from "./digest-ends.ts";
import type { ResourceOptions } from "./options.ts";
import { cutExtents, type PartInfo, type PartNumber, partRange } from "./part-info.ts";
import { chunksOf, shapeOf, type WordOptions } from "./scope.ts";

export interface WordsPartOptions extends PartNumber, WordOptions, ResourceOptions {
  /** The address that the target was opened with. */
  readonly base?: Address | undefined;
}

/** Every different word of a part of a target, and how often it occurs there. Close it. */
export interface WordsPart {
  readonly info: PartInfo;
  /** The least word first; made as they are asked for. */
  readonly pieces: AsyncIterable<WordCounts>;
  close(): Promise<void>;
}

/**
 * Counts the words of one part of a target, exactly: no other bytes of it are read, but for its headers and its ends. What
 * all parts have adds up to what `answerWords` has.
 * @throws CoregramError `usage` of what is no file, else as `answerWords` does
 */
export function answerWordsPart(
  target: Target,
  options: WordsPartOptions,
  listener: Listener = () => {},
): Promise<WordsPart> {
  checkMemory(options);
  if (target.kind === "process")
    throw new CoregramError(
      "usage",
      "--part is a part of a file, and a process is none: coregram dump makes one",
    );
  return target.ask(async (contents) => {
    const { part, of, base } = options;
    const { source } = contents;
    const shape = shapeOf(options);
    const whole = chunksOf(contents, options.scope, shape, () => {});
    const range = partRange(source.size, options, shape.bytes);
    const chunks = new Chunks(whole.from, cutExtents(whole.extents, range, shape.bytes), shape);
    if (target.compression !== null)
      listener({
        kind: "note",
        target: target.name,
        text: `${printable(target.name)} was decompressed for this part, ${formatCount(source.size)} bytes: where there are many, decompress it first`,
      });
    const core = {
      path: target.name,
      bytes: source.size,
      compression: target.compression,
      digest: digestEnds(source),
    };
    const counts = await count(chunks, wantedOf({ limit: Number.POSITIVE_INFINITY }), options, listener);
    const info: PartInfo = {
      part,
      of,
      ...range,
      bytes: chunks.bytes,
      words: chunks.words,
      distinct: counts.kind === "all" ? counts.histogram.distinct : counts.rows.length,
      scope: options.scope ?? "all",
      wordBytes: shape.bytes,
      endian: shape.endian,
      base: base === undefined ? null : formatAddress(base),
      core,
    };
    return { info, pieces: countsByWord(counts), close: () => closeCounts(counts) };
  });
}
