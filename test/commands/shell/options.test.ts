import { describe, expect, it, vi } from "vitest";
import { COMMANDS } from "../../../src/commands/shell/commands.ts";
import { readLine } from "../../../src/commands/shell/read-line.ts";

// The build sets it.
vi.stubGlobal("VERSION", "0.0.0");

async function helpOf(command: string): Promise<string> {
  const text = await readLine([...command.split(" ").filter(Boolean), "--help"], COMMANDS);
  if (typeof text !== "string") throw new Error(`${command} --help is no question for help`);
  return `${text}\n`;
}

/** The options by the headings under which the help has them; `=` behind those that take a value, `!` behind choices. */
function optionsIn(help: string): Record<string, string> {
  const groups: Record<string, string> = {};
  for (const section of help.split(/\n\n/)) {
    const heading = /^(\w+):\n/.exec(section)?.[1];
    if (heading === undefined || heading === "Examples" || heading === "Commands") continue;
    const options = section.split(/\n(?= {2}(?:-\w, {1,2}--| {4,6}--))/).slice(1);
    if (options.length === 0) continue;
    groups[heading] = options
      .map((option) => {
        const [, short, long] = /^ +(?:-(\w), )? *--([\w-]+)/.exec(option) ?? [];
        const takes = /\[choices:/.test(option) ? "!" : /\[value\]/.test(option) ? "=" : "";
        const kind = takes !== "" || /\[flag\]/.test(option) ? takes : "?";
        return `${short === undefined ? "" : `${short}/`}${long}${kind}`;
      })
      .join(" ");
  }
  return groups;
}

const OUTPUT = "f/format! o/output= color! q/quiet redact redact-key=";
const WORDS = "scope! word! endian! base=";
const NAMES = "s/symbols= nearest sysroot= no-modules no-demangle no-names";
const RESOURCES = "memory= threads=";
const PROCESS = "pid= pause memory=";
const OPTIONS = "V/version h/help";

const HELP: readonly [command: string, groups: Record<string, string>][] = [
  [
    "words",
    {
      ...{
        Process: "pid= pause",
        Input: "strict",
        Rows: "n/top= all min-count=",
        Names: `${NAMES} resolved`,
        Words: `${WORDS} part=`,
        Output: OUTPUT,
      },
      ...{ Resources: RESOURCES, Options: OPTIONS },
    },
  ],
  [
    "types",
    {
      ...{
        Process: PROCESS,
        Input: "strict",
        Rows: "sort! n/top= all strings containers arenas lines",
        Names: "sysroot= no-modules",
        Output: OUTPUT,
      },
      ...{ Resources: "threads=", Options: OPTIONS },
    },
  ],
  [
    "owners",
    {
      ...{
        Process: PROCESS,
        Input: "strict",
        Rows: "holds= type= of= tree depth= unfold suspects lines n/top= all",
        Names: "sysroot= no-modules",
      },
      ...{ Output: OUTPUT, Resources: "threads=", Options: OPTIONS },
    },
  ],
  [
    "diff",
    {
      ...{
        Process: `${PROCESS} wait=`,
        Input: "strict",
        Rows: "by! new n/top= all",
        Names: "sysroot= no-modules",
        Output: OUTPUT,
      },
      ...{ Resources: "threads=", Options: OPTIONS },
    },
  ],
  [
    "info",
    {
      Process: PROCESS,
      Input: "strict check",
      Rows: "objects values",
      Names: "sysroot= no-modules",
      Output: OUTPUT,
      Options: OPTIONS,
    },
  ],
  [
    "whatis",
    {
      Process: "pid= pause",
      Input: "strict",
      Names: NAMES,
      Words: WORDS,
      Output: OUTPUT,
      Resources: RESOURCES,
      Options: OPTIONS,
    },
  ],
  [
    "merge",
    {
      Names: `core= ${NAMES} resolved`,
      Rows: "n/top= all min-count=",
      Output: OUTPUT,
      Resources: "memory=",
      Options: OPTIONS,
    },
  ],
  [
    "symbols",
    {
      ...{
        Process: "pid= pause",
        Input: "strict",
        Rows: "gdb n/top= all min-count=",
        Names: "sysroot=",
        Words: WORDS,
        Output: "o/output= q/quiet redact redact-key=",
      },
      ...{ Resources: RESOURCES, Options: OPTIONS },
    },
  ],
  ["dump", { Output: "o/output= q/quiet redact redact-key=", Resources: "memory=", Options: OPTIONS }],
  [
    "watch",
    {
      ...{
        Watching: "interval= count= owners= children values memory=",
        Answers: "when= o/output= dump once",
      },
      ...{
        Rows: "n/top=",
        Names: "sysroot= no-modules",
        Output: "q/quiet redact redact-key=",
        Resources: "threads=",
      },
      Options: OPTIONS,
    },
  ],
  ["schema", { Rows: "row", Output: "o/output=", Options: OPTIONS }],
];

describe.each(HELP)("%s", (command, groups) => {
  it("shows each option where one looks for it, and whether it takes a value", async () => {
    const name = command === "words" ? "" : command;
    expect(optionsIn(await helpOf(name))).toEqual(groups);
  });

  it("wants a value behind each option that takes one", async () => {
    const names = Object.values(groups)
      .flatMap((options) => options.split(" "))
      .filter((option) => /[=!]$/.test(option))
      .map((option) => option.replace(/^\w\/|[=!]$/g, ""));
    const start =
      command === "words"
        ? ["core"]
        : [command, /^(?:dump|watch)$/.test(command) ? "1" : "core", ...(command === "whatis" ? ["1"] : [])];
    for (const name of names)
      await expect(readLine([...start, `--${name}`], COMMANDS), name).rejects.toMatchObject({
        code: "usage",
        message: `option ${name} needs a value`,
      });
  });
});

async function read(...argv: string[]): Promise<Readonly<Record<string, unknown>>> {
  const line = await readLine(argv, COMMANDS);
  if (typeof line === "string") throw new Error(`${argv.join(" ")} is answered by a text`);
  return line.args;
}

it("of a value given twice the last one counts", async () => {
  expect(await read("core", "-n", "3", "--top=4", "-f", "json", "-f", "csv")).toMatchObject({
    top: 4,
    format: "csv",
  });
  expect(await read("core", "--memory", "1G", "--memory", "64M", "-o", "a", "-o", "b")).toMatchObject({
    memory: 64 * 2 ** 20,
    output: "b",
  });
  expect(await read("core", "--base", "0x1000", "--base", "20", "-s", "a", "-s", "b")).toMatchObject({
    base: 0x20n,
    symbols: ["a", "b"],
  });
  expect(await read("types", "core", "--sort", "name", "--sort", "count")).toMatchObject({ sort: "count" });
  expect(await read("diff", "a", "b", "--by", "owner", "--by", "word")).toMatchObject({ by: "word" });
});

it("of what is not given nothing is known but the defaults", async () => {
  const { top, memory, base, output, sysroot, endian, word, scope, ...others } = { ...(await read("core")) };
  expect([top, memory, base, output, sysroot, endian, word, scope]).toEqual(Array(8).fill(undefined));
  expect(others).toMatchObject({ core: "core", format: "plain", color: "auto" });
  expect(await read("types", "core")).toMatchObject({ sort: "bytes", format: "plain" });
  expect(await read("diff", "a", "b")).toMatchObject({ by: "type", cores: ["a", "b"] });
});

it.each([
  ["core --top 0", /^--top takes a whole number from 1 on, not "0"$/],
  ["core --top 1.5", /^--top takes a whole number from 1 on, not "1.5"$/],
  ["core --top 9007199254740992", /^--top takes a whole number from 1 to 9007199254740991, not "9/],
  ["core --top 99999999999999999999", /^--top takes a whole number from 1 to 9007199254740991, not "9/],
  ["core --pid 2147483648", /^--pid takes a whole number from 1 to 2147483647, not "2147483648"$/],
  ["diagnose core --fail-on leak --over 101", /^--over takes a whole number from 0 to 100, not "101"$/],
  ["core --min-count 0", /^--min-count takes a whole number from 1 on/],
  ["core --threads 0", /^--threads takes a whole number from 1 on/],
  ["owners core --holds x", /^--holds takes a whole number from 0 on, not "x"$/],
  ["owners core --depth 0", /^--depth takes a whole number from 1 on/],
  ["core --memory much", /^--memory takes a size such as 512M or 2G, not "much"$/],
  [
    "core --base here",
    /^--base takes an address of up to 16 hex digits, such as 0x7f0000000000, not "here"$/,
  ],
  ["core --word 3", /--word "?3"?, choose from 4, 8/],
  ["core --endian middle", /--endian "middle", choose from "little", "big"/],
  ["core --scope some", /--scope "some", choose from "all", "memory", "writable"/],
  ["core --color some", /--color "some", choose from "auto", "always", "never"/],
  ["types core --sort some", /--sort "some", choose from "bytes", "count", "freed", "name"/],
  ["diff a b --by some", /--by "some", choose from "type", "owner", "word"/],
])("coregram %s is refused with a reason", async (line, message) => {
  await expect(readLine(line.split(" "), COMMANDS)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(message),
  });
});

it("takes the least that each number can be", async () => {
  expect(await read("core", "--min-count", "1", "--threads", "1", "--top", "9007199254740991")).toMatchObject(
    {
      ...{ minCount: 1, threads: 1, top: 9007199254740991 },
    },
  );
  expect(await read("owners", "core", "--holds", "0", "--depth", "1")).toMatchObject({ holds: 0, depth: 1 });
});

it.each([
  ["core --all --top 1", "all", "top"],
  ["core --no-names --resolved", "no-names", "resolved"],
  ["types core --strings --containers", "strings", "containers"],
  ["types core --strings --arenas", "strings", "arenas"],
  ["types core --containers --arenas", "containers", "arenas"],
  ["owners core --type a --of 1", "type", "of"],
  ["owners core --type a --tree", "type", "tree"],
  ["owners core --type a --depth 1", "type", "depth"],
  ["owners core --type a --suspects", "type", "suspects"],
  ["owners core --of 1 --tree", "of", "tree"],
  ["owners core --of 1 --depth 1", "of", "depth"],
  ["owners core --of 1 --suspects", "of", "suspects"],
  ["owners core --suspects --tree", "suspects", "tree"],
  ["owners core --suspects --depth 1", "suspects", "depth"],
])("coregram %s is refused: these exclude each other", async (line, one, other) => {
  await expect(readLine(line.split(" "), COMMANDS)).rejects.toMatchObject({
    code: "usage",
    message: `--${one} and --${other} exclude each other`,
  });
});

it("what stands in place of CORE is the older or the newer by its place", async () => {
  const isFirst = async (line: string) => (await read(...line.split(" "))).pidFirst;
  expect(await isFirst("diff --pid 12 later.core")).toBe(true);
  expect(await isFirst("diff --pid=12 later.core")).toBe(true);
  expect(await isFirst("diff --by word --pid 12 later.core")).toBe(true);
  expect(await isFirst("diff before.core --pid 12")).toBe(false);
  expect(await isFirst("diff before.core")).toBe(false);
});

it("a line that is refused prints nothing by itself", async () => {
  const spies = [vi.spyOn(console, "log"), vi.spyOn(console, "error")].map((spy) =>
    spy.mockImplementation(() => {}),
  );
  try {
    await expect(readLine(["types", "core", "--none"], COMMANDS)).rejects.toMatchObject({ code: "usage" });
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
});
