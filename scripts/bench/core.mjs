import { spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, readSync, statfsSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Sessions that make the process a good 450 MB large. */
const SESSIONS = 230_000;
const LEAST_BYTES = 400_000_000;

export const HEAP = { program: "heap.py", count: SESSIONS, leastBytes: LEAST_BYTES };

/**
 * Starts a program of this folder that says when it is ready.
 * @param {{ program: string, count: number, env?: Record<string, string> }} what heap.py, some 450 MB large
 */
export async function startProgram({ program, count, env } = HEAP) {
  const script = fileURLToPath(new URL(program, import.meta.url));
  const started = spawn("python3", [script, String(count)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  process.once("exit", () => started.kill("SIGKILL"));
  await new Promise((resolve, reject) => {
    started.on("error", reject);
    started.on("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
    started.stdout.once("data", resolve);
  });
  started.removeAllListeners("exit");
  return started;
}

/**
 * Starts a program of this folder, dumps it with gcore into the folder, and returns the core's path.
 * @param {string} folder
 * @param {{ program: string, count: number, leastBytes: number, env?: Record<string, string> }} what heap.py, so large that
 *   its core is worth timing
 */
export async function makeCore(folder, { program, count, leastBytes, env } = HEAP) {
  const heap = await startProgram({ program, count, ...(env && { env }) });
  try {
    const dump = spawnSync("gcore", ["-o", join(folder, "core"), String(heap.pid)], { encoding: "utf8" });
    if (dump.error) throw dump.error;
    const core = join(folder, `core.${heap.pid}`);
    const bytes = statSync(core, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes < leastBytes) throw new Error(`gcore left ${bytes} bytes: ${dump.stderr}`);
    return core;
  } finally {
    heap.kill();
  }
}

/**
 * The first `bytes` bytes of the file, or all of it `times` times, as a new file.
 * @param {string} from
 * @param {string} to
 * @param {{ bytes?: number, times?: number }} size
 */
export function copyFile(from, to, { bytes = Number.POSITIVE_INFINITY, times = 1 }) {
  const source = openSync(from, "r");
  const target = openSync(to, "wx");
  const buffer = Buffer.allocUnsafe(1 << 22);
  for (let time = 0; time < times; time++) {
    for (let at = 0; at < bytes; ) {
      const read = readSync(source, buffer, 0, Math.min(buffer.length, bytes - at), at);
      if (read === 0) break;
      for (let done = 0; done < read; ) done += writeSync(target, buffer, done, read - done);
      at += read;
    }
  }
  closeSync(source);
  closeSync(target);
  return to;
}

/**
 * Why a file of that size cannot be made in the folder and held in the page cache, or null where it can.
 * @param {string} folder
 * @param {number} bytes
 */
export function lackOfRoom(folder, bytes) {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < bytes * 1.1) return `no room on disk for ${bytes} bytes`;
  const [, kilobytes] = /^MemAvailable:\s+(\d+)/m.exec(readFileSync("/proc/meminfo", "utf8")) ?? [];
  if (Number(kilobytes) * 1024 < bytes * 1.2) return `no room in memory for ${bytes} bytes of page cache`;
  return null;
}
