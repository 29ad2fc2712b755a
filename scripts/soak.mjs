// `node scripts/soak.mjs [MINUTES]`: the sample's application under load, watched each second, for an hour unless told. It
// keeps something of its last requests alone, so that it stays as large as it is: what the watcher has in memory must
// stay, too, the last quarter's median at most 5 % above the first's.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { median } from "./bench/measure.mjs";
import { requests, startWorker } from "./bench/worker.mjs";
import { ROOT, setUp } from "./setup.mjs";

const MOST_GROWTH = 1.05;
const EVERY_SECONDS = 2;
/** In turn with pauses: some 50 a second. */
const REQUESTS = 100;
/** What the application has after two minutes. */
const KEPT = 5000;

const minutes = Number(process.argv[2] ?? 60);
if (!(minutes > 0)) {
  process.stderr.write("usage: node scripts/soak.mjs [MINUTES]\n");
  process.exit(2);
}
await setUp();
const folder = mkdtempSync(join(tmpdir(), "coregram-soak-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const { pid, port } = await startWorker(folder, KEPT);
const watching = spawn(
  process.execPath,
  [join(ROOT, "bin/coregram.js"), "watch", String(pid), "--interval", "1", "--quiet"],
  { stdio: ["ignore", "ignore", "inherit"] },
);
process.on("exit", () => watching.kill("SIGKILL"));

/** @type {number[]} */
const sizes = [];
const end = Date.now() + minutes * 60_000;
while (Date.now() < end) {
  const [program, ...words] = requests(port, REQUESTS);
  spawn(program, words, { stdio: "ignore" });
  await sleep(EVERY_SECONDS * 1000);
  if (watching.exitCode !== null) throw new Error(`watch ended with ${watching.exitCode}`);
  sizes.push(residentKib(watching.pid ?? 0));
}
const quarter = Math.floor(sizes.length / 4);
const [first, last] = [median(sizes.slice(0, quarter)), median(sizes.slice(-quarter))];
console.log(
  `${minutes} minutes: ${Math.round(first / 1024)} MiB in the first quarter, ${Math.round(last / 1024)} MiB in the last, ${Math.round(Math.max(...sizes) / 1024)} MiB at most; the process has ${Math.round(residentKib(pid) / 1024)} MiB`,
);
process.exit(last <= MOST_GROWTH * first ? 0 : 1);

/** @param {number} process */
function residentKib(process) {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${process}/status`, "utf8")) ?? [];
  return Number(kib);
}
