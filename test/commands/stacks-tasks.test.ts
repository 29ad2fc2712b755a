import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Frame } from "../../src/answers/index.ts";
import { dumpProgram, findPythons } from "../runtimes/pythons.ts";
import { checkFrame } from "../views/frame-check.ts";
import { coregram, Scratch } from "./program.ts";

interface Truth {
  readonly name: string | null;
  readonly awaitedBy: readonly string[];
  readonly frames: readonly [name: string, file: string, line: number][];
  readonly waitsFor: { readonly type: string } | null;
  readonly isDone: boolean;
  readonly isCurrent: boolean;
}

const scratch = new Scratch();
const PYTHONS = findPythons().filter((path) => /\/python3\.1[13]$/.test(path));

describe.skipIf(PYTHONS.length === 0).each(PYTHONS)("stacks --tasks of %s", (python) => {
  it("is the tree that the program has, in each format", { timeout: 120_000 }, async (context) => {
    const made = await dumpProgram(python, "tasks.py", scratch.folder, {}, ["3", "1"]);
    if (made === null) return context.skip("gcore may not attach here");
    const { tasks: truth }: { tasks: Record<string, Truth> } = JSON.parse(readFileSync(made.truth, "utf8"));
    const pending = Object.entries(truth).filter(([, { isDone }]) => !isDone);
    const tasks = async (format: string) => {
      const { status, stdout, stderr } = await coregram(["stacks", made.core, "--tasks", "-f", format]);
      expect(status, stderr).toBe(0);
      return stdout;
    };
    const frame: Frame<"coregram/tasks@1"> = JSON.parse(await tasks("json"));
    expect(checkFrame(frame)).toEqual([]);
    // Besides those of the truth, main.
    expect(frame.rows).toHaveLength(pending.length + 1);
    const told = new Map(frame.rows.map((row) => [row.address, row]));
    expect(pending.map(([address]) => [address, told.get(address)?.awaitedBy])).toEqual(
      pending.map(([address, { awaitedBy }]) => [address, awaitedBy]),
    );

    const plain = (await tasks("plain")).trimEnd().split("\n");
    expect(plain).toHaveLength(frame.rows.length);
    const waiting = pending.filter(([, { waitsFor, frames }]) => waitsFor !== null && frames.length > 0);
    expect(waiting.length).toBeGreaterThan(6);
    for (const [address, { name, frames, waitsFor }] of waiting) {
      const [inner, file, line] = frames.at(-1) ?? [];
      expect(plain).toContain(
        `${address} ${told.get(address)?.depth} waiting  ${name}  ${inner}  ${file}:${line}  ${waitsFor?.type}`,
      );
    }

    // Each below the one that waits for it.
    const table = (await tasks("table")).split("\n").filter((text) => text.includes("(T) "));
    const above: string[] = [];
    const parents = table.map((text) => {
      const [, indent = "", name = ""] = /^((?: {4})*)\(T\) (\S+)/.exec(text) ?? [];
      above.length = indent.length / 4;
      above.push(name);
      return [name, above.at(-2) ?? null];
    });
    const named = new Map(frame.rows.map((row) => [row.name, row]));
    expect(parents.map(([name]) => name)).toEqual(frame.rows.map(({ name }) => name));
    for (const [name = null, parent = null] of parents) {
      const waiting = named.get(name)?.awaitedBy.map((address) => told.get(address)?.name ?? null) ?? [];
      if (waiting.length === 0) expect(parent).toBeNull();
      else expect(waiting).toContain(parent);
    }

    // Each task has a coroutine, and those that it awaits.
    const generators = async (...more: readonly string[]) => {
      const { status, stdout, stderr } = await coregram(["stacks", made.core, "--generators", "-q", ...more]);
      expect(status, stderr).toBe(0);
      return stdout;
    };
    const found: Frame<"coregram/generators@1"> = JSON.parse(await generators("-f", "json"));
    expect(checkFrame(found)).toEqual([]);
    const leaf = found.rows.find((row) => row.function === "leaf");
    expect(leaf).toMatchObject({ kind: "coroutine", state: "suspended", awaits: "_asyncio.FutureIter" });
    expect(leaf?.count).toBe(pending.filter(([, { frames }]) => frames.at(-1)?.[0] === "leaf").length);
    const place = `${leaf?.file}:${leaf?.line}`;
    const count = String(leaf?.count);
    expect((await generators()).split("\n")).toContain(
      `${count.padStart(9)} coroutine suspended  leaf  ${place}  _asyncio.FutureIter`,
    );
    expect(await generators("-f", "table")).toMatch(/ Kind +State +Function +Where it is +Awaits\n/);
    expect((await generators("-f", "flamegraph")).split("\n")).toContain(
      `coroutine suspended;leaf (${place}) ${count}`,
    );

    const csv = (await tasks("csv")).trimEnd().split("\n");
    expect(csv[0]).toBe("depth,address,name,state,waitsFor,awaitedBy,frames");
    expect(csv.slice(1).map((row) => row.split(",").slice(0, 4))).toEqual(
      frame.rows.map(({ depth, address, name, state }) => [String(depth), address, name, state]),
    );
  });
});
