import { readFileSync } from "node:fs";

// The build writes down the words of the sources' own sentences, as `runsOf` cuts them. From the sources, as the tests
// run, dist/ is three folders up.
const built = import.meta.url.endsWith(".ts") ? "../../../dist/" : "./";

/** Words of this program's own sentences: what else stands in one may be a name. */
export function readOwnWords(): ReadonlySet<string> {
  return new Set(readFileSync(new URL(`${built}own-words.txt`, import.meta.url), "utf8").split("\n"));
}
