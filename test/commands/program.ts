import { execFileSync, type SpawnOptions, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

/** The built program, as a user starts it. */
export const BIN = fileURLToPath(new URL("../../bin/coregram.js", import.meta.url));

/** A committed file of `samples/`. */
export const sample = (name: string): string =>
  fileURLToPath(new URL(`../../samples/${name}`, import.meta.url));

/** How a run ended. */
export interface Run {
  /** The exit status; null where a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run that is still going on. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Run>;
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream;
  kill(signal: NodeJS.Signals): void;
}

/** Starts any command; what it prints is latin1, a character a byte. */
export function start(file: string, args: readonly string[], options: SpawnOptions = {}): Running {
  const child = spawn(file, args, { stdio: "pipe", ...options });
  const { stdin, stdout, stderr, pid } = child;
  if (!stdin || !stdout || !stderr || pid === undefined) throw new Error(`${file} does not start`);
  const text = { stdout: "", stderr: "" };
  stdout.setEncoding("latin1").on("data", (chunk: string) => {
    text.stdout += chunk;
  });
  stderr.setEncoding("latin1").on("data", (chunk: string) => {
    text.stderr += chunk;
  });
  // Who does not read its input is no failure of the test.
  stdin.on("error", () => undefined);
  const ended = new Promise<Run>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ status, signal, ...text }));
  });
  return { pid, ended, stdin, stdout, kill: (signal) => child.kill(signal) };
}

/** Starts the program. */
export function startCoregram(args: readonly string[], options: SpawnOptions = {}): Running {
  return start(process.execPath, [BIN, ...args], options);
}

/** Runs the program to its end, with the input on a pipe. */
export function coregram(
  args: readonly string[],
  options: SpawnOptions & { readonly input?: string | Uint8Array } = {},
): Promise<Run> {
  const { input, ...others } = options;
  const running = startCoregram(args, others);
  running.stdin.end(input ?? "");
  return running.ended;
}

/** A shell line in which `$CG` starts the program. */
export function shell(line: string, options: SpawnOptions = {}): Promise<Run> {
  const running = start("bash", ["-c", line], {
    ...options,
    env: { ...process.env, CG: `${process.execPath} ${BIN}`, ...options.env },
  });
  running.stdin.end();
  return running.ended;
}

/** Waits for a state that another process brings about. The suite's own limit ends it where that never comes. */
export async function until<T>(look: () => T | null | undefined | false): Promise<T> {
  for (;;) {
    const found = look();
    if (found) return found;
    await sleep(5);
  }
}

/** Whether a process holds a deleted temporary file in a folder open: its spool (Linux, proc(5)). */
export function hasSpool(pid: number, folder: string): boolean {
  return readdirSync(`/proc/${pid}/fd`).some((fd) => {
    try {
      const file = readlinkSync(`/proc/${pid}/fd/${fd}`);
      return file.startsWith(join(folder, "coregram-")) && file.endsWith(" (deleted)");
    } catch {
      return false;
    }
  });
}

/** A folder for one test file, gone after it. */
export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), "coregram-commands-"));

  constructor() {
    afterAll(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  put(name: string, content: string | Uint8Array): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  /** An empty folder in it. */
  sub(name: string): string {
    if (!existsSync(this.path(name))) mkdirSync(this.path(name), { mode: 0o777 });
    return this.path(name);
  }

  fifo(name: string): string {
    execFileSync("mkfifo", [this.path(name)]);
    return this.path(name);
  }
}

/** Little-endian 8-byte words. */
export function words(values: Iterable<bigint>): Buffer {
  return Buffer.from(BigUint64Array.from(values).buffer);
}

/** `count` different words that look like nothing. */
export function* distinctWords(count: number): Generator<bigint> {
  for (let index = 1n; index <= count; ++index) yield BigInt.asUintN(64, index * 0x9e3779b97f4a7c15n);
}
