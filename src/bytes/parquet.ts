import { openFile } from "./file.ts";
import { hasMagic } from "./parquet/magic.ts";
import type { ParquetFile } from "./parquet/parquet-file.ts";
import type { FileSource } from "./source.ts";

/** Whether a path is a regular file that begins and ends as Parquet does. What cannot be opened is none. */
export function isParquet(path: string): boolean {
  let file: FileSource;
  try {
    file = openFile(path);
  } catch {
    return false;
  }
  try {
    return hasMagic(file);
  } catch {
    return false;
  } finally {
    file.close();
  }
}

/**
 * Opens a Parquet file; what reads it is loaded now. No size in it is trusted: each is held against the file's, and against
 * what a row group may have.
 * @throws CoregramError `io`, `format` where it is none, or broken
 */
export async function openParquet(path: string): Promise<ParquetFile> {
  const { readParquet } = await import("./parquet/read.ts");
  const file = openFile(path);
  try {
    return readParquet(file);
  } catch (error) {
    file.close();
    throw error;
  }
}
