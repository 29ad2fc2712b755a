import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { pathOf } from "./read-core.ts";

const WAIT_MILLIS = 60_000;
const folders = (process.env.PATH ?? "").split(delimiter);
const hasGcore = folders.some((folder) => existsSync(join(folder, "gcore")));

/** `python3.6` to `python3.15` that can be run and dumped, one a version, the oldest first. */
export function findPythons(): string[] {
  return hasGcore ? findInterpreters() : [];
}

/** `python3.6` to `python3.15` of the PATH and of pyenv that can be run, one a version, the oldest first. */
export function findInterpreters(): string[] {
  const versions = join(homedir(), ".pyenv", "versions");
  const more = existsSync(versions) ? readdirSync(versions).map((name) => join(versions, name, "bin")) : [];
  const found = new Map<string, string>();
  for (const folder of [...folders, ...more].filter((path) => existsSync(path)))
    for (const name of readdirSync(folder))
      if (/^python3\.([6-9]|1[0-5])$/.test(name) && !found.has(name) && runs(join(folder, name)))
        found.set(name, join(folder, name));
  // By version: which one is the newest does not depend on the order of folders.
  return [...found].sort(([a], [b]) => minorOf(a) - minorOf(b)).map(([, path]) => path);
}

function minorOf(name: string): number {
  return Number(name.slice(name.indexOf(".") + 1));
}

function runs(python: string): boolean {
  return spawnSync(python, ["-c", ""], { stdio: "ignore" }).status === 0;
}

/**
 * Runs a program of programs/ with the path of the truth it is to write and what else is `given`, waits until it says "ready", dumps it into a
 * new folder under `scratch`. Null where gcore may not trace it.
 */
export async function dumpProgram(
  python: string,
  program: string,
  scratch: string,
  environment: Readonly<Record<string, string>> = {},
  given: readonly string[] = [],
): Promise<{ readonly core: string; readonly truth: string } | null> {
  const folder = mkdtempSync(join(scratch, "core-"));
  const truth = join(folder, "truth.json");
  const child = spawn(python, ["-B", pathOf(`programs/${program}`), truth, ...given], {
    env: { PATH: process.env.PATH ?? "", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${program} is not ready`)), WAIT_MILLIS);
      child.stdout.once("data", () => {
        clearTimeout(timer);
        resolve();
      });
      child.once("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
    });
    const made = spawnSync("gcore", ["-o", join(folder, "core"), String(child.pid)], { stdio: "ignore" });
    const core = join(folder, `core.${child.pid}`);
    return made.status === 0 && existsSync(core) ? { core, truth } : null;
  } finally {
    child.kill("SIGKILL");
  }
}
