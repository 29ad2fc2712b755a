import { spawnSync } from "node:child_process";
import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { BIN, coregram, type Running, Scratch, sample, start, until, words } from "../program.ts";

const scratch = new Scratch();
const bytes = words([1n, 2n, 1n]);
const core = scratch.put("core", bytes);
const ROWS = "      2 0000000000000001\n      1 0000000000000002\n";

/** Longer than a run that needs no progress line. */
const LONG_MILLIS = 450;

/** A shell line on a terminal of its own, 80 columns wide, by script(1) of util-linux; `$CG` starts the program. */
function onTerminal(line: string, columns = 80): { readonly running: Running; readonly shown: () => string } {
  const env = { ...process.env, CG: `${process.execPath} ${BIN}`, TERM: "xterm", SHELL: "/bin/bash" };
  const running = start("script", ["-qefc", `stty cols ${columns}; ${line}`, "/dev/null"], { env });
  let shown = "";
  running.stdout.on("data", (chunk: string) => {
    shown += chunk;
  });
  return { running, shown: () => shown };
}

/** As it was printed: a terminal returns the carriage. */
const unterminal = (text: string): string => text.replaceAll("\r\n", "\n");

const hasTerminal = spawnSync("script", ["-qefc", "true", "/dev/null"]).status === 0;

describe.runIf(hasTerminal)("on a terminal", () => {
  it.each([
    ["a FIFO", (fifo: string) => `$CG ${fifo}`],
    ["a pipe", (fifo: string) => `cat ${fifo} | $CG -`],
  ])("a long run from %s shows how far it is, and takes that away before the rows", async (name, line) => {
    const fifo = scratch.fifo(name.replaceAll(" ", "-"));
    const { running, shown } = onTerminal(line(fifo));
    const input = await open(fifo, "w");
    await input.write(bytes);
    await until(() => /spooling: 24 B/.test(shown()));
    await input.close();
    const { status, stdout } = await running.ended;
    expect(status).toBe(0);
    const text = unterminal(stdout);
    // The line is cleared (EL) before the rows, which are the last that is printed.
    expect(text.endsWith(`\x1b[0K${ROWS}`) || text.endsWith(`\n${ROWS}`)).toBe(true);
    // The cursor stays visible throughout, so that nothing has to bring it back.
    expect(text).not.toContain("\x1b[?25l");
  });

  it("Ctrl-C ends a run that waits for its input", async () => {
    const fifo = scratch.fifo("interrupted");
    const { running, shown } = onTerminal(`exec $CG ${fifo} -o ${scratch.path("rows")}`);
    const input = await open(fifo, "w");
    await until(() => /reading|spooling/.test(shown()));
    running.stdin.write("\x03");
    const { status } = await running.ended;
    expect(status).toBe(130);
    await input.close();
  });

  it("--quiet shows rows and nothing else", async () => {
    const fifo = scratch.fifo("quiet");
    const { running } = onTerminal(`$CG ${fifo} --quiet`);
    const input = await open(fifo, "w");
    await sleep(LONG_MILLIS);
    await input.write(bytes);
    await input.close();
    const { status, stdout } = await running.ended;
    expect({ status, text: unterminal(stdout) }).toEqual({ status: 0, text: ROWS });
  });

  it.each([
    ["of unknown width", "$CG", 0],
    ["that cannot move its cursor", "TERM=dumb $CG", 80],
  ])("one %s gets no progress line", async (name, program, columns) => {
    const fifo = scratch.fifo(name.replaceAll(" ", "-"));
    const { running } = onTerminal(`${program} ${fifo}`, columns);
    const input = await open(fifo, "w");
    await sleep(LONG_MILLIS);
    await input.write(bytes);
    await input.close();
    const { status, stdout } = await running.ended;
    expect(status).toBe(0);
    expect(unterminal(stdout)).toBe(ROWS);
  });

  it("a short run shows rows and nothing else, in the same format as in a pipe", async () => {
    const { running } = onTerminal(`$CG ${core}`);
    const { status, stdout } = await running.ended;
    expect({ status, text: unterminal(stdout) }).toEqual({ status: 0, text: ROWS });
  });

  it("a core is followed by what to ask next, on stderr, and not with --quiet", async () => {
    const file = sample("downstream-after.core.gz");
    // Notes break at the terminal's width.
    const run = async (line: string) =>
      unterminal((await onTerminal(line).running.ended).stdout).replaceAll(/\n {10}(?=\S)/g, " ");
    const next = `coregram: CPython 3.11: coregram diagnose ${file} says what holds its memory\n`;
    expect((await run(`$CG ${file} -n1`)).endsWith(` 701290 0000000000000000\n${next}`)).toBe(true);
    expect(await run(`$CG ${file} -n1 > /dev/null`)).toContain(next);
    expect(await run(`$CG ${file} -n1 -q`)).not.toContain("diagnose");
    expect(await run(`$CG ${file} -n1 2> /dev/null`)).not.toContain("diagnose");
    expect((await coregram([file, "-n1"])).stderr).toBe("");
  });

  it("tables have colour, unless NO_COLOR or --color say no", async () => {
    const piped = await coregram([core, "-f", "table"]);
    const lines = [
      `$CG ${core} -f table`,
      `NO_COLOR=1 $CG ${core} -f table`,
      `$CG ${core} -f table --color never`,
      `NO_COLOR=1 $CG ${core} -f table --color always`,
    ];
    const texts = await Promise.all(
      lines.map(async (line) => unterminal((await onTerminal(line).running.ended).stdout)),
    );
    const [plain, coloured] = [piped.stdout, texts[0]];
    expect(coloured).toContain("\x1b[1m");
    expect(coloured?.replaceAll(/\x1b\[\d+m/g, "")).toBe(plain);
    expect(texts).toEqual([coloured, plain, plain, coloured]);
    expect((await coregram([core, "-f", "table", "--color", "always"])).stdout).toBe(coloured);
  });

  it("--help fits a narrow one", async () => {
    const { running } = onTerminal("$CG --help", 40);
    const { stdout } = await running.ended;
    const lines = unterminal(stdout).split("\n");
    expect(lines.length).toBeGreaterThan(40);
    // The words of the epilogue and of the introduction are wrapped by the terminal itself.
    expect(lines.filter((line) => line.length > 40 && /^ /.test(line))).toEqual([]);
  });
});

describe("without a terminal", () => {
  it("a long run shows rows, and nothing else", async () => {
    const fifo = scratch.fifo("silent");
    const running = start(process.execPath, [BIN, fifo]);
    const input = await open(fifo, "w");
    await sleep(LONG_MILLIS);
    await input.write(bytes);
    await input.close();
    const run = await running.ended;
    expect(run).toMatchObject({ status: 0, stdout: ROWS, stderr: "" });
  });
});
