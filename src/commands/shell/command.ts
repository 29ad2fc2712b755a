import type { ArgumentsCamelCase, InferredOptionTypes, Options, PositionalOptions } from "yargs";

export type Example = [command: string, what: string];

/** A command as data: the reader of command lines, and the help, go by it. */
export interface Command {
  /** Its name and what it is about, as yargs writes it: `types <core>`; `$0` stands for no name. */
  readonly line: string;
  /** What the default is called by where its name is given all the same. */
  readonly alias?: string;
  readonly describe: string;
  /** What stands behind `coregram` in the one line that says how it is called. */
  readonly usage: string;
  /** What its plain rows hold, column by column, and what else is to be known; ends the help. */
  readonly rows: string;
  readonly positionals: Readonly<Record<string, PositionalOptions>>;
  readonly options: Readonly<Record<string, Options>>;
  readonly examples: readonly Example[];
  /** Gets what was read, by the names of positionals and options in camel case. */
  readonly run: (args: never) => Promise<number | undefined>;
}

/** Its name on a command line; null for the default, which has none. */
export function nameOf({ line }: Command): string | null {
  const [name = ""] = line.split(" ");
  return name === "$0" ? null : name;
}

/** A command whose `run` gets what its own positionals and options hold. */
export function defineCommand<P extends Record<string, PositionalOptions>, O extends Record<string, Options>>(
  command: Omit<Command, "positionals" | "options" | "run"> & {
    readonly positionals: P;
    readonly options: O;
    readonly run: (
      args: ArgumentsCamelCase<InferredOptionTypes<P> & InferredOptionTypes<O>>,
    ) => Promise<number | undefined>;
  },
): Command {
  return command;
}
