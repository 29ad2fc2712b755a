import { bytesSource } from "../bytes/index.ts";
import type { Target, TargetContents } from "../image/index.ts";
import type { Listener } from "../terms/index.ts";
import { mergeCounts } from "../words/index.ts";
import { checkMemory, type RowOptions, wantedOf } from "./counting.ts";
import { digestEnds } from "./digest-ends.ts";
import type { NamingOptions } from "./naming.ts";
import { memoryOf, type ResourceOptions, temporaryFolderOf } from "./options.ts";
import type { PartFiles } from "./part-files.ts";
import { type CoreIdentity, isSameCore } from "./part-info.ts";
import { openNaming, type WordsResult, wordsResult } from "./words-result.ts";

export interface MergeAnswerOptions extends RowOptions, NamingOptions, ResourceOptions {
  /** Only words that have a name; what has none is left out before `limit` counts. */
  readonly resolved?: boolean | undefined;
  /** Also tell how many different words there are. */
  readonly distinct?: boolean | undefined;
}

/** Whether a target is what the parts are of, as far as its size and its ends tell. */
export function isCoreOf({ info }: PartFiles, target: Target): Promise<boolean> {
  return target.ask(async ({ source }) =>
    isSameCore(info.core, { bytes: source.size, digest: digestEnds(source) }),
  );
}

/**
 * Adds up parts: what `answerWords` has of all of their core. Close the result, and the parts after it.
 * @param target the core, which names words; null for none
 * @throws CoregramError `format` where a part is broken, `limit` where memory or disk run out, else as `answerWords` does
 */
export function answerMerge(
  parts: PartFiles,
  target: Target | null,
  options: MergeAnswerOptions = {},
  listener: Listener = () => {},
): Promise<WordsResult> {
  checkMemory(options);
  const { core, wordBytes, endian } = parts.info;
  const input = { path: target?.name ?? core.path, bytes: core.bytes, compression: core.compression };
  const wanted = wantedOf(options, {
    resolved: options.resolved === true,
    distinct: options.distinct === true,
  });
  const of = { ...parts.totals, shape: { bytes: wordBytes, endian } };
  const make = async (contents: TargetContents) => {
    const naming = await openNaming(options, contents, listener);
    return wordsResult(contents, input, of, wanted, naming, options, () =>
      mergeCounts(parts.counts, {
        limit: wanted.distinct ? Number.POSITIVE_INFINITY : wanted.limit,
        least: wanted.distinct ? 1 : wanted.least,
        filtered: wanted.resolved,
        memory: memoryOf(options),
        temporaryFolder: temporaryFolderOf(options),
        progress: (done, all) =>
          listener({ kind: "progress", target: core.path, stage: "merging", done, all, bytes: null }),
      }),
    );
  };
  return target === null ? make(withoutCore(core)) : target.ask(make);
}

/** What there is where the core is not: its name. */
function withoutCore({ path }: CoreIdentity): TargetContents {
  const source = bytesSource(path, new Uint8Array());
  return { source, core: null, image: null, broken: null, cut: null };
}
