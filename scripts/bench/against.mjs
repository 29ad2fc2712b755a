import { existsSync } from "node:fs";
import { join } from "node:path";
import { copyFile } from "./core.mjs";
import { median, time } from "./measure.mjs";

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
  for (const [what, args] of casesOf(core, folder)) {
    say(what);
    const [now, before] = [ours, theirs].map((root) => ({
      name: what,
      command: [process.execPath, join(root, "bin/coregram.js"), ...args],
    }));
    let pairs = runPairs(now, before, rounds);
    // Once more, longer, so that one bad moment of the machine condemns nothing.
    if (isSlower(pairs)) pairs = runPairs(now, before, 2 * rounds);
    if (isSlower(pairs)) ++slower;
    const [old, young] = [1, 0].map((side) => median(pairs.map((pair) => pair[side])));
    const share = `${Math.round(100 * shareSlower(pairs))} %`;
    const ratio = ratioOf(pairs).toFixed(3);
    const verdict = isSlower(pairs) ? "**yes**" : "no";
    console.log(
      `| ${what} | ${old.toFixed(1)} ms | ${young.toFixed(1)} ms | ${ratio} | ${share} | ${verdict} |`,
    );
  }
  return slower;
}

/** What the program is asked for, by the name of the line. */
function casesOf(core, folder) {
  const small = copyFile(core, join(folder, "small"), { bytes: 1e6 });
  const other = copyFile(core, join(folder, "other"), {});
  const counting = ["--no-names", "--threads", "2"];
  return [
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
}

/** [now, before] in milliseconds, turn by turn, in alternating order; one turn before them does not count. */
function runPairs(now, before, rounds) {
  const pairs = [];
  for (let round = 0; round <= rounds; ++round) {
    const first = round % 2 === 0;
    const one = time(first ? now : before);
    const two = time(first ? before : now);
    if (round > 0) pairs.push(first ? [one, two] : [two, one]);
  }
  return pairs;
}

function ratioOf(pairs) {
  return median(pairs.map(([now, before]) => now / before));
}

function shareSlower(pairs) {
  return pairs.filter(([now, before]) => now > before).length / pairs.length;
}

function isSlower(pairs) {
  return ratioOf(pairs) > MOST && shareSlower(pairs) >= SHARE;
}
