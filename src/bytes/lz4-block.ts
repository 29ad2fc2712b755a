// The one hot loop of lz4, apart so that it is compiled on its own.

/** A match at least this long is moved by the engine: below, the call costs more than the bytes. */
const LONG_BYTES = 32;
/** A match is at least this long; its length counts from there (lz4_Block_format.md). */
const LEAST_MATCH_BYTES = 4;

/**
 * Decodes one block into `into` from `start` on, which may look back as far as `low`.
 * Nothing is read or written past the ends, whatever the block says.
 * @returns where the output ends, or -1 - N where byte N of the block makes no sense
 */
export function decodeLz4Block(block: Uint8Array, into: Uint8Array, start: number, low: number): number {
  const end = block.length;
  let at = 0;
  let to = start;
  while (at < end) {
    const token = block[at++] as number;
    let literals = token >> 4;
    if (literals === 15) {
      for (let more = 255; more === 255; literals += more) {
        if (at === end) return -1 - at;
        more = block[at++] as number;
      }
    }
    if (literals > end - at || literals > into.length - to) return -1 - at;
    if (literals > LONG_BYTES) into.set(block.subarray(at, at + literals), to);
    else for (let n = 0; n < literals; n++) into[to + n] = block[at + n] as number;
    at += literals;
    to += literals;
    // The last sequence has no match.
    if (at === end) return to;

    if (end - at < 2) return -1 - at;
    const offset = (block[at] as number) | ((block[at + 1] as number) << 8);
    if (offset === 0 || offset > to - low) return -1 - at;
    at += 2;
    let length = (token & 15) + LEAST_MATCH_BYTES;
    if ((token & 15) === 15) {
      for (let more = 255; more === 255; length += more) {
        if (at === end) return -1 - at;
        more = block[at++] as number;
      }
    }
    if (length > into.length - to) return -1 - at;
    if (length < LONG_BYTES) {
      for (let n = 0; n < length; n++) into[to + n] = into[to + n - offset] as number;
    } else {
      // A match may overlap its own output: what is there repeats, twice as much each time.
      const from = to - offset;
      for (let done = 0; done < length; ) {
        const part = Math.min(offset + done, length - done);
        into.copyWithin(to + done, from, from + part);
        done += part;
      }
    }
    to += length;
  }
  return -1 - at;
}
