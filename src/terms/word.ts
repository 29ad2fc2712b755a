import { toBigIntBE, toBigIntLE } from "bigint-buffer/dist/browser.js";

/** Bytes of the machine word that coregram counts unless told otherwise. */
const WORD_BYTES = 8;

/** How the bytes of the input are cut into words. */
export interface WordShape {
  readonly bytes: 4 | 8;
  readonly endian: "little" | "big";
}

/** The word in lower-case hex, two digits a byte: `00007f01104e0c70`. */
export function formatWord(word: bigint, bytes: 4 | 8 = WORD_BYTES): string {
  return word.toString(16).padStart(2 * bytes, "0");
}

/** The word whose 4 or 8 bytes those are: one at a time, at the edges; in bulk, words are in typed arrays. */
export function wordFromBytes(bytes: Uint8Array, endian: WordShape["endian"]): bigint {
  if (bytes.length !== 4 && bytes.length !== WORD_BYTES)
    throw new RangeError(`a word has 4 or 8 bytes, not ${bytes.length}`);
  // bigint-buffer gets exactly 8 bytes: a shorter word stands at the end that counts least.
  const whole = Buffer.alloc(WORD_BYTES);
  if (endian === "little") {
    whole.set(bytes, 0);
    return toBigIntLE(whole);
  }
  whole.set(bytes, WORD_BYTES - bytes.length);
  return toBigIntBE(whole);
}
