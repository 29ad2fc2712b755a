import { expect } from "vitest";
import { coregram, type Scratch } from "../commands/program.ts";

/** What makes a page of the name with `coregram report`, and returns its path. */
export function pageMaker(scratch: Scratch) {
  return async (name: string, ...args: readonly string[]): Promise<string> => {
    const path = scratch.path(name);
    const { status, stderr } = await coregram(["report", ...args, "-q", "-o", path]);
    expect(status, stderr).toBe(0);
    return path;
  };
}
