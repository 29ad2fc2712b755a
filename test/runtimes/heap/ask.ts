import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { runCli } from "../../../src/commands/index.ts";

// The build sets it.
vi.stubGlobal("VERSION", "0.0.0");

/** What the program said. */
export interface Answer<Json> {
  readonly status: number;
  readonly json: Json;
  /** Notes and warnings, a line each, without the program's name. */
  readonly said: readonly string[];
}

/** Puts a core where the program can read it, for as long as the test runs. */
export function putCore(core: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "coregram-heap-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "core");
  writeFileSync(path, core);
  return path;
}

/** Asks the program in this process, on one thread, without the machine's own files. */
export async function ask<Json>(
  command: string,
  paths: readonly string[],
  ...options: string[]
): Promise<Answer<Json>> {
  const output = `${paths[0]}.json`;
  let text = "";
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    const status = await runCli([
      command,
      ...paths,
      ...["--no-modules", "--threads", "1", "--format", "json", "--output", output],
      ...options,
    ]);
    const json = JSON.parse(status === 0 ? readFileSync(output, "utf8") : "null");
    const said = text.split("\n").filter((line) => line !== "");
    return { status, json, said: said.map((line) => line.replace(/^coregram: /, "")) };
  } finally {
    spy.mockRestore();
  }
}
