import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Frame } from "../../src/answers/index.ts";
import { findPythons } from "../runtimes/pythons.ts";
import { pathOf } from "../runtimes/read-core.ts";
import { checkFrame } from "../views/frame-check.ts";
import { coregram, Scratch, start, until } from "./program.ts";

const scratch = new Scratch();
/** Traces stand in the table's entries, behind pointers, and with the interpreter's state in one struct. */
const PYTHONS = findPythons().filter((path) => /^python3\.(8|11|13)$/.test(basename(path)));
const DUMPS = 3;
const MOST_MILLIS = 1500;

describe.skipIf(PYTHONS.length === 0).each(PYTHONS)("%s, dumped while it allocates", (python) => {
  it("has its traces, and says what is torn", { timeout: 300_000 }, async (context) => {
    const running = start(python, ["-B", pathOf("programs/allocates.py")]);
    try {
      let said = "";
      running.stdout.on("data", (text: string) => {
        said += text;
      });
      await until(() => said.includes("ready"));
      for (let dump = 0; dump < DUMPS; dump += 1) {
        await sleep(Math.random() * MOST_MILLIS);
        const core = scratch.path(`core.${running.pid}`);
        const made = spawnSync("gcore", ["-o", scratch.path("core"), String(running.pid)], {
          stdio: "ignore",
        });
        if (made.status !== 0 || !existsSync(core)) return context.skip("gcore may not attach here");
        // It would take a processor meanwhile.
        running.kill("SIGSTOP");
        await checkTraces(core);
        rmSync(core);
        running.kill("SIGCONT");
      }
    } finally {
      running.kill("SIGKILL");
    }
  });
});

async function checkTraces(core: string): Promise<void> {
  const tracesOf = async (
    ...more: readonly string[]
  ): Promise<Frame<"coregram/traces@1"> & { said: string }> => {
    const run = await coregram(["traces", core, "--all", "-f", "json", ...more]);
    expect(run.status, run.stderr).toBe(0);
    const frame = JSON.parse(run.stdout);
    expect(checkFrame(frame)).toEqual([]);
    return { ...frame, said: run.stderr };
  };
  for (const by of ["line", "traceback", "owner"]) {
    const { totals, rows, said } = await tracesOf("--by", by);
    expect(rows.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(totals.bytes);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(totals.traces);
    expect(totals.domains.reduce((sum, { traces }) => sum + traces, 0)).toBe(totals.traces);
    expect(totals.traces).toBeGreaterThan(100);
    // One trace is under way, or a table is growing: then those that it moves are in neither of its two places.
    const [, lost = "0"] = /([\d,]+) of [\d,]+ traces could not be read/.exec(said) ?? [];
    expect(Number(lost.replaceAll(",", ""))).toBe(totals.missing);
    if (totals.tracedBytes !== totals.bytes) expect(said).toMatch(/in the middle of an allocation/);
    else expect(said).not.toMatch(/tracemalloc itself counted/);
  }
  for (const args of [
    ["owners", core, "--lines"],
    ["stacks", core],
  ]) {
    const { status, stdout, stderr } = await coregram(args);
    expect(status, `${args[0]}: ${stderr}`).toBe(0);
    expect(stdout.length, args[0]).toBeGreaterThan(100);
  }
}
