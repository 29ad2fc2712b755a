// `node scripts/mutate.mjs`: changes a seeded sample of places in the sources, one after the other, and reports which
// changes no test notices. See CONTRIBUTING.md.
import "./node-version.mjs";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findMutants } from "./mutate/mutants.mjs";
import { Runner } from "./mutate/pool.mjs";
import { report } from "./mutate/report.mjs";
import { makeTree } from "./mutate/tree.mjs";
import { makeChecker } from "./mutate/types.mjs";

/** @typedef {import("./mutate/schemata.mjs").Numbered} Numbered */
/** @typedef {import("./mutate/report.mjs").Outcome} Outcome */

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ROOMS = [
  "src/blocks",
  "src/runtimes",
  "src/heap",
  "src/commands",
  "src/answers",
  "src/kernel/assembly/cpython",
];
// Tests of lower rooms do not reach these; others read the sources as text, or build them.
const JUDGES = "^test/(?:blocks|runtimes|heap|answers|views|commands|kernel)/";
// Made by a script from CPython's headers, and compared with them: data that no hand wrote.
const GENERATED = /^src\/runtimes\/cpython\/(structs|opcodes)\/v\d+\.ts$/;
const EQUIVALENT = join(ROOT, "scripts/mutate/equivalent.json");

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "600" },
    jobs: { type: "string", default: String(Math.max(1, availableParallelism())) },
    only: { type: "string", multiple: true },
    results: { type: "string", default: join(tmpdir(), "coregram-mutants.jsonl") },
    folder: { type: "string", default: join(tmpdir(), "coregram-mutants") },
    budget: { type: "string", default: "40" },
    judges: { type: "string", default: JUDGES },
    again: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
});
const jobs = Number(values.jobs);
const budget = Number(values.budget) || Number.POSITIVE_INFINITY;

/** @type {Record<string, string>} */
const equivalent = existsSync(EQUIVALENT) ? JSON.parse(readFileSync(EQUIVALENT, "utf8")) : {};
/** How many mutants of a folder a test file was run for, and killed. @type {Map<string, { runs: number, kills: number }>} */
const records = new Map();
const sample = takeSample();
const known = readResults();
if (values.list)
  for (const { path, line, before, after } of sample) say(`${path}:${line} ${before} => ${after}`);
else {
  if (!values.report) await judge(sample.filter((mutant) => !known.has(mutant.key)));
  const outcomes = sample.flatMap((mutant) => {
    const outcome = known.get(mutant.key);
    return outcome
      ? [{ ...outcome, line: mutant.line, status: equivalent[mutant.key] ? "equivalent" : outcome.status }]
      : [];
  });
  say(report(/** @type {Outcome[]} */ (outcomes)));
}

/**
 * The mutants whose names, hashed with the seed, come first: code that moves, or comes or goes elsewhere, changes
 * little of a sample.
 * @returns {Numbered[]}
 */
function takeSample() {
  const files = execFileSync("git", ["ls-files", ...ROOMS], { cwd: ROOT, encoding: "utf8" })
    .trim()
    .split("\n");
  const all = [];
  for (const path of files) {
    if (GENERATED.test(path)) continue;
    if (values.only && !values.only.some((only) => path.includes(only))) continue;
    for (const mutant of findMutants(path, readFileSync(join(ROOT, path), "utf8"))) {
      const order = createHash("sha256").update(`${values.seed}\0${mutant.key}`).digest("hex");
      all.push({ mutant, order });
    }
  }
  all.sort((a, b) => (a.order < b.order ? -1 : 1));
  return all.slice(0, Number(values.count)).map(({ mutant }, index) => ({ ...mutant, number: index + 1 }));
}

/** @returns {Map<string, Outcome>} */
function readResults() {
  /** @type {Map<string, Outcome>} */
  const results = new Map();
  if (!existsSync(values.results)) return results;
  for (const line of readFileSync(values.results, "utf8").split("\n").filter(Boolean)) {
    const outcome = JSON.parse(line);
    results.set(outcome.key, outcome);
    if (outcome.by) note(outcome.by, outcome.path, true);
  }
  if (values.again)
    for (const [key, { status }] of results)
      if (status === "survived" || status === "unreached") results.delete(key);
  return results;
}

/** @param {string} file @param {string} path of the mutant @param {boolean} isKill */
function note(file, path, isKill) {
  const name = `${file} ${dirname(path)}`;
  const { runs, kills } = records.get(name) ?? { runs: 0, kills: 0 };
  records.set(name, { runs: runs + 1, kills: kills + (isKill ? 1 : 0) });
}

/** @param {Numbered} mutant @param {Omit<Outcome, "key" | "path" | "line" | "before" | "after">} verdict */
function settle({ key, path, line, before, after }, verdict) {
  const outcome = { key, path, line, before, after, ...verdict };
  known.set(key, outcome);
  appendFileSync(values.results, `${JSON.stringify(outcome)}\n`);
}

/** @param {Numbered[]} mutants */
async function judge(mutants) {
  for (const mutant of mutants) if (equivalent[mutant.key]) settle(mutant, { status: "equivalent" });
  const isRefused = makeChecker(ROOT);
  for (const mutant of mutants)
    if (!known.has(mutant.key) && isRefused(mutant)) settle(mutant, { status: "invalid" });
  const asked = mutants.filter((mutant) => !known.has(mutant.key));
  if (asked.length === 0) return;
  const runners = Array.from({ length: jobs }, () => new Runner(values.folder));
  const stopAll = () => {
    for (const runner of runners) runner.stop();
  };
  process.once("exit", stopAll);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

  const { broken, seconds, reached } = await prepare(runners);
  for (const mutant of asked) if (broken.includes(mutant.key)) settle(mutant, { status: "invalid" });
  const valid = asked.filter((mutant) => !known.has(mutant.key));
  await share(runners, valid, (runner, mutant) => kill(runner, mutant, seconds, reached[mutant.key] ?? []));
  stopAll();
}

/**
 * What a tree with the sample is and which tests reach what in it.
 * @typedef {object} Tree
 * @property {string} digest of sources, tests and sample
 * @property {string[]} broken keys of mutants that do not compile
 * @property {Record<string, number>} seconds that each test file takes
 * @property {Record<string, string[]>} reached test files by the key of the mutant that they reach
 */

/** @param {Runner[]} runners @returns {Promise<Tree>} */
async function prepare(runners) {
  const record = `${values.folder}.json`;
  const inputs = ["src", "test", "scripts/build.mjs"];
  const texts = execFileSync("git", ["ls-files", "-s", ...inputs], { cwd: ROOT, encoding: "utf8" });
  const changes = execFileSync("git", ["diff", "--", ...inputs], { cwd: ROOT, encoding: "utf8" });
  const keys = sample.map(({ key }) => key).join("\n");
  const parts = [texts, changes, keys, values.judges];
  const digest = createHash("sha256").update(parts.join("\0")).digest("hex");
  if (existsSync(record)) {
    const tree = JSON.parse(readFileSync(record, "utf8"));
    if (tree.digest === digest) return tree;
  }
  rmSync(record, { force: true });
  say(`building a tree with ${sample.length} mutants in ${values.folder}`);
  const broken = makeTree(ROOT, values.folder, sample).map(({ key }) => key);
  const tree = { digest, broken, ...(await watch(runners)) };
  writeFileSync(record, JSON.stringify(tree));
  return tree;
}

/**
 * Runs each test file once with no mutant on.
 * @param {Runner[]} runners
 * @returns {Promise<Pick<Tree, "seconds" | "reached">>}
 */
async function watch(runners) {
  const log = `${values.folder}.reached`;
  writeFileSync(log, "");
  /** @type {Record<string, number>} */
  const seconds = {};
  const [first] = runners;
  if (!first) throw new Error("--jobs is 0");
  await first.start();
  const judges = first.files.filter((file) => new RegExp(values.judges).test(file));
  await share(runners, judges, async (runner, file) => {
    const task = { number: 0, file, log };
    let verdict = await runner.run(task, 300);
    // On a busy machine a test may run out of its own time.
    if (verdict.failed) verdict = await runner.run(task, 300);
    if (verdict.failed) say(`${file} fails without a mutant, and is left out`);
    else seconds[file] = verdict.seconds;
  });
  // They start again without the log.
  for (const runner of runners) runner.stop();
  const names = new Map(sample.map(({ number, key }) => [number, key]));
  /** @type {Record<string, string[]>} */
  const reached = {};
  for (const line of new Set(readFileSync(log, "utf8").split("\n").filter(Boolean))) {
    const [number, file = ""] = line.split(" ");
    const key = names.get(Number(number));
    if (key === undefined || !(file in seconds)) continue;
    reached[key] ??= [];
    reached[key].push(file);
  }
  return { seconds, reached };
}

/**
 * @param {Runner} runner @param {Numbered} mutant @param {Record<string, number>} seconds @param {string[]} files
 */
async function kill(runner, mutant, seconds, files) {
  if (files.length === 0) {
    settle(mutant, { status: "unreached" });
    return;
  }
  const twin = `${basename(mutant.path, ".ts")}.test.ts`;
  /** Kills to be expected of a second. @param {string} file */
  const worth = (file) => {
    const { runs = 0, kills = 0 } = records.get(`${file} ${dirname(mutant.path)}`) ?? {};
    return ((kills + 1) / (runs + 2) / (seconds[file] ?? 1)) * (basename(file) === twin ? 5 : 1);
  };
  const inOrder = files.map((file) => ({ file, worth: worth(file) })).sort((a, b) => b.worth - a.worth);
  let spent = 0;
  let left = 0;
  for (const { file } of inOrder) {
    const usual = seconds[file] ?? 1;
    if (spent + usual > budget) {
      ++left;
      continue;
    }
    spent += usual;
    const { failed, late } = await runner.run({ number: mutant.number, file }, usual * 4 + 10);
    note(file, mutant.path, failed);
    if (!failed) continue;
    settle(mutant, { status: late ? "late" : "killed", by: file });
    return;
  }
  settle(mutant, { status: "survived", left });
}

/**
 * Gives the items out to the runners, each the next as it is free.
 * @template T @param {Runner[]} runners @param {readonly T[]} items @param {(runner: Runner, item: T) => Promise<void>} work
 */
async function share(runners, items, work) {
  let next = 0;
  await Promise.all(
    runners.map(async (runner) => {
      while (next < items.length) {
        const item = /** @type {T} */ (items[next++]);
        await work(runner, item);
        process.stderr.write(`\r${next} of ${items.length} `);
      }
    }),
  );
  process.stderr.write("\n");
}

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`);
}
