import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, createReadStream, existsSync, openSync } from "node:fs";

/**
 * A whole process to measure.
 * @typedef {object} Contender
 * @property {string} name
 * @property {[string, ...string[]]} command program and arguments
 */

/**
 * Runs it once with stdout to /dev/null. Returns the wall time in milliseconds, by the monotonic clock.
 * @param {Contender} contender
 */
export function time({ name, command }) {
  const sink = openSync("/dev/null", "w");
  const start = process.hrtime.bigint();
  const { status, error, stderr } = spawnSync(command[0], command.slice(1), {
    stdio: ["ignore", sink, "pipe"],
    encoding: "utf8",
  });
  const end = process.hrtime.bigint();
  closeSync(sink);
  if (status !== 0) throw error ?? new Error(`${name} ended with ${status}: ${stderr}`);
  return Number(end - start) / 1e6;
}

/**
 * Times them in turn (A B C A B C …), so that what the machine does meanwhile falls on all alike, after one run
 * each that does not count. Returns the median of each, in milliseconds, by name.
 * @param {readonly Contender[]} contenders
 * @param {number} rounds
 */
export function timeInTurns(contenders, rounds) {
  /** @type {Map<string, number[]>} */
  const times = new Map(contenders.map(({ name }) => [name, []]));
  for (const contender of contenders) time(contender);
  for (let round = 0; round < rounds; round++)
    for (const contender of contenders) times.get(contender.name)?.push(time(contender));
  return new Map([...times].map(([name, millis]) => [name, median(millis)]));
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

const TIME = "/usr/bin/time";

/**
 * The most resident memory that the process had, in bytes, as the kernel counted it for wait4(2) (`ru_maxrss`,
 * which GNU time prints); null where there is no GNU time. Pages of a mapped file count, too.
 * @param {Contender} contender
 */
export function peakMemory({ name, command }) {
  if (!existsSync(TIME)) return null;
  const { status, stderr } = spawnSync(TIME, ["-f", "%M", ...command], {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  return Number(stderr.trim().split("\n").at(-1)) * 1024;
}

/**
 * A digest of all that the process prints.
 * @param {Contender} contender
 * @param {string} folder
 */
export async function digestOutput({ command }, folder) {
  const file = `${folder}/output`;
  const sink = openSync(file, "w");
  const { status } = spawnSync(command[0], command.slice(1), { stdio: ["ignore", sink, "ignore"] });
  closeSync(sink);
  const hash = createHash("sha256").update(String(status));
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest("hex");
}
