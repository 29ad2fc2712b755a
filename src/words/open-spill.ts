import { fileSource, openTemporaryFile } from "../bytes/index.ts";
import type { Crew, Spill } from "../kernel/index.ts";

/** A temporary file for all threads of a crew, closed with it. */
export async function openSpill(crew: Crew, temporaryFolder: string): Promise<Spill> {
  const file = fileSource("temporary file", await openTemporaryFile(temporaryFolder), 0);
  crew.onClose(() => file.close());
  return { fd: file.fd, folder: temporaryFolder, bytes: new BigInt64Array(new SharedArrayBuffer(8)) };
}
