import { formatBytes, formatCount } from "../../terms/index.ts";
import type { Finding } from "../results/index.ts";
import { coreWord } from "../subject.ts";
import { LEAST_WASTE, NOT_TOLD, type PatternInput } from "./pattern.ts";

/** Texts of one content that are there many times, and what one of each would save. */
export function* duplicatesPattern({ heap, parts, core }: PatternInput): Generator<Finding> {
  const equal = heap.references.traits?.equalTexts();
  if (equal === undefined || equal.most === null || equal.bytes < LEAST_WASTE * parts.memory) return;
  const { copies, bytes, isEstimate, most, notComparedBytes } = equal;
  const about = isEstimate ? "about " : "";
  const more =
    notComparedBytes > 0
      ? `, and up to ${formatBytes(Math.round(notComparedBytes))} that were not compared`
      : "";
  yield {
    ...NOT_TOLD,
    kind: "duplicates",
    verdict: "not a leak",
    type: most.typeName,
    length: copies,
    bytes,
    why: `in ${about}${formatCount(copies)} str or bytes that are equal to another${more}: ${most.text ?? "one"} is there ${about}${formatCount(most.count)} times (${formatBytes(most.bytes)}), where one would do`,
    next: `coregram types ${coreWord(core)} --strings`,
  };
}
