import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { Command } from "../../../src/commands/shell/command.ts";
import { COMMANDS } from "../../../src/commands/shell/commands.ts";
import { readPlainLine } from "../../../src/commands/shell/plain-line.ts";
import { readLine } from "../../../src/commands/shell/read-line.ts";

vi.stubGlobal("VERSION", "0.0.0");

const files = fc.constantFrom(
  "core",
  "./info",
  "other",
  "types",
  "7f00",
  "a=b",
  "a b",
  "a.b",
  "true",
  "0x10",
  "1e5",
);
const oddities = fc.constantFrom(
  "--",
  "--help",
  "-nq",
  "-n5",
  "--top=3",
  "--minCount",
  "-",
  "",
  "'x'",
  "--typo",
  "-q",
);

/** An option of the command with a value that it may take, or none. */
function optionOf({ options }: Command): fc.Arbitrary<string[]> {
  return fc
    .constantFrom(...Object.entries(options))
    .chain(([name, { alias, choices, type }]): fc.Arbitrary<string[]> => {
      const written = fc.constantFrom(`--${name}`, ...(alias === undefined ? [] : [`-${alias}`]));
      const values = [...(choices ?? ["1", "12", "512M", "0x7f00"]).map(String), "x"];
      return type === "boolean" ? fc.tuple(written) : fc.tuple(written, fc.constantFrom(...values));
    });
}

/** Mostly a command line as people write it: a command, its options, files; now and then something else. */
const lines = fc
  .constantFrom(...COMMANDS)
  .chain((command) =>
    fc
      .array(
        fc.oneof(
          { weight: 6, arbitrary: optionOf(command) },
          { weight: 6, arbitrary: fc.tuple(files) },
          { weight: 1, arbitrary: fc.tuple(oddities) },
          { weight: 1, arbitrary: fc.constantFrom(...COMMANDS).chain(optionOf) },
        ),
        { maxLength: 5 },
      )
      .map((words) => [...command.line.split(" ", 1).filter((name) => name !== "$0"), ...words.flat()]),
  );

/** What the command would get; null where it would not be called. */
async function readWithYargs(argv: readonly string[]) {
  try {
    return await readLine(argv, COMMANDS);
  } catch {
    return null;
  }
}

test("what is read without yargs, yargs reads the same", async () => {
  let plainly = 0;
  await fc.assert(
    fc.asyncProperty(lines, async (argv) => {
      const plain = readPlainLine(argv, COMMANDS);
      if (plain === null) return;
      ++plainly;
      const careful = await readWithYargs(argv);
      expect(careful?.command).toBe(plain.command);
      for (const [name, value] of Object.entries(plain.args)) expect(careful?.args[name]).toEqual(value);
      const given = Object.entries(careful?.args ?? {}).filter(([, value]) => value !== undefined);
      for (const [name] of given) if (/^[a-z]{3,}$/i.test(name)) expect(plain.args).toHaveProperty(name);
    }),
    { numRuns: 3000 },
  );
  // Enough of them to say anything.
  expect(plainly).toBeGreaterThan(300);
});

test.each([
  [["core"]],
  [["core", "--no-names", "--threads", "2"]],
  [["core", "-s", "a", "-s", "b", "--top", "3", "-q"]],
  [["types", "core", "--sort", "count", "-f", "table"]],
  [["diff", "old", "new", "--by", "owner"]],
  [["whatis", "core", "7f00", "0x10", "--word", "4"]],
])("%j is read without yargs", (argv) => {
  expect(readPlainLine(argv, COMMANDS)).not.toBeNull();
});

test.each([
  [[]],
  [["--help"]],
  [["-"]],
  [["core", "--", "-x"]],
  [["core", "-n5"]],
  [["core", "--top=5"]],
  [["core", "--top", "0"]],
  [["core", "--top"]],
  [["core", "--top", "1", "--top", "2"]],
  [["core", "--top", "1", "--all"]],
  [["core", "--format", "xml"]],
  [["core", "--typo"]],
  [["core", "another"]],
  [["--quiet", "types", "core"]],
  [["types"]],
  [["types", "core", "--by", "owner"]],
])("%j is left to yargs", (argv) => {
  expect(readPlainLine(argv, COMMANDS)).toBeNull();
});
