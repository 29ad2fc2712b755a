import { readFileSync } from "node:fs";

/** What /proc says of a process: a folder there, and the texts in it. */
export const procFolder = (pid: number): string => `/proc/${pid}`;

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
