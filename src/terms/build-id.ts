/** Digits of a build ID that tell files apart; JSON has all. */
export const SHOWN_DIGITS = 12;

/** A text with the build IDs in it cut to the digits that are shown. */
export function shortenIds(text: string): string {
  return text.replaceAll(new RegExp(`\\b([0-9a-f]{${SHOWN_DIGITS}})[0-9a-f]+\\b`, "g"), "$1");
}
