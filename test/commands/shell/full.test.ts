import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { coregram, Scratch, sample, shell, words } from "../program.ts";

const scratch = new Scratch();
const core = scratch.put("core", words([1n, 2n, 1n]));
const rows = "      2 0000000000000001\n      1 0000000000000002\n";

/** A device that has no space, ever (full(4)). */
describe.skipIf(!existsSync("/dev/full"))("where nothing can be written", () => {
  it.each(["--help", "types --help", "help types", "--version", "types --version", core])(
    "%s says so, and ends with 1",
    async (line) => {
      expect(await shell(`$CG ${line} > /dev/full`)).toEqual({
        status: 1,
        signal: null,
        stdout: "",
        stderr: "coregram: standard output cannot be written: no space left on device (ENOSPC)\n",
      });
    },
  );

  it("a note is lost, and not the answer", async () => {
    const warned = scratch.put("warned", Buffer.from("\x7fELF\x02\x01\x01".padEnd(32, "\0"), "latin1"));
    const noted = await coregram([warned]);
    expect(noted.stderr).toMatch(/^coregram: warning: /);
    const unheard = await shell(`$CG ${warned} 2> /dev/full`);
    expect(unheard).toMatchObject({ status: 0, stdout: noted.stdout });
    const types = `$CG types ${sample("downstream-after.core.gz")} -n3`;
    expect(await shell(`${types} 2> /dev/full`)).toEqual({ ...(await shell(`${types} -q`)) });
  });

  it("an error keeps its status", async () => {
    for (const [line, status] of [
      ["nowhere", 1],
      ["--bogus", 2],
    ] as const)
      expect(await shell(`$CG ${line} 2> /dev/full`)).toMatchObject({ status, stdout: "", stderr: "" });
  });
});

describe("an answer without a row", () => {
  it.each([
    [["--min-count", "9", core], "nothing matches"],
    [[scratch.put("nothing", "")], "it is empty"],
    [["diff", sample("downstream-after.core.gz"), sample("downstream-after.core.gz")], "nothing differs"],
    [["owners", "--suspects", sample("downstream-before.core.gz")], "nothing looks like a leak"],
    [["traces", "--domain", "7", sample("traced-after.core.xz")], "nothing matches"],
  ])("says so: %j", async (args, why) => {
    const run = await coregram(args);
    expect(run).toMatchObject({ status: 0, stdout: "" });
    expect(run.stderr.split("\n").slice(-2)).toEqual([`coregram: no rows: ${why}`, ""]);
    expect((await coregram([...args, "-q"])).stderr).toBe("");
  });

  it("is none where there are rows, or a frame around them", async () => {
    expect(await coregram([core])).toMatchObject({ stdout: rows, stderr: "" });
    expect((await coregram([core, "--min-count", "9", "-f", "json"])).stderr).toBe("");
  });
});
