import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { answer, type Desk } from "../../../src/commands/shell/answer.ts";
import { makeScratch } from "../../bytes/scratch.ts";

const scratch = makeScratch();
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const listeners = () => SIGNALS.map((signal) => process.listenerCount(signal));

/** Has two things closed after the work, and tells in which order that was. */
async function run(name: string, work: (desk: Desk) => Promise<Iterable<string>>) {
  const output = join(scratch.folder, name);
  const events: string[] = [];
  const before = listeners();
  const outcome = await answer({ output, quiet: true }, async (desk) => {
    for (const thing of ["first", "second"])
      desk.keep({
        close: () => {
          events.push(`${thing} closed, ${existsSync(output) ? "written" : "not written"}`);
        },
      });
    // While there is a temporary file, a signal takes it away.
    expect(listeners()).toEqual(before.map((count) => count + 1));
    return work(desk);
  }).then(
    () => "done",
    (error: Error) => error.message,
  );
  expect(listeners()).toEqual(before);
  return { outcome, events, output };
}

it("what is kept is closed once the answer is written, the last one first", async () => {
  const { outcome, events, output } = await run("rows", async () => ["one\n", "two\n"]);
  expect(outcome).toBe("done");
  expect(events).toEqual(["second closed, written", "first closed, written"]);
  expect(readFileSync(output, "utf8")).toBe("one\ntwo\n");
});

it("what is kept is closed where the work fails, and no file stays", async () => {
  const { outcome, events, output } = await run("none", async () => {
    throw new Error("nothing is there");
  });
  expect(outcome).toBe("nothing is there");
  expect(events).toEqual(["second closed, not written", "first closed, not written"]);
  expect(existsSync(output)).toBe(false);
  expect(readdirSync(scratch.folder).filter((name) => name.startsWith(".coregram"))).toEqual([]);
});

it("without a temporary file signals keep what they do", async () => {
  const before = listeners();
  await answer({ output: "/dev/null", quiet: true }, async () => {
    expect(listeners()).toEqual(before);
    return [];
  });
  expect(listeners()).toEqual(before);
});
