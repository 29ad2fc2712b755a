import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startProgram } from "./core.mjs";
import { median } from "./measure.mjs";
import { compareWatched } from "./watched.mjs";

/** At once; a thousand times that is what is compared. */
const REQUESTS = 2000;
/** Long enough for a watcher's first look, which is compiled while it runs. */
const SETTLE_MILLIS = 20_000;
/** Some ten looks, one of them with owners. */
const WATCHED_MILLIS = 240_000;
const POLL_MILLIS = 1;

/**
 * What a process of 450 MB has of being dumped, and of being watched.
 * @param {import("../bench.mjs").Bench} bench
 */
export async function benchLiving({ folder, rounds, coregram, add, say }) {
  say("a living process");
  const program = await startProgram();
  const pid = String(program.pid);
  const ours = coregram("coregram", "dump", pid, "-o", join(folder, "dumped"), "--quiet");
  /** @type {import("./measure.mjs").Contender} */
  const theirs = { name: "gcore", command: ["gcore", "-o", join(folder, "dumped"), pid] };
  /** @type {Record<string, { took: number[], stopped: number[] }>} */
  const times = { coregram: { took: [], stopped: [] }, gcore: { took: [], stopped: [] } };
  for (let round = 0; round < rounds; round++)
    for (const { name, command } of [ours, theirs]) {
      const { took, stopped } = await stopOf(pid, command);
      times[name]?.took.push(took);
      times[name]?.stopped.push(stopped);
      for (const file of ["dumped", `dumped.${pid}`]) rmSync(join(folder, file), { force: true });
    }
  /** @param {"took" | "stopped"} what */
  const medians = (what) => new Map(Object.entries(times).map(([name, of]) => [name, median(of[what])]));
  add("a core of 450 MB of a living process, against gcore", medians("took"), "coregram", "gcore", {
    times: 1,
  });
  add("how long it stops the process, against gcore", medians("stopped"), "coregram", "gcore", { times: 1 });

  const options = ["--interval", "1", "--threads", "1", "--quiet"];
  const [node, ...words] = coregram("watch", "watch", pid, ...options).command;
  const watching = spawn(node, words, { stdio: ["ignore", "ignore", "inherit"] });
  await sleep(SETTLE_MILLIS);
  const served = await compareWatched(watching.pid ?? 0, () => serve(program), WATCHED_MILLIS);
  watching.kill("SIGTERM");
  program.kill();
  add(
    "2 million requests to a process of 450 MB, watched each second, against not",
    served,
    "watched",
    "alone",
    {
      times: 1 / 0.97,
    },
  );
}

/**
 * Runs what stops a process. Returns how long it took, and how long the process was seen to be stopped, in milliseconds.
 * @param {string} pid
 * @param {[string, ...string[]]} command
 */
async function stopOf(pid, [program, ...words]) {
  const start = performance.now();
  const run = spawn(program, words, { stdio: "ignore" });
  let last = start;
  let stopped = 0;
  const ended = new Promise((resolve, reject) => {
    run.once("error", reject);
    run.once("exit", resolve);
  });
  let took = 0;
  void ended.then(() => {
    took = performance.now() - start;
  });
  while (took === 0) {
    await sleep(POLL_MILLIS);
    const now = performance.now();
    if (/^State:\t[Tt]/m.test(readFileSync(`/proc/${pid}/status`, "latin1"))) stopped += now - last;
    last = now;
  }
  if ((await ended) !== 0) throw new Error(`${program} ended with ${await ended}`);
  return { took, stopped };
}

/**
 * Has it serve some requests.
 * @param {Awaited<ReturnType<typeof startProgram>>} program
 */
async function serve({ stdin, stdout }) {
  stdin.write(`${REQUESTS}\n`);
  await new Promise((resolve) => stdout.once("data", resolve));
}
