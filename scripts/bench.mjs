// `npm run bench [-- [--rounds N] [--readme] [--against DIR] [CORE]]`: whole processes side by side, in turns, the file
// in the page cache. Makes a core of its own with python3 and gcore where none is given, and C++ peers where g++ is
// there. Keeps each run in bench/results/; --readme also puts its table into docs/benchmarks.md. With --against it compares
// this build with the one in DIR instead, and fails where a line is slower.
import "./node-version.mjs";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { benchAgainst } from "./bench/against.mjs";
import { copyFile, lackOfRoom, makeCore } from "./bench/core.mjs";
import { benchLists } from "./bench/lists.mjs";
import { benchLiving } from "./bench/living.mjs";
import { digestOutput, peakMemory, time, timeInTurns } from "./bench/measure.mjs";
import { benchNames } from "./bench/names.mjs";
import { benchObjects } from "./bench/objects.mjs";
import { describeRun, formatMachine, keepRun, writeTable } from "./bench/results.mjs";
import { formatMegabytes, formatMillis, formatTable, holds } from "./bench/table.mjs";
import { benchWatch } from "./bench/watch.mjs";
import { CALLER, ROOT, setUp } from "./setup.mjs";

const THREADS = "2";
const MEMORY_LIMIT = 160e6;
const ALL_MEMORY = "512M";
/** @typedef {import("./bench/measure.mjs").Contender} Contender */
/**
 * What the parts of the benchmark are given.
 * @typedef {object} Bench
 * @property {string} core
 * @property {number} coreBytes
 * @property {boolean} isOwnCore whether it is of heap.py
 * @property {string} folder for files of its own
 * @property {number} rounds
 * @property {typeof coregram} coregram
 * @property {typeof counting} counting
 * @property {typeof add} add
 * @property {typeof addMemory} addMemory
 * @property {typeof skip} skip
 * @property {typeof say} say
 */

/** What a run of `--all` may take: what --memory says plus 100 MB. */
const ALL_MEMORY_LIMIT = 512 * 2 ** 20 + 100e6;
const GROWTH = 10;

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    readme: { type: "boolean", default: false },
    against: { type: "string" },
  },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || positionals.length > 1) {
  say("usage: npm run bench [-- [--rounds N] [--readme] [--against DIR] [CORE]]");
  process.exit(2);
}

await setUp();
const folder = mkdtempSync(join(tmpdir(), "coregram-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
process.on("SIGINT", () => process.exit(130));
process.on("SIGTERM", () => process.exit(143));

const isOwnCore = positionals[0] === undefined;
const core = isOwnCore ? await makeOwnCore() : resolve(CALLER, positionals[0] ?? "");
const coreBytes = statSync(core).size;
if (values.against !== undefined) {
  const theirs = resolve(CALLER, values.against);
  process.exit(benchAgainst({ core, folder, ours: ROOT, theirs, rounds, say }) === 0 ? 0 : 1);
}
const peers = buildPeers();
/** @type {import("./bench/table.mjs").Line[]} */
const lines = [];
await compareAnswers();
benchTop();
benchAll();
benchMemory();
benchStart();
/** @type {Bench} */
const bench = {
  core,
  coreBytes,
  isOwnCore,
  folder,
  rounds,
  coregram,
  counting,
  add,
  addMemory,
  skip,
  say,
};
benchNames(bench);
benchObjects(bench);
await benchLists(bench);
await benchWatch(bench);
await benchLiving(bench);
benchGrowth();

const run = describeRun(ROOT, coreBytes, rounds, lines);
console.log(`${formatMachine(run)}\n\n${formatTable(lines)}`);
say(`kept in ${keepRun(ROOT, run)}`);
if (values.readme) writeTable(ROOT, run);
process.exit(lines.every(holds) ? 0 : 1);

/**
 * @param {string} name
 * @param {string[]} words
 * @returns {Contender}
 */
function coregram(name, ...words) {
  return { name, command: [process.execPath, join(ROOT, "bin/coregram.js"), ...words] };
}

/**
 * @param {string} name
 * @returns {Contender}
 */
function peer(name) {
  return { name, command: [join(peers ?? "", name), core, THREADS] };
}

/** The folder with the C++ programs, or null without g++. */
function buildPeers() {
  const built = join(folder, "peers");
  mkdirSync(built);
  try {
    for (const name of ["one-pass", "two-pass", "hash-table", "sample-sort"])
      execFileSync("g++", [
        ...["-std=c++20", "-O3", "-march=native", "-pthread", join(ROOT, `scripts/peers/${name}.cpp`)],
        ...["-o", join(built, name)],
      ]);
    return built;
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    say("g++ is not there: nothing is compared to C++");
    return null;
  }
}

async function makeOwnCore() {
  try {
    return await makeCore(folder);
  } catch (error) {
    say(
      `no core could be made (${error.message}): python3 and gdb's gcore are needed, or npm run bench -- CORE`,
    );
    process.exit(1);
  }
}

/**
 * What the peers do: count, and name nothing.
 * @param {string} name
 * @param {string} file
 * @param {string[]} options
 */
function counting(name, file, ...options) {
  return coregram(name, file, "--no-names", "--threads", THREADS, ...options);
}

/** Fast and wrong would be no result. */
async function compareAnswers() {
  if (!peers) return;
  say("comparing the answers");
  /** @type {[Contender, Contender][]} */
  const pairs = [
    [counting("top", core), peer("one-pass")],
    [counting("top", core), peer("two-pass")],
    [counting("top", core), peer("hash-table")],
    [counting("all", core, "--all"), peer("sample-sort")],
  ];
  // The peers leave out a last partial word.
  if (coreBytes % 8 !== 0) return;
  for (const [ours, theirs] of pairs) {
    if ((await digestOutput(ours, folder)) === (await digestOutput(theirs, folder))) continue;
    throw new Error(`${ours.name} prints other rows than ${theirs.name}`);
  }
}

function benchTop() {
  say("top 10");
  const ours = [counting("top", core)];
  const theirs = peers ? [peer("one-pass"), peer("two-pass"), peer("hash-table")] : [];
  const times = timeInTurns([...ours, ...theirs], rounds);
  add("top 10, against the same algorithm in C++, 2 threads", times, "top", "one-pass", { times: 4 });
  add("top 10, against two passes in C++, 2 threads", times, "top", "two-pass", { times: 1.6 });
  add("top 10, against a hash table in C++, 2 threads", times, "top", "hash-table", { times: 1 / 4 });
  say("the pipeline of hexdump, awk, sort and uniq, once: a minute or more");
  const pipeline = `hexdump "$1" | awk '{printf "%s%s%s%s\\n%s%s%s%s\\n", $5,$4,$3,$2,$9,$8,$7,$6}' | sort | uniq -c | sort -nr | head`;
  times.set("pipeline", time({ name: "pipeline", command: ["sh", "-c", pipeline, "sh", core] }));
  add("top 10, against the article's pipeline (one run)", times, "top", "pipeline", { times: 1 / 150 });
}

function benchAll() {
  say("--all");
  const ours = counting("all", core, "--all");
  const times = timeInTurns(peers ? [ours, peer("sample-sort")] : [ours], rounds);
  add("`--all > /dev/null`, against the same algorithm in C++, 2 threads", times, "all", "sample-sort", {
    times: 2,
  });
}

function benchMemory() {
  addMemory("peak memory of top 10", counting("top", core), MEMORY_LIMIT);
  const all = counting("all", core, "--all", "--memory", ALL_MEMORY);
  addMemory(`peak memory of \`--all --memory ${ALL_MEMORY}\``, all, ALL_MEMORY_LIMIT);
}

function benchStart() {
  say("start-up");
  const small = copyFile(core, join(folder, "small"), { bytes: 1e6 });
  /** @type {Contender} */
  const nothing = { name: "nothing", command: [process.execPath, "-e", "0"] };
  const version = coregram("version", "--version");
  const times = timeInTurns([nothing, version, counting("small", small)], 3 * rounds);
  add("`--version`, against `node -e 0`", times, "version", "nothing", { times: 1.4 });
  add("top 10 of 1 MB, against `node -e 0`", times, "small", "nothing", { times: 2.2 });
}

function benchGrowth() {
  const what = `top 10 of ${GROWTH} times the core, against once`;
  const lack = lackOfRoom(folder, coreBytes * GROWTH);
  if (lack) {
    skip(`${what} (${lack})`);
    return;
  }
  say(`a file of ${GROWTH} times the core`);
  const large = copyFile(core, join(folder, "large"), { times: GROWTH });
  const once = counting("once", core);
  const tenfold = counting("tenfold", large);
  add(what, timeInTurns([tenfold, once], rounds), "tenfold", "once", { times: 11 });
  addMemory(`peak memory of top 10 of ${formatMegabytes(coreBytes * GROWTH)}`, tenfold, MEMORY_LIMIT);
}

/**
 * `limit` is what ours may take: so many `times` theirs, and so many milliseconds on top.
 * @param {string} what
 * @param {Map<string, number>} times
 * @param {string} ours
 * @param {string} theirs
 * @param {{ times: number, plusMillis?: number }} limit
 */
function add(what, times, ours, theirs, limit) {
  const left = times.get(ours) ?? Number.NaN;
  const right = times.get(theirs);
  lines.push({
    what,
    ours: formatMillis(left),
    theirs: right === undefined ? "–" : formatMillis(right),
    ratio: right === undefined ? null : left / right,
    limit: limit.times + (right === undefined ? 0 : (limit.plusMillis ?? 0) / right),
  });
}

/**
 * @param {string} what
 * @param {Contender} contender
 * @param {number} limit
 */
function addMemory(what, contender, limit) {
  const bytes = peakMemory(contender);
  lines.push({
    what,
    ours: bytes === null ? "no GNU time" : formatMegabytes(bytes),
    theirs: formatMegabytes(limit),
    ratio: bytes === null ? null : bytes / limit,
    limit: 1,
  });
}

/** @param {string} what */
function skip(what) {
  lines.push({ what, ours: "–", theirs: "–", ratio: null, limit: null });
}

/** @param {string} message */
function say(message) {
  process.stderr.write(`bench: ${message}\n`);
}
