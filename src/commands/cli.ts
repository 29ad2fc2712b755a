import yargs from "yargs";
import { CoregramError } from "../terms/index.ts";
import { fail } from "./fail.ts";
import { commonOptions, inputOptions } from "./options.ts";
import { wordsOptions } from "./words-options.ts";

/** Set by the build from package.json. */
declare const VERSION: string;

/** Exit status (DESIGN: 0 done, 1 could not be done, 2 wrong usage). */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

const EXAMPLES: readonly [string, string][] = [
  ["$0 core.25867", "the ten most frequent words of a core"],
  ["$0 core.25867 --symbols syms.txt", "the same, with the names of a symbol map"],
  ["nm -S PROGRAM | $0 core.25867 -s - --resolved", "only words that are addresses in PROGRAM"],
  ["$0 core.25867 --all | grep 00007f01", "every word, as uniq -c | sort -nr prints it"],
  ["$0 core.25867.gz --top 30 --format json", "compressed input, output for a program"],
  ["cat /dev/shm/heap | $0 - --word 4", "a raw heap from a pipe, as 4-byte words"],
];

/** Runs the command that the arguments name. Returns the exit status; never throws. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let status: number = EXIT.done;
  const run = (task: () => Promise<void>) => async () => {
    try {
      await task();
    } catch (error) {
      status = fail(error);
    }
  };
  const parser = yargs([...argv])
    .scriptName("coregram")
    .locale("en")
    .parserConfiguration({ "boolean-negation": false, "duplicate-arguments-array": false })
    .usage("$0 CORE\n\nWhat fills a process's memory: an exact histogram of a core's 8-byte words.")
    .command(
      "$0 [core]",
      "what words fill it",
      (builder) =>
        builder
          .positional("core", {
            type: "string",
            describe: "an ELF core or any file of words, compressed or not; - for stdin",
          })
          .options({ ...wordsOptions, ...inputOptions, ...commonOptions })
          .example(EXAMPLES.map(([command, what]): [string, string] => [command, what])),
      (args) =>
        run(async () => {
          const { runWords } = await import("./words.ts");
          await runWords(args);
        })(),
    )
    .strict()
    .version(VERSION)
    .alias({ help: "h", version: "V" })
    .help()
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .epilogue(
      "Rows: the count, the word, and its name where one is known. Exit status: 0, 1 failed, 2 usage.",
    )
    .showHelpOnFail(false)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new CoregramError("usage", message);
    });
  try {
    await parser.parseAsync();
  } catch (error) {
    return fail(error);
  }
  return status;
}
