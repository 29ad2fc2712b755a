import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { findMemoryCgroup } from "../../src/image/index.ts";
import { tool } from "./live.ts";
import { Scratch, sample, startCoregram, until } from "./program.ts";

const scratch = new Scratch();
const python = tool("python3", "-c", "import sys; print(sys.executable)")?.trim() ?? null;
const LIMIT = 64 * 2 ** 20;
/** What a request leaves behind, most of it its path. */
const PATH = `/orders/${"x".repeat(16_000)}`;

const children: ChildProcess[] = [];
const cleanUp: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  for (const clean of cleanUp) await clean();
});

/**
 * A memory cgroup with a limit, as a line of the shell that puts a process into it, and a condition that holds before the
 * limit is reached; where none may be made, a limit of addresses, past which Python raises MemoryError.
 */
function limited(): { readonly enter: string; readonly condition: string } {
  const own = findMemoryCgroup(process.pid);
  const folder = own === null ? "" : join(own.folder, `coregram-test-${process.pid}`);
  try {
    mkdirSync(folder);
    cleanUp.push(async () => {
      // Its processes have to be gone, which the kernel sees to in its own time.
      for (let tries = 0; tries < 100 && existsSync(folder); tries += 1) {
        try {
          rmdirSync(folder);
        } catch {
          await sleep(50);
        }
      }
    });
    const limit = own?.version === 1 ? "memory.limit_in_bytes" : "memory.max";
    writeFileSync(join(folder, limit), String(LIMIT));
    return { enter: `echo $$ > ${join(folder, "cgroup.procs")}`, condition: "cgroup>70%" };
  } catch {
    return { enter: "ulimit -v 300000", condition: "rss>45M" };
  }
}

/** One request; false where there is nobody to answer it any more. */
function request(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get({ port, path, host: "127.0.0.1", agent: false }, (response) => {
      response.resume();
      response.on("end", () => resolve(true));
      response.on("error", () => resolve(false));
    });
    asked.on("error", () => resolve(false));
  });
}

it.skipIf(python === null)(
  "a worker that runs out of memory has left the answer that names its leak",
  async () => {
    cpSync(sample("downstream"), scratch.path("downstream"), { recursive: true });
    const { enter, condition } = limited();
    // A master, and its worker, which alone has the limit.
    const line = `("$0" -c "$1" "$2") ; echo worker ended; exit 0`;
    const worker = `${enter}; exec "$0" -B -S -m downstream`;
    const args = ["-c", line, "sh", worker, python ?? ""];
    const master = spawn("sh", args, { cwd: scratch.folder, stdio: ["ignore", "pipe", "ignore"], env: {} });
    children.push(master);
    let said = "";
    master.stdout.on("data", (text) => {
      said += text;
    });
    const port = Number(
      await until(() => existsSync(scratch.path("port")) && readFileSync(scratch.path("port"))),
    );
    const folder = scratch.path("answers");
    const watcher = startCoregram([
      ...["watch", String(master.pid), "--children", "--owners", "0", "--interval", "100ms"],
      ...["--when", condition, "--output", folder],
    ]);
    const answers = () =>
      existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith(".")) : [];
    let frames = "";
    watcher.stdout.on("data", (text) => {
      frames += text;
    });
    await until(() => frames.includes("\n"));
    // It grows until the condition holds, and on until it ends, or has no memory for a request.
    for (let requests = 0; requests < 2500 && answers().length === 0; requests += 1)
      await request(port, PATH);
    await until(() => answers().length > 0);
    for (let requests = 0; requests < 20_000 && !said.includes("ended"); requests += 1)
      if (!(await request(port, PATH))) break;
    if (condition === "cgroup>70%") await until(() => said.includes("ended"));
    else for (const child of children) child.kill("SIGKILL");
    if (condition !== "cgroup>70%") watcher.kill("SIGTERM");
    const { status, stderr } = await watcher.ended;
    if (condition === "cgroup>70%") expect(status).toBe(0);
    const [answer = ""] = answers();
    expect(stderr).toContain(`${condition} holds: answer in ${join(folder, answer)}`);
    const { rows } = JSON.parse(readFileSync(join(folder, answer, "diagnose.json"), "utf8"));
    expect(rows[0].path).toBe("downstream.profiler.Profiler.results");
    expect(rows[0].verdict).toMatch(/leak/);
    expect(rows[0].places[0]).toMatchObject({
      file: "downstream/profiler.py",
      function: expect.stringContaining("end"),
      adds: true,
    });
    const text = readFileSync(join(folder, answer, "diagnose.txt"), "utf8");
    expect(text).toMatch(
      /downstream\.profiler\.Profiler\.results holds .*, added to in downstream\/profiler\.py:23 /,
    );
  },
);
