import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { BIN, start } from "./commands/program.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const text = readFileSync(`${root}README.md`, "utf8");

/** A command that the README shows, and what it says that it prints. */
interface Example {
  readonly command: string;
  readonly printed: string;
}

/** The examples of a text: in its blocks of code, from a line `$ coregram …` to the next or to the block's end. */
function examplesOf(markdown: string): Example[] {
  const examples: Example[] = [];
  for (const [, block = ""] of markdown.matchAll(/^```\w*\n([\s\S]*?)^```$/gm))
    for (const part of block.split(/^\$ /m).slice(1)) {
      const [command = "", ...lines] = part.trimEnd().split("\n");
      if (command.startsWith("coregram ")) examples.push({ command, printed: `${lines.join("\n")}\n` });
    }
  return examples;
}

const examples = examplesOf(text);

describe("the README's example", () => {
  it("is one of many", () => {
    expect(examples.length).toBe(text.match(/^\$ coregram /gm)?.length);
    expect(examples.length).toBeGreaterThan(8);
  });

  it.each(examples)("$command prints what it says", async ({ command, printed }) => {
    // A file without a folder is the sample's.
    const cwd = command.includes(" samples/") ? root : `${root}samples`;
    const script = `coregram() { "$NODE" "$BIN" "$@"; }; ${command}`;
    const env = { ...process.env, NODE: process.execPath, BIN };
    const run = await start("bash", ["-c", script], { cwd, env }).ended;
    // What a run prints is bytes, here a character each.
    const [rows, notes] = [run.stdout, run.stderr].map((said) =>
      Buffer.from(said, "latin1").toString("utf8"),
    );
    const isNote = (line: string) => line.startsWith("coregram: ");
    const lines = printed.split("\n");
    expect(rows).toBe(lines.filter((line) => !isNote(line)).join("\n"));
    // Notes are on stderr, and the README leaves out those that are about the run alone.
    expect(notes?.split("\n")).toEqual(expect.arrayContaining(lines.filter(isNote)));
    expect(run.status).toBe(0);
  });
});

it("examples are found with what they print, and other commands are not", () => {
  const markdown =
    "```\n$ coregram a --b\n 1 x\n\n 2 y\n\n$ coregram c\n 3\n$ other\n```\ntext\n```\n$ ls\n```\n";
  expect(examplesOf(markdown)).toEqual([
    { command: "coregram a --b", printed: " 1 x\n\n 2 y\n" },
    { command: "coregram c", printed: " 3\n" },
  ]);
});
