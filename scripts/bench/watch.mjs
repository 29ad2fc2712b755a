import { spawn } from "node:child_process";
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { compareWatched } from "./watched.mjs";
import { startWorker } from "./worker.mjs";

/** What the application keeps something of: it is as large throughout. */
const KEPT = 20_000;
/** Long enough for a watcher's first look, which is compiled while it runs. */
const SETTLE_MILLIS = 10_000;
/** Some twenty looks, two of them with owners. */
const WATCHED_MILLIS = 120_000;

/**
 * What a process loses while it is watched: requests to the sample's application.
 * @param {import("../bench.mjs").Bench} bench
 */
export async function benchWatch({ folder, coregram, add, say }) {
  say("a watched process");
  const { pid, port, stop } = await startWorker(folder, KEPT);
  for (let number = 0; number < KEPT; number++) await ask(port);
  const options = ["--interval", "1", "--threads", "1", "--quiet"];
  const [program, ...words] = coregram("watch", "watch", String(pid), ...options).command;
  const watching = spawn(program, words, { stdio: ["ignore", "ignore", "inherit"] });
  await sleep(SETTLE_MILLIS);
  const asked = await compareWatched(watching.pid ?? 0, () => ask(port), WATCHED_MILLIS);
  watching.kill("SIGTERM");
  stop();
  add("1000 requests to the sample, watched each second, against not", asked, "watched", "alone", {
    times: 1 / 0.97,
  });
}

/**
 * A request to it.
 * @param {number} port
 */
function ask(port) {
  return new Promise((resolve, reject) => {
    get({ port, host: "127.0.0.1", path: "/orders/1007", agent: false }, (response) => {
      response.resume();
      response.on("end", resolve);
    }).on("error", reject);
  });
}
