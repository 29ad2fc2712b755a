import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * The folder that /proc has of a process. One whose first thread has ended while others go on is there as a zombie without
 * memory (pthread_exit(3) of main); the folder of another thread has all of it, and is found by its number alone.
 */
export function procFolder(pid: number): string {
  const folder = `/proc/${pid}`;
  if (hasProgram(folder)) return folder;
  let tids: string[] = [];
  try {
    tids = readdirSync(`${folder}/task`);
  } catch {
    // It is gone.
  }
  const other = tids.map((tid) => `/proc/${tid}`).find(hasProgram);
  return other ?? folder;
}

/** Not so of zombies, kernel threads, and what may not be read. */
function hasProgram(folder: string): boolean {
  try {
    readlinkSync(`${folder}/exe`);
    return true;
  } catch {
    return false;
  }
}

/**
 * A file of a process, in Latin-1, a character a byte.
 * @throws what readFileSync throws: ENOENT and ESRCH where the process is gone, EACCES where it is another's
 */
export function readProc(folder: string, name: string): string {
  return readFileSync(`${folder}/${name}`, "latin1");
}

/** The same; null where it cannot be read. */
export function tryProc(folder: string, name: string): string | null {
  try {
    return readProc(folder, name);
  } catch {
    return null;
  }
}

/** The value of a line `Name:\tvalue` of /proc/PID/status; null where there is none. */
export function statusValue(status: string, name: string): string | null {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, "m").exec(status)?.[1] ?? null;
}

/** The first number of such a value. */
export function statusNumber(status: string, name: string): number | null {
  const value = statusValue(status, name);
  const number = value === null ? Number.NaN : Number.parseInt(value, 10);
  return Number.isNaN(number) ? null : number;
}
