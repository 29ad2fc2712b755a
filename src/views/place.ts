const UNKNOWN = "?";

/** `FILE:LINE`, or the file alone; ? for what is not known. */
export function placeText(
  place: { readonly file: string | null; readonly line: number | null } | undefined,
): string {
  const { file, line } = place ?? { file: null, line: null };
  return line === null ? (file ?? UNKNOWN) : `${file ?? UNKNOWN}:${line}`;
}
