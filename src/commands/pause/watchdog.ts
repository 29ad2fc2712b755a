/**
 * The program that lets a stopped process go on when the one that stopped it is gone, however it went: it then reads the
 * end of its standard input. It does so, too, where that one is stopped itself (SIGSTOP). It is in a session of its own, so that neither Ctrl-C nor a lost terminal ends it as well.
 */
import { startTimeOf, stateAt } from "./start-time.ts";
import { DONE, READY, STOPPING } from "./words.ts";

const [pid = Number.NaN, startTime = ""] = [Number(process.argv[2]), process.argv[3]];
const POLL_MILLIS = 250;
const parent = `/proc/${process.ppid}`;
let isStopping = false;

function goOn(): void {
  // Another process may have its number by now.
  if (!isStopping || startTimeOf(pid) !== startTime) return;
  try {
    process.kill(pid, "SIGCONT");
  } catch {
    // It ended in between.
  }
}

function end(): void {
  goOn();
  process.exit(0);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) process.on(signal, () => {});
setInterval(() => {
  if (stateAt(parent) === "T") goOn();
}, POLL_MILLIS);
process.stdin.on("data", (words: Buffer) => {
  if (words.includes(STOPPING)) isStopping = true;
  if (words.includes(DONE)) process.exit(0);
});
process.stdin.on("end", end);
process.stdin.on("error", end);
process.stdout.on("error", () => {});
process.stdout.write(READY);
