import { readFileSync } from "node:fs";

/** When a process began, in ticks since the machine did (proc(5), /proc/PID/stat, 22): tells it from a later one of its number. */
export function startTimeOf(pid: number): string | null {
  // The second field is a name that may have anything in it, and ends with the last parenthesis.
  return fieldsBehindName(`/proc/${pid}/stat`)?.[19] ?? null;
}

/** `R`, `S`, `T`, `Z`, … of a process or a thread; null where it is gone. */
export function stateAt(folder: string): string | null {
  return fieldsBehindName(`${folder}/stat`)?.[0] ?? null;
}

function fieldsBehindName(path: string): string[] | null {
  try {
    const text = readFileSync(path, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
