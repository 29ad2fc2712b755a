import { spawn } from "node:child_process";
import { median, time } from "./measure.mjs";
import { requests, startWorker } from "./worker.mjs";

const REQUESTS = 3000;

/**
 * What a process loses while it is watched: requests to the sample's application, with and without.
 * @param {import("../bench.mjs").Bench} bench
 */
export async function benchWatch({ folder, rounds, coregram, add, say }) {
  say("a watched process");
  const { pid, port, stop } = await startWorker(folder);
  /** @type {import("./measure.mjs").Contender} */
  const load = { name: "requests", command: requests(port, REQUESTS) };
  const watch = coregram("watch", "watch", String(pid), "--interval", "1", "--threads", "1", "--quiet");
  /** @type {{ alone: number[], watched: number[] }} */
  const times = { alone: [], watched: [] };
  time(load);
  for (let round = 0; round < rounds; round++) {
    times.alone.push(time(load));
    const [program, ...words] = watch.command;
    const watching = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => watching.stdout.once("data", resolve));
    watching.stdout.resume();
    times.watched.push(time(load));
    watching.kill("SIGTERM");
    await new Promise((resolve) => watching.once("close", resolve));
  }
  stop();
  const medians = new Map([
    ["watched", median(times.watched)],
    ["alone", median(times.alone)],
  ]);
  add(`${REQUESTS} requests to the sample, watched each second, against not`, medians, "watched", "alone", {
    times: 1 / 0.97,
  });
}
