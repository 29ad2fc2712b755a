import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FOLDER_PREFIX } from "../shell/answer-folder.ts";

/** Bytes of a block of st_blocks (stat(2)). */
const BLOCK_BYTES = 512;

/** What was removed to make room. */
export interface Removed {
  readonly folders: number;
  readonly bytes: number;
}

/**
 * Removes the oldest folders of answers until all of them take no more than `most` bytes on disk; the newest stays whatever it
 * takes. What else is in the folder is not touched.
 */
export function removeOldest(folder: string, most: number): Removed {
  const answers = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(FOLDER_PREFIX))
    .map(({ name }) => {
      const path = join(folder, name);
      return { path, bytes: bytesOnDisk(path), time: lstatSync(path).mtimeMs };
    })
    .sort((a, b) => a.time - b.time || (a.path < b.path ? -1 : 1));
  let all = answers.reduce((sum, { bytes }) => sum + bytes, 0);
  let folders = 0;
  let removed = 0;
  for (const { path, bytes } of answers.slice(0, -1)) {
    if (all <= most) break;
    rmSync(path, { recursive: true, force: true });
    all -= bytes;
    removed += bytes;
    folders += 1;
  }
  return { folders, bytes: removed };
}

function bytesOnDisk(folder: string): number {
  let sum = 0;
  for (const name of readdirSync(folder)) sum += lstatSync(join(folder, name)).blocks * BLOCK_BYTES;
  return sum;
}
