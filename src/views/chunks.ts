/** Characters after which a chunk is handed on: a pipe's buffer on Linux (pipe(7)). */
const CHUNK_LENGTH = 64 * 1024;

/** Lines joined to chunks of at least `CHUNK_LENGTH` characters; the last one may be shorter. */
export function* gatherLines(lines: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const line of lines) {
    chunk += line;
    chunk += "\n";
    if (chunk.length >= CHUNK_LENGTH) {
      yield chunk;
      chunk = "";
    }
  }
  if (chunk !== "") yield chunk;
}
