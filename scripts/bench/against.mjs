import { existsSync } from "node:fs";
import { join } from "node:path";
import { copyFile } from "./core.mjs";
import { median, time } from "./measure.mjs";

/** @typedef {import("./measure.mjs").Contender} Contender */
/** @typedef {[now: number, before: number]} Pair milliseconds of one turn */

/** Slower than this in the median is a regression, if it is beyond noise. */
const MOST = 1.05;
/** Of the turns, the share in which it has to be slower: half of them are by chance alone. */
const SHARE = 0.75;

/**
 * Runs this build and an earlier one in turns, and prints the ratio of their times, new by old, turn by turn.
 * @param {object} bench
 * @param {string} bench.core
 * @param {string} bench.folder where copies may be made
 * @param {string} bench.ours the package's folder
 * @param {string} bench.theirs the other package's, built
 * @param {number} bench.rounds turns of each; twice as many before a line is called slower
 * @param {(text: string) => void} bench.say
 * @returns {number} lines that are slower by more than 5 %, beyond noise
 */
export function benchAgainst({ core, folder, ours, theirs, rounds, say }) {
  for (const root of [ours, theirs])
    if (!existsSync(join(root, "dist"))) throw new Error(`${root} is not built`);
  console.log(
    "| what | before | now | ratio | of the turns | slower |\n| --- | --- | --- | --- | --- | --- |",
  );
  let slower = 0;
  for (const { what, args } of casesOf(core, folder)) {
    say(what);
    /**
     * @param {string} root
     * @returns {Contender}
     */
    const contender = (root) => ({
      name: what,
      command: [process.execPath, join(root, "bin/coregram.js"), ...args],
    });
    const [now, before] = [contender(ours), contender(theirs)];
    let pairs = runPairs(now, before, rounds);
    // Once more, longer, so that one bad moment of the machine condemns nothing.
    if (isSlower(pairs)) pairs = runPairs(now, before, 2 * rounds);
    if (isSlower(pairs)) ++slower;
    const [old, young] = [median(pairs.map(([, b]) => b)), median(pairs.map(([a]) => a))];
    const share = `${Math.round(100 * shareSlower(pairs))} %`;
    const ratio = ratioOf(pairs).toFixed(3);
    const verdict = isSlower(pairs) ? "**yes**" : "no";
    console.log(
      `| ${what} | ${old.toFixed(1)} ms | ${young.toFixed(1)} ms | ${ratio} | ${share} | ${verdict} |`,
    );
  }
  return slower;
}

/**
 * What the program is asked for, by the name of the line.
 * @param {string} core
 * @param {string} folder
 */
function casesOf(core, folder) {
  const small = copyFile(core, join(folder, "small"), { bytes: 1e6 });
  const other = copyFile(core, join(folder, "other"), {});
  const counting = ["--no-names", "--threads", "2"];
  /** @type {[string, string[]][]} */
  const cases = [
    ["`--version`", ["--version"]],
    ["top 10 of 1 MB", [small, ...counting]],
    ["top 10", [core, ...counting]],
    ["top 10 with all names", [core, "--threads", "2"]],
    ["`--all`", [core, "--all", ...counting]],
    ["`info`", ["info", core]],
    ["`types`", ["types", core, "--threads", "2"]],
    ["`owners`", ["owners", core, "--threads", "2"]],
    ["`diff`", ["diff", core, other, "--quiet", "--threads", "2"]],
    ["`diff --by owner`", ["diff", core, other, "--quiet", "--by", "owner", "--threads", "2"]],
  ];
  return cases.map(([what, args]) => ({ what, args }));
}

/**
 * [now, before] in milliseconds, turn by turn, in alternating order; one turn before them does not count.
 * @param {Contender} now
 * @param {Contender} before
 * @param {number} rounds
 */
function runPairs(now, before, rounds) {
  /** @type {Pair[]} */
  const pairs = [];
  for (let round = 0; round <= rounds; ++round) {
    const first = round % 2 === 0;
    const one = time(first ? now : before);
    const two = time(first ? before : now);
    if (round > 0) pairs.push(first ? [one, two] : [two, one]);
  }
  return pairs;
}

/** @param {readonly Pair[]} pairs */
function ratioOf(pairs) {
  return median(pairs.map(([now, before]) => now / before));
}

/** @param {readonly Pair[]} pairs */
function shareSlower(pairs) {
  return pairs.filter(([now, before]) => now > before).length / pairs.length;
}

/** @param {readonly Pair[]} pairs */
function isSlower(pairs) {
  return ratioOf(pairs) > MOST && shareSlower(pairs) >= SHARE;
}
