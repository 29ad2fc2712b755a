/** Bytes of the machine word that coregram counts unless told otherwise. */
export const WORD_BYTES = 8;

/** How the bytes of the input are cut into words. */
export interface WordShape {
  readonly bytes: 4 | 8;
  readonly endian: "little" | "big";
}

/** The word in lower-case hex, two digits a byte: `00007f01104e0c70`. */
export function formatWord(word: bigint, bytes: 4 | 8 = WORD_BYTES): string {
  return word.toString(16).padStart(2 * bytes, "0");
}
