import type { Identity } from "../image/index.ts";
import type { View } from "./view.ts";

/** How a result becomes text, or bytes. */
export interface Format {
  /** As `--format` takes it. */
  readonly name: string;
  /** Whether it is nothing that a terminal could show. */
  readonly isBinary?: true;
  /**
   * The output in chunks of about 64 KiB, of text in whole lines, made as they are asked for: memory does not depend on
   * the number of rows. Encode text as UTF-8. A chunk of bytes is valid until the next one is asked for.
   */
  readonly render: (
    view: View,
    options: FormatOptions,
  ) => Iterable<string | Uint8Array> | AsyncIterable<Uint8Array>;
}

/** A format whose chunks are there at once. */
export interface TextFormat extends Format {
  readonly render: (view: View, options: FormatOptions) => Iterable<string | Uint8Array>;
}

export interface FormatOptions {
  /** Whether the table may use terminal colours; no other format has any. */
  readonly color: boolean;
  /** What the result is of, for a format that has a place for more than that; none unless said. */
  readonly cores?: readonly Identity[];
}
