import { spawn } from "node:child_process";
import { cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../setup.mjs";

/**
 * Starts the sample's web application, which keeps something of each request.
 * @param {string} folder for files of its own
 * @param {number} [kept] of so many requests at the most; of all unless given
 * @returns {Promise<{ pid: number, port: number, stop: () => void }>}
 */
export async function startWorker(folder, kept) {
  const app = join(folder, "worker");
  cpSync(join(ROOT, "samples/downstream"), join(app, "downstream"), { recursive: true });
  const program = kept === undefined ? ["-m", "downstream"] : ["-c", keeping(kept)];
  const worker = spawn("python3", ["-S", "-s", "-B", ...program], { cwd: app, stdio: "ignore" });
  const stop = () => void worker.kill("SIGKILL");
  process.on("exit", stop);
  const port = join(app, "port");
  for (let tries = 0; !existsSync(port) || readFileSync(port, "utf8") === ""; tries++) {
    if (worker.exitCode !== null || tries === 100) throw new Error("the sample's application does not start");
    await sleep(50);
  }
  return { pid: worker.pid ?? 0, port: Number(readFileSync(port, "utf8")), stop };
}

/**
 * The application whose leak has an end.
 * @param {number} kept
 */
function keeping(kept) {
  return `from collections import deque
from downstream.app import main
from downstream.profiler import Profiler
Profiler.results = deque(maxlen=${kept})
main()`;
}

/**
 * What sends so many requests to it, one after the other, and ends.
 * @param {number} port
 * @param {number} count
 * @returns {[string, ...string[]]}
 */
export function requests(port, count) {
  return ["python3", join(ROOT, "samples/drive.py"), String(port), String(count)];
}
