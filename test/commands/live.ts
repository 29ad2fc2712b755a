import { execFileSync, spawn } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Runs a tool; null where it is not there or fails. */
export function tool(name: string, ...args: readonly string[]): string | null {
  try {
    return execFileSync(name, args, {
      encoding: "latin1",
      maxBuffer: 2 ** 28,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return null;
  }
}

/** Whether programs can be made, run and dumped on this machine. gcore comes with gdb. */
export const canDump = ["gcc", "gdb", "readelf"].every((name) => tool(name, "--version") !== null);

const LIBRARY = `
int own_counter = 7;
static int hidden_table[64] = {1, 2, 3};
int *own_table(void) { return hidden_table; }
int own_function(int x) { return x + own_counter; }
`;

// The words that it keeps are in its memory as often as the loop says, and a few times more.
const PROGRAM = `
#include <stdio.h>
#include <unistd.h>
extern int own_counter;
int *own_table(void);
int own_function(int);
void *volatile kept[1000];
int shape_data[16] = {1};
int zeroed[1024];
static const char told[] __attribute__((used)) = "told";
__attribute__((noinline)) static int hidden_function(int x) { return x * 3; }
int main(void) {
  for (int i = 0; i < 1000; i++) kept[i] = i % 2 ? (void *)own_function : (void *)&shape_data[2];
  kept[0] = (void *)hidden_function;
  printf("%p %p %p %p %p %p\\n", own_function, own_table(), &own_counter, &shape_data[2], &zeroed[8], hidden_function);
  fflush(stdout);
  pause();
  return 0;
}
`;

/** What the program prints the addresses of, in this order. */
export const OWN_NAMES = [
  "own_function",
  "hidden_table",
  "own_counter",
  "shape_data+0x8",
  "zeroed+0x20",
  "hidden_function",
] as const;

/** Writes the sources of a small program and its library into a folder; `build` runs gcc in it. */
export class Workshop {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    writeFileSync(join(folder, "own.c"), LIBRARY);
    writeFileSync(join(folder, "main.c"), PROGRAM);
  }

  run(name: string, ...args: readonly string[]): string {
    return execFileSync(name, args, {
      cwd: this.folder,
      encoding: "latin1",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  build(...args: readonly string[]): void {
    this.run("gcc", "-O1", ...args);
  }

  path(name: string): string {
    return join(this.folder, name);
  }
}

/** A core, and what the process had said before. */
export interface Dump {
  readonly core: string;
  readonly said: readonly string[];
  readonly pid: number;
}

/**
 * Starts a program, waits for its first line, dumps it with gcore. `whileRunning` may look at it before it ends.
 */
export async function dump(
  program: string,
  args: readonly string[],
  core: string,
  whileRunning: (pid: number) => Promise<void> = async () => {},
): Promise<Dump> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"], env: {} });
  try {
    const line = await new Promise<string>((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", () => reject(new Error(`${program} ended early`)));
      child.stdout.setEncoding("latin1").once("data", resolve);
    });
    const pid = child.pid ?? 0;
    execFileSync("gcore", ["-o", core, String(pid)], { stdio: "ignore" });
    renameSync(`${core}.${pid}`, core);
    await whileRunning(pid);
    return { core, said: line.trim().split(" "), pid };
  } finally {
    child.removeAllListeners("exit");
    child.kill("SIGKILL");
  }
}
