import {
  appendFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** The holder touches its lock this often; one that was not touched for `STALE_MILLIS` has no holder. */
const BEAT_MILLIS = 2_000;
const STALE_MILLIS = 30_000;
const POLL_MILLIS = 200;

/**
 * Runs the task while no other process that asks for the same lock does. A lock whose holder died (by its
 * process ID on this host, by its age on others) is taken over. `onWait` is called once if there is a wait.
 *
 * The task gets a function that makes a child process a holder, too: where this process is killed, npm goes on.
 * @template T
 * @param {string} path
 * @param {(adopt: (pid: number) => void) => Promise<T>} task
 * @param {(pid: string | undefined) => void} onWait
 * @returns {Promise<T>}
 */
export async function withLock(path, task, onWait) {
  const mine = `${process.pid} ${hostname()} ${process.hrtime.bigint()}`;
  for (let waited = false; !tryCreate(path, mine); ) {
    const holder = readHolder(path);
    if (holder?.stale) takeAway(path, holder.text);
    else if (holder) {
      if (!waited) onWait(holder.pid);
      waited = true;
      await sleep(POLL_MILLIS);
    }
  }
  const isMine = () => readHolder(path)?.text.startsWith(mine) === true;
  const release = () => {
    if (isMine()) rmSync(path, { force: true });
  };
  const beat = setInterval(() => {
    const now = new Date();
    if (isMine()) utimesSync(path, now, now);
  }, BEAT_MILLIS);
  process.once("exit", release);
  try {
    return await task((pid) => appendFileSync(path, ` ${pid}`));
  } finally {
    clearInterval(beat);
    process.off("exit", release);
    release();
  }
}

/**
 * @param {string} path
 * @param {string} text
 */
function tryCreate(path, text) {
  try {
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Who holds the lock, or null where nobody does any more.
 * @param {string} path
 */
function readHolder(path) {
  try {
    const text = readFileSync(path, "utf8");
    const { mtimeMs } = statSync(path);
    const [pid, host, , ...children] = text.split(" ");
    const dead = host === hostname() && ![pid, ...children].some((id) => isRunning(Number(id)));
    // An empty file is one that is being written: only its age says that nobody does.
    return { text, pid, stale: (text !== "" && dead) || Date.now() - mtimeMs > STALE_MILLIS };
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

/**
 * Whether a process of that ID runs on this host.
 * @param {number} pid
 */
export function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

// Two processes may find the same stale lock; the slower of them must not remove the faster one's new lock.
/**
 * @param {string} path
 * @param {string} staleText
 */
function takeAway(path, staleText) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  const text = readFileSync(aside, "utf8");
  if (text !== staleText) tryCreate(path, text);
  rmSync(aside, { force: true });
}
