import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { formatTable } from "./table.mjs";

/**
 * A run of the benchmark, as it is kept: no host, no user, no path.
 * @typedef {object} Run
 * @property {string} date ISO 8601, UTC
 * @property {string} commit of the sources; with `+` where they were changed since
 * @property {string} processor
 * @property {number} processors
 * @property {number} memoryGiB
 * @property {string} node
 * @property {string | null} compiler
 * @property {number} coreBytes
 * @property {number} rounds
 * @property {import("./table.mjs").Line[]} lines
 */

/**
 * @param {string} root the package's folder
 * @param {number} coreBytes
 * @param {number} rounds
 * @param {import("./table.mjs").Line[]} lines
 * @returns {Run}
 */
export function describeRun(root, coreBytes, rounds, lines) {
  return {
    date: new Date().toISOString().replace(/\.\d+/, ""),
    commit: commitOf(root),
    processor: cpus()[0]?.model.trim() ?? "unknown processor",
    processors: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    compiler: compiler(),
    coreBytes,
    rounds,
    lines,
  };
}

/**
 * Keeps the run in a file of its own beside this one. Returns its path.
 * @param {string} root the package's folder
 * @param {Run} run
 */
export function keepRun(root, run) {
  const folder = join(root, "scripts/bench/results");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${run.date.slice(0, 16).replace(":", "")}.json`);
  writeFileSync(path, `${JSON.stringify(run, null, 2)}\n`);
  return path;
}

/**
 * One line: date, processor, memory, versions.
 * @param {Run} run
 */
export function formatMachine(run) {
  const { date, processor, processors, memoryGiB, node, compiler, coreBytes, rounds } = run;
  const machine = `${processor}, ${processors} cores, ${memoryGiB} GiB, Node ${node}, ${compiler ?? "no g++"}`;
  return `${date.slice(0, 10)}, ${machine}; a core of ${Math.round(coreBytes / 1e6)} MB; medians of ${rounds}.`;
}

const START = "<!-- npm run bench -- --readme -->";
const END = "<!-- /bench -->";

/**
 * Puts the run's table in the place of the one in docs/benchmarks.md.
 * @param {string} root the package's folder
 * @param {Run} run
 */
export function writeTable(root, run) {
  const path = join(root, "docs/benchmarks.md");
  const text = readFileSync(path, "utf8");
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`docs/benchmarks.md has no ${START} … ${END}`);
  const table = `${START}\n${formatMachine(run)}\n\n${formatTable(run.lines)}\n`;
  writeFileSync(path, text.slice(0, start) + table + text.slice(end));
}

/** @param {string} root */
function commitOf(root) {
  try {
    /** @param {string[]} args */
    const git = (...args) => execFileSync("git", ["-C", root, ...args], { encoding: "utf8" }).trim();
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "src", "scripts") ? "+" : "");
  } catch {
    return "unknown";
  }
}

function compiler() {
  try {
    return `g++ ${execFileSync("g++", ["-dumpfullversion"], { encoding: "utf8" }).trim()}`;
  } catch {
    return null;
  }
}
