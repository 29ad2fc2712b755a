import type { SchemaName } from "../answers/index.ts";
import type { Result } from "./result.ts";

/** How a result becomes text. */
export interface Format {
  /** As `--format` takes it. */
  readonly name: string;
  /**
   * The text in chunks of whole lines, about 64 KiB each, made as they are asked for: memory does not
   * depend on the number of rows. Encode them as UTF-8.
   */
  readonly render: <Name extends SchemaName, Entry>(
    result: Result<Name, Entry>,
    options: RenderOptions,
  ) => Iterable<string>;
}

export interface RenderOptions {
  /** Whether the table may use terminal colours; no other format has any. */
  readonly color: boolean;
}
