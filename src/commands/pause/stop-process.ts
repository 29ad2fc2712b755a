import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isFrozen } from "../../image/index.ts";
import { CoregramError } from "../../terms/index.ts";
import { startTimeOf, stateAt } from "./start-time.ts";
import { DONE, STOPPING } from "./words.ts";

// The build puts the watchdog's bundle into dist/, beside the program's own.
const watchdogPath = fileURLToPath(
  new URL(`${import.meta.url.endsWith(".ts") ? "../../../dist/" : "./"}watchdog.js`, import.meta.url),
);

/** Stopped, traced, a zombie, dead: states of a thread that does nothing more. */
const STILL = new Set(["T", "t", "Z", "X"]);
const POLL_MILLIS = 1;
/** Polls, of time that this program itself was not stopped: a thread that waits for a disk stops once it has its answer. */
const MOST_POLLS = 2000;

/**
 * Stops a process (SIGSTOP), and returns what lets it go on. It goes on whatever happens to this program: a watchdog, which
 * was started before, sees to that. A process that was stopped already, or is frozen, is left as it is.
 * @param say hears how long it was stopped, or that it was already, and where it went on while it was read
 * @throws CoregramError `io` where it may not be stopped
 */
export async function stopProcess(pid: number, say: (text: string) => void): Promise<() => void> {
  if (pid === process.pid)
    throw new CoregramError("io", `pid ${pid} is this program itself, which cannot stop itself and read on`);
  const frozen = isFrozen(pid);
  if (frozen || isStill(pid)) {
    say(
      frozen
        ? "is frozen by its cgroup, and is left so"
        : "was stopped already, and is left to who stopped it",
    );
    return () => {
      if (!isFrozen(pid) && !isStill(pid)) say("went on while it was read");
    };
  }
  const startTime = startTimeOf(pid);
  const watchdog = await startWatchdog(pid, startTime ?? "");
  const goOn = () => {
    if (startTimeOf(pid) === startTime) signal(pid, "SIGCONT");
  };
  const release = onSuspend(goOn);
  try {
    await tell(watchdog, STOPPING);
    const start = performance.now();
    await stopAll(pid);
    return () => {
      const wentOn = !isStill(pid);
      goOn();
      release();
      const millis = Math.round(performance.now() - start);
      leave(watchdog, DONE);
      say(
        wentOn ? `went on while it was read, after less than ${millis} ms` : `was stopped for ${millis} ms`,
      );
    };
  } catch (error) {
    // At the end of its input the watchdog lets the process go on.
    leave(watchdog, "");
    release();
    throw error;
  }
}

/** Before Ctrl-Z stops this program, what it has stopped goes on: it may be hours until somebody says `fg`. */
function onSuspend(goOn: () => void): () => void {
  const suspend = () => {
    release();
    goOn();
    process.kill(process.pid, "SIGTSTP");
  };
  const release = () => process.removeListener("SIGTSTP", suspend);
  process.on("SIGTSTP", suspend);
  return release;
}

async function startWatchdog(pid: number, startTime: string): Promise<ChildProcess> {
  const watchdog = spawn(process.execPath, [watchdogPath, String(pid), startTime], {
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
    env: {},
  });
  const ready = new AbortController();
  try {
    const signals = { signal: ready.signal };
    const { stdout } = watchdog;
    if (stdout === null) throw new CoregramError("io", "the watchdog has no output");
    await Promise.race([
      once(stdout, "data", signals),
      once(watchdog, "exit", signals).then(() => {
        throw new CoregramError(
          "io",
          `pid ${pid} is not stopped: the watchdog that lets it go on does not start`,
        );
      }),
    ]);
  } finally {
    ready.abort();
  }
  watchdog.unref();
  return watchdog;
}

function tell({ stdin }: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stdin === null) throw new CoregramError("io", "the watchdog has no input");
    stdin.write(word, (error) => (error ? reject(error) : resolve()));
  });
}

/** Says a last word, and lets this program end without waiting for the watchdog. */
function leave({ stdin, stdout }: ChildProcess, word: string): void {
  stdin?.on("error", () => {});
  stdin?.end(word);
  stdout?.destroy();
}

function signal(pid: number, name: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, name);
  } catch (cause) {
    const why =
      cause instanceof Error && "code" in cause && cause.code === "EPERM" ? "is not allowed" : "failed";
    throw new CoregramError("io", `pid ${pid}: ${name} ${why}: kill(2) needs its user or CAP_KILL`, {
      cause,
    });
  }
}

/** Whether no thread of it does anything. */
function isStill(pid: number): boolean {
  const folder = `/proc/${pid}/task`;
  let tids: string[];
  try {
    tids = readdirSync(folder);
  } catch {
    return true;
  }
  return tids.every((tid) => STILL.has(stateAt(`${folder}/${tid}`) ?? "X"));
}

/** Again at each poll: where this program was stopped meanwhile, the watchdog has let the process go on. */
async function stopAll(pid: number): Promise<void> {
  for (let polls = 0; polls < MOST_POLLS; polls += 1) {
    signal(pid, "SIGSTOP");
    if (isStill(pid)) return;
    await sleep(POLL_MILLIS);
  }
  throw new CoregramError(
    "io",
    `pid ${pid} does not stop: a thread of it is in state D, as one is that waits for a device, or for what it started by vfork(2)`,
  );
}
