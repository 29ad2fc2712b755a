import { formatBytes, formatCount } from "../terms/index.ts";
import type { OwnerGroup } from "./owner-groups.ts";
import type { AllocatedPlace, DiagnosePlace } from "./results/index.ts";
import type { Suspect } from "./suspects.ts";

const UNKNOWN = "?";
const MOST_PLACES = 3;
/** Native memory is told of from this part of all on. */
const LEAST_NATIVE = 0.05;

/** What a suspect holds, and why it is one: a sentence without its subject. Untrusted text. */
export function describeSuspect(suspect: Suspect): string {
  const { bytes, nativeBytes, memoryBytes } = suspect;
  const native =
    nativeBytes >= LEAST_NATIVE * memoryBytes ? `, ${formatBytes(nativeBytes)} of it native` : "";
  const share = ((100 * bytes) / Math.max(1, memoryBytes)).toFixed(1);
  return [`holds ${share} % of memory (${formatBytes(bytes)}${native})`, ...evidenceOf(suspect)].join(", ");
}

/** The same without how much it holds. */
export function describeEvidence(suspect: Suspect): string {
  return [...evidenceOf(suspect)].join(", ");
}

function* evidenceOf(suspect: Suspect) {
  const { items, itemBytes, fanOut, grewBytes, grewItems, standing, places, mostItems } = suspect;
  const { allocatedAt, group } = suspect;
  if (items !== null) yield `${formatCount(items)} items of ${formatBytes(itemBytes ?? 0)} each`;
  if (mostItems !== null) yield `${formatCount(mostItems)} at the most (maxlen)`;
  if (fanOut !== null)
    yield `with ${formatCount(fanOut.items)} items in ${formatCount(fanOut.containers)} containers: ${fanOut.path}`;
  if (grewBytes !== null && grewBytes > 0)
    yield `grew by ${grewItems !== null && grewItems > 0 ? `${formatCount(grewItems)} items, ` : ""}${formatBytes(grewBytes)}`;
  if (allocatedAt !== null && allocatedAt.length > 0)
    yield `allocated at ${allocatedAt.map((place) => allocatedText(place, group)).join(", ")}`;
  if (standing !== null) yield `${standing} stand at one place`;
  yield* describePlaces(places, mostItems !== null);
}

/**
 * `added to in downstream/profiler.py:23 Profiler.end`, whichever of the containers; nothing where no code names one.
 * @param isBound whether they drop an item for each that comes
 */
function* describePlaces(places: readonly DiagnosePlace[], isBound: boolean): Generator<string> {
  const adding = places.filter(({ adds }) => adds);
  const likely = adding.length > 0 ? adding : places.filter(({ mayAdd }) => mayAdd);
  const replacing = places.filter(({ replaces }) => replaces);
  const removing = places.filter(({ removes, replaces }) => removes && !replaces);
  const passing = places.filter(({ mayRemove }) => mayRemove);
  if (likely.length > 0) yield `${adding.length > 0 ? "" : "likely "}added to in ${namesOf(likely)}`;
  else {
    // What makes a container names it as well, and tells nothing.
    const named = places.filter(
      ({ removes, mayRemove, function: user }) => !removes && !mayRemove && !/(^|\.)__init__$/.test(user),
    );
    if (named.length > 0) yield `named in ${namesOf(named)}`;
  }
  if (removing.length > 0) yield `taken from in ${namesOf(removing)}`;
  if (replacing.length > 0) yield `replaced in ${namesOf(replacing)}`;
  if (passing.length > 0) yield `perhaps bounded in ${namesOf(passing)}`;
  else if (removing.length + replacing.length === 0 && likely.length > 0 && !isBound)
    yield "and nothing found in the code takes from it";
}

/** `downstream/profiler.py:8 (59 %)`, of what it keeps for itself. */
function allocatedText({ file, line, bytes }: AllocatedPlace, group: OwnerGroup): string {
  const share = Math.round((100 * bytes) / Math.max(1, bytes, group.bytes + group.blockBytes));
  return `${file?.split("/").slice(-2).join("/") ?? UNKNOWN}:${line ?? UNKNOWN} (${share} %)`;
}

/** Each once, at most three. */
function namesOf(places: readonly DiagnosePlace[]): string {
  return [...new Set(places.map(placeOf))].slice(0, MOST_PLACES).join(", ");
}

/** `downstream/profiler.py:23 Profiler.end` */
function placeOf({ file, line, function: user }: DiagnosePlace): string {
  return `${file}:${line} ${user}`;
}
