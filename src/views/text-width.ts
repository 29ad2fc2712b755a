import stringWidth from "fast-string-width";
import { isPlain } from "../terms/index.ts";

/**
 * What a terminal draws nothing for, and the library counts as a column: zero width spaces and operators, and a joiner
 * (U+200D) that follows no emoji.
 */
const INVISIBLE =
  /[\u200b\u200c\u2060-\u2064\ufeff]|(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d/gu;

/**
 * Columns that a printable text takes on a terminal: two for what is wide (Unicode Standard Annex 11) and for an emoji,
 * however many characters it is made of; none for combining marks; one for what is ambiguous.
 */
export function textWidth(text: string): number {
  // Nearly all cells are plain ASCII.
  if (isPlain(text)) return text.length;
  // Composed, so that Hangul in parts is as wide as the syllable that is drawn.
  return stringWidth(text.normalize("NFC").replace(INVISIBLE, ""));
}
