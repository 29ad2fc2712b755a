import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { answerInfo, answerOwners, answerStacks, type Frame } from "../../../../src/answers/index.ts";
import { openTarget } from "../../../../src/image/index.ts";
import { dumpProgram, findPythons } from "../../pythons.ts";
import { pathOf } from "../../read-core.ts";
import { openedCore } from "./opened-core.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-waits-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

type Stacks = Frame<"coregram/stacks@1">;

async function stacksOf(
  path: string,
  paths: boolean,
): Promise<Stacks & { readonly said: readonly string[] }> {
  const target = await openTarget(path);
  const said: string[] = [];
  try {
    const found = await answerStacks(target, { paths }, (event) => {
      if (event.kind !== "progress") said.push(event.text);
    });
    return { ...found, said };
  } finally {
    await target.close();
  }
}

interface Truth {
  readonly lock: string;
  readonly again: string;
  readonly crossed: readonly string[];
  readonly files: Readonly<Record<string, number>>;
  readonly handled: Readonly<Record<string, string>>;
  readonly idents: Readonly<Record<string, number>>;
}

const WITHOUT_GIL = ["python3.6", "python3.7"];

describe.each(findPythons().filter((path) => !WITHOUT_GIL.includes(basename(path))))("%s", (python) => {
  it("knows what each thread has and waits for", { timeout: 120_000 }, async () => {
    const made = await dumpProgram(python, "waits.py", scratch);
    if (made === null) throw new Error("gcore may not trace it");
    const truth: Truth = JSON.parse(readFileSync(made.truth, "utf8"));
    const { totals, rows, said } = await stacksOf(made.core, true);
    const named = (name: string) => totals.threads.find((thread) => thread.name === name);
    const identOf = (name: string) => `0x${(truth.idents[name] ?? 0).toString(16)}`;
    const stateOf = (name: string) => rows.find((row) => row.name === name && row.depth === 0)?.state;

    expect(totals.threads.map(({ gil }) => gil)).toEqual([
      "waits",
      ...Object.keys(truth.idents).map(() => null),
      "holds",
    ]);
    expect(totals.threads[0]).toMatchObject({ name: null, waits: { kind: "gil" } });
    expect(totals.threads.at(-1)).toMatchObject({ name: "spinner", waits: null });
    const lock = { kind: "lock", address: truth.lock, path: "__main__.pool._lock", owner: null, depth: null };
    for (const name of ["lock_waiter", "lock_acquirer", "lock_timed"])
      expect(named(name)?.waits).toEqual(lock);
    expect(named("rlock_waiter")?.waits).toEqual({
      kind: "rlock",
      address: truth.again,
      path: "__main__.pool._again",
      owner: identOf("rlock_holder"),
      depth: 3,
    });
    expect(stateOf("rlock_waiter")).toBe(
      `waits for RLock __main__.pool._again of thread ${named("rlock_holder")?.thread} rlock_holder, taken 3 times`,
    );
    expect(named("queue_waiter")?.waits).toMatchObject({
      kind: "lock",
      path: "__main__.jobs.not_empty._waiters[0]",
    });
    const crossing = [0, 1].map((index) => identOf(`crossing_${index}`));
    expect(named("crossing_0")?.waits).toMatchObject({
      address: truth.crossed[1],
      owner: crossing[1],
      depth: 1,
    });
    expect(named("crossing_1")?.waits).toMatchObject({
      address: truth.crossed[0],
      owner: crossing[0],
      depth: 1,
    });
    expect(totals.deadlocks).toEqual([crossing]);
    expect(said.filter((text) => text.startsWith("deadlock: "))).toHaveLength(1);
    for (const [name, call] of [
      ["socket_reader", "recvfrom"],
      ["acceptor", "accept4"],
    ] as const) {
      expect(named(name)).toMatchObject({ call: { name: call, file: truth.files[name] }, waits: null });
      expect(stateOf(name)).toBe(`in ${call}(${truth.files[name]})`);
    }
    expect(named("selector")?.call?.name).toMatch(/^epoll_p?wait/);
    const handles = (name: string) => named(name)?.handles.map(({ type, text }) => [type, text]);
    expect(handles("handler")).toEqual([["__main__.Refused", null]]);
    expect(handles("handler_in_generator")).toEqual([
      ["builtins.ZeroDivisionError", null],
      ["builtins.ValueError", null],
    ]);
    expect(totals.threads.filter((thread) => thread.handles.length > 0)).toHaveLength(2);
    expect(totals.threads.every(({ raises, isStackSaved }) => raises === null && isStackSaved)).toBe(true);

    const without = await stacksOf(made.core, false);
    expect(without.totals.threads.map(({ waits }) => waits?.path ?? null)).toEqual(
      without.totals.threads.map(() => null),
    );

    const { state, writeTo } = await openedCore(made.core, basename(python).replace("python", ""));
    const handled = named("handler")?.handles[0];
    const place = state("current_exception") ?? state("curexc_value");
    if (place === null || handled === undefined) throw new Error("no exception to raise");
    const raising = await stacksOf(writeTo(made.core, { [place.at]: BigInt(handled.address) }), false);
    expect(raising.totals.threads[0]?.raises).toEqual(handled);
    expect(raising.rows[0]?.state).toBe("waits for the GIL, raises __main__.Refused");
    rmSync(made.core);
  });
});

it("says whose stack reads as zeros, in all that it matters to", async () => {
  const { threads, writeTo } = await openedCore(pathOf("cores/py-3.14.core.xz"), "3.14");
  const sp = Number(threads[0]?.sp ?? 0);
  const words = (threads[0]?.stack?.end ?? 0n) - BigInt(sp);
  const zeros = Object.fromEntries(
    Array.from({ length: Number(words) / 8 }, (_, word) => [sp + 8 * word, 0n]),
  );
  const path = writeTo(join(scratch, "zeros.core"), zeros);
  const text =
    "the stack of 1 of 1 threads is not in the core or reads as zeros, which gdb writes for what it failed to read: what only they hold is not seen";
  const { totals, said } = await stacksOf(path, false);
  expect(totals.threads[0]?.isStackSaved).toBe(false);
  expect(said).toContain(text);
  const target = await openTarget(path);
  try {
    const heard: string[] = [];
    await answerOwners(target, { modules: false }, (event) => {
      if (event.kind === "warning") heard.push(event.text);
    });
    expect(heard).toContain(text);
    const { rows } = await answerInfo(target, { modules: false });
    expect([...rows][0]?.warnings).toContain(text);
  } finally {
    await target.close();
  }
});
