import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { stateAt } from "../../src/commands/pause/start-time.ts";
import { canDump, tool } from "./live.ts";
import { coregram, Scratch, shell, until } from "./program.ts";

const scratch = new Scratch();
const python = tool("python3", "-c", "import sys; print(sys.executable)")?.trim() ?? null;
const PROGRAM = `
import mmap, threading, time
class Session: pass
SESSIONS = [Session() for n in range(3000)]
sparse = mmap.mmap(-1, 1 << 26, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
sparse[1 << 20] = 1
threading.Thread(target=threading.Event().wait, daemon=True).start()
print("ready", flush=True)
time.sleep(1000)
`;

// Its threads say their numbers, and keep a million letters; main ends without them.
const LEADERLESS = `
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
static char *volatile kept;
static pthread_barrier_t barrier;
static int tids[2];
static void *wait(void *tid) {
  *(int *)tid = syscall(SYS_gettid);
  if (pthread_barrier_wait(&barrier)) { printf("%d %d\\n", tids[0], tids[1]); fflush(stdout); }
  for (;;) pause();
}
int main(void) {
  kept = memset(malloc(1 << 20), 'Z', 1 << 20);
  pthread_t thread;
  pthread_barrier_init(&barrier, 0, 2);
  for (int i = 0; i < 2; i++) pthread_create(&thread, 0, wait, &tids[i]);
  pthread_exit(0);
}
`;

const children: (() => void)[] = [];
afterAll(() => {
  for (const kill of children) kill();
});

async function begin(): Promise<number> {
  const args = ["-B", scratch.put("program.py", PROGRAM)];
  const child = spawn(python ?? "", args, { stdio: ["ignore", "pipe", "ignore"], env: {} });
  children.push(() => child.kill("SIGKILL"));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child.pid ?? 0;
}

describe.skipIf(!canDump || python === null)("coregram dump", () => {
  const made = (async () => {
    const pid = await begin();
    const core = scratch.path("own.core");
    const run = await coregram(["dump", String(pid), "-o", core]);
    return { pid, core, run };
  })();

  it("stops the process for a moment, and says so", async () => {
    const { pid, run } = await made;
    expect(run).toMatchObject({ status: 0, stdout: "" });
    expect(run.stderr).toMatch(new RegExp(`^coregram: pid ${pid} was stopped for \\d+ ms$`, "m"));
    await until(() => stateAt(`/proc/${pid}`) === "S");
  });

  it("takes the room of what was touched, and is for its user alone", async () => {
    const { size, blocks, mode } = statSync((await made).core);
    expect(size).toBeGreaterThan(2 ** 26);
    expect(blocks * 512).toBeLessThan(2 ** 25);
    expect(mode & 0o777).toBe(0o600);
  });

  it("is a core to coregram that answers as gcore's does", async () => {
    const { pid, core } = await made;
    const other = scratch.path("gcore");
    execFileSync("gcore", ["-o", other, String(pid)], { stdio: "ignore" });
    const [own, theirs] = await Promise.all(
      [core, `${other}.${pid}`].map(async (file) => {
        const rows = async (...args: string[]) =>
          JSON.parse((await coregram([...args, file, "--format", "json"])).stdout).rows;
        return {
          types: await rows("types", "--all"),
          owners: await rows("owners"),
          info: await rows("info"),
        };
      }),
    );
    expect(own?.types).toEqual(theirs?.types);
    expect(own?.owners).toEqual(theirs?.owners);
    const [info, dead] = [own?.info[0], theirs?.info[0]];
    expect(info.file).toMatchObject({ kind: "elf-core", truncated: false });
    expect(info.warnings).toEqual([]);
    const placesOf = (threads: { pid: number; pc: string; sp: string }[]) =>
      threads.map(({ pid, pc, sp }) => [pid, pc, sp]);
    expect(placesOf(info.threads)).toEqual(placesOf(dead.threads));
    // It was asleep before it was stopped.
    expect(info.process.state).toBe("S");
  });

  it("is a core to gdb and readelf", async () => {
    const { pid, core } = await made;
    const said = execFileSync("gdb", ["-batch", "-ex", "info threads", "-ex", "bt 1", python ?? "", core], {
      encoding: "latin1",
      stdio: ["ignore", "pipe", "pipe"],
    });
    expect(said).toContain(`LWP ${pid}`);
    expect(said.match(/^[ *]+\d+ +(?:Thread|LWP)/gm)).toHaveLength(2);
    expect(said).toMatch(/^#0 +0x[0-9a-f]+ in /m);
    const notes = tool("readelf", "-n", "-l", "-W", core) ?? "";
    for (const type of ["NT_PRSTATUS", "NT_PRPSINFO", "NT_AUXV", "NT_FILE"]) expect(notes).toContain(type);
    expect(notes).not.toMatch(/warning|error/i);
  });

  it("is the same compressed, and on standard output", async () => {
    const pid = await begin();
    process.kill(pid, "SIGSTOP");
    await until(() => stateAt(`/proc/${pid}`) === "T");
    const [plain, zipped, piped] = ["a.core", "a.core.gz", "b.core"].map((name) => scratch.path(name));
    await coregram(["dump", String(pid), "-o", plain ?? ""]);
    await coregram(["dump", String(pid), "-o", zipped ?? ""]);
    const { status } = await shell(`$CG dump ${pid} --quiet | cat > ${piped}`);
    expect(status).toBe(0);
    const core = readFileSync(plain ?? "");
    expect(gunzipSync(readFileSync(zipped ?? "")).equals(core)).toBe(true);
    expect(readFileSync(piped ?? "").equals(core)).toBe(true);
    expect(stateAt(`/proc/${pid}`)).toBe("T");
  });

  it("is had where the first thread has ended and others go on, which gdb takes for an end", async () => {
    const source = scratch.put("leaderless.c", LEADERLESS);
    const program = scratch.path("leaderless");
    execFileSync("gcc", ["-O1", "-pthread", "-o", program, source]);
    const child = spawn(program, [], { stdio: ["ignore", "pipe", "ignore"], env: {} });
    children.push(() => child.kill("SIGKILL"));
    const [line] = await once(child.stdout.setEncoding("latin1"), "data");
    const tids = String(line).trim().split(" ");
    const pid = child.pid ?? 0;
    await until(() => stateAt(`/proc/${pid}`) === "Z");
    const core = scratch.path("leaderless.core");
    const { status, stderr } = await coregram(["dump", String(pid), "-o", core]);
    expect(status).toBe(0);
    expect(stderr).toMatch(new RegExp(`^coregram: pid ${pid} was stopped for \\d+ ms$`, "m"));
    for (const asked of [["--pid", String(pid)], [core]]) {
      const words = await coregram([...asked, "--scope", "memory", "--top", "3"]);
      expect(words.stdout).toContain(" 5a5a5a5a5a5a5a5a\n");
      expect(words.stderr).not.toContain("ran while it was read");
      const info = JSON.parse((await coregram(["info", ...asked, "--format", "json"])).stdout).rows[0];
      expect(info.process.pid).toBe(pid);
      expect(info.threads.map((thread: { pid: number }) => String(thread.pid)).sort()).toEqual(tids.sort());
    }
    for (const tid of tids) await until(() => stateAt(`/proc/${tid}`) === "S");
  });

  it("leaves no half of a file where it fails", async () => {
    const { pid } = await made;
    const kept = scratch.path("kept.core");
    writeFileSync(kept, "kept");
    for (const line of [
      `$CG dump 2147483000 -o ${kept}`,
      // Where files may not be as large: of a copy, and of what stays stopped while it is written.
      `ulimit -f 64; $CG dump ${pid} -o ${kept}`,
      `ulimit -f 64; $CG dump ${pid} -o ${kept} --memory 1M`,
    ]) {
      const { status, stdout, stderr } = await shell(line);
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toMatch(/^coregram: [^\n]+(?:no process|no such process|cannot be written)[^\n]*$/m);
      expect(readFileSync(kept, "latin1")).toBe("kept");
    }
    await until(() => stateAt(`/proc/${pid}`) === "S");
  });

  it("is compressed by zstd where Node can", async () => {
    const { pid } = await made;
    const packed = scratch.path("a.core.zst");
    const { status, stderr } = await coregram(["dump", String(pid), "-o", packed]);
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    const canPack = major > 23 || (major === 23 && minor >= 8) || (major === 22 && minor >= 15);
    expect({ status, says: stderr.includes("zstd comes with Node 22.15") }).toEqual({
      status: canPack ? 0 : 2,
      says: !canPack,
    });
    if (canPack) expect((await coregram(["info", packed])).status).toBe(0);
  });

  it.each([
    [["dump"], "no PID given"],
    [["dump", "1", "-o", "core.xz"], "it is .gz or .zst that is written, not .xz"],
    [["dump", "x"], '"x" is no PID'],
  ])("%j is refused", async (args, why) => {
    const { status, stderr } = await coregram(args);
    expect(status).toBe(2);
    expect(stderr).toContain(why);
  });
});
