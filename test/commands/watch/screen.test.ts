import { describe, expect, it } from "vitest";
import type { Finding, Frame, WatchedOwner, WatchRow } from "../../../src/answers/results/index.ts";
import { Notes } from "../../../src/commands/shell/notes.ts";
import { screenLines } from "../../../src/commands/watch/lines.ts";
import { Printer } from "../../../src/commands/watch/printer.ts";
import { FIRST_STATE, press, type ScreenState } from "../../../src/commands/watch/screen-state.ts";
import { textWidth } from "../../../src/views/text-width.ts";

type WatchFrame = Frame<"coregram/watch@1">;
const MIB = 2 ** 20;

function row(type: string, mib: number, change: number): WatchRow {
  const [bytes, diff] = [mib * MIB, change * MIB];
  return {
    ...{ type, address: "0x1", count: mib * 1000, countDiff: change, countSinceFirst: 2 * change },
    ...{ bytes, bytesDiff: diff, bytesSinceFirst: 2 * diff },
  };
}

function owner(path: string, mib: number): WatchedOwner {
  const holds = [{ type: "builtins.tuple", count: 20_000, bytes: MIB }];
  return {
    ...{ path, holders: null, type: "builtins.list", bytes: mib * MIB, length: 20_000 },
    ...{ bytesDiff: MIB, bytesSinceFirst: 2 * MIB, holds },
  };
}

const finding = {
  ...{ verdict: "leak", kind: "owner", path: "app.Profiler.results", holders: null, bytes: 8 * MIB },
  why: "20,000 items of 410 B each, added to in app.py:23 Profiler.end",
} as unknown as Finding;

const frame = {
  schema: "coregram/watch@1",
  input: { path: "--pid 7", pid: 7, name: "python3" },
  totals: {
    ...{
      sample: 3,
      time: "2026-11-27T03:12:17.000Z",
      state: "running",
      problem: null,
      runtime: "CPython 3.11",
    },
    ...{ rssBytes: 100 * MIB, rssDiff: MIB, rssSinceFirst: -2 * MIB, freeBytes: 3 * MIB, tookMillis: 120 },
    ...{ intervalMillis: 2400, cgroup: { path: "/a", usedBytes: 100 * MIB, limitBytes: 200 * MIB } },
    ...{ owners: [owner("app.Profiler.results", 8), owner("app.CACHE", 2)], findings: [finding] },
  },
  rows: [row("builtins.tuple", 50, 1), row("builtins.str", 30, 5), row("app.Session", 20, 0)],
} as unknown as WatchFrame;

const size = { columns: 80, rows: 24, color: false };
const shown = (change: Partial<ScreenState> = {}, other: Partial<typeof size> = {}) =>
  screenLines(frame, frame, { ...FIRST_STATE, ...change }, { ...size, ...other });

describe("the screen", () => {
  it("has the verdict, memory, owners that grow, and types", () => {
    expect(shown()).toEqual([
      "pid 7 python3, CPython 3.11, running",
      "RSS 100.0 MiB (+1.0 MiB, since start -2.0 MiB), cgroup 100.0 MiB of 200.0 MiB, …",
      "sample 3 at 03:12:17 UTC, took 120 ms, each 2.4 s",
      "leak: app.Profiler.results 8.0 MiB: 20,000 items of 410 B each, added to in app…",
      "     Holds      Change Since start      Items Owner",
      "   8.0 MiB    +1.0 MiB    +2.0 MiB     20,000 >app.Profiler.results",
      "   2.0 MiB    +1.0 MiB    +2.0 MiB     20,000  app.CACHE",
      "      Size      Change Since start       Live Type, by size",
      "  50.0 MiB    +1.0 MiB    +2.0 MiB     50,000  builtins.tuple",
      "  30.0 MiB    +5.0 MiB   +10.0 MiB     30,000  builtins.str",
      "  20.0 MiB           ·           ·     20,000  app.Session",
      "q quit  p pause  r look now  s sort  / filter  ↑↓ ⏎ open owner  Tab next process",
    ]);
  });

  it("opens an owner in place: all of its path, what it keeps, what was said of it", () => {
    const lines = shown({ isOpen: true }, { columns: 60 });
    const at = lines.findIndex((line) => line.includes(">app"));
    const opened = lines.slice(at + 1, at + 5).map((line) => line.trim());
    expect(opened.slice(0, 2)).toEqual([
      "app.Profiler.results: builtins.list",
      "keeps 20,000 builtins.tuple 1.0 MiB",
    ]);
    expect(opened[2]).toMatch(/^leak: 20,000 items of 410 B each, added to in /);
    expect(opened[3]).toMatch(/end$/);
    expect(lines[at + 5]).toContain(" app");
  });

  it("leaves names their room on a narrow terminal", () => {
    const lines = shown({}, { columns: 50 });
    expect(lines).toContain("   8.0 MiB    +1.0 MiB >app.Profiler.results");
    expect(lines).toContain("  50.0 MiB    +1.0 MiB  builtins.tuple");
  });

  it.each([
    [79, "q quit  p pause  r look now  s sort  / filter  ↑↓ ⏎ open owner"],
    [30, "q quit  p pause  r look now"],
    [6, "q quit"],
    [5, ""],
  ])("names the keys that fit into %d columns", (columns, foot) => {
    expect(shown({}, { columns }).at(-1)).toBe(foot);
  });

  it("sorts and filters", () => {
    const types = (change: Partial<ScreenState>) =>
      shown(change)
        .flatMap((line) => / {2}((?:builtins|app)\.\w+)$/.exec(line)?.[1] ?? [])
        .slice(1);
    expect(types({ sort: "bytesDiff" })).toEqual(["builtins.str", "builtins.tuple", "app.Session"]);
    expect(types({ sort: "type" })).toEqual(["app.Session", "builtins.str", "builtins.tuple"]);
    expect(types({ filter: "SESS" })).toEqual(["app.Session"]);
    expect(shown({ filter: "x" }).some((line) => line.endsWith('by size, only with "x"'))).toBe(true);
  });

  it.each([1, 5, 12, 20, 39, 80, 200])(
    "is never wider than %d columns, nor higher than its rows",
    (columns) => {
      for (const rows of [1, 2, 5, 9, 24, 60])
        for (const isOpen of [false, true]) {
          const lines = shown({ isOpen, message: "pid 7: 日本語 holds".repeat(9) }, { columns, rows });
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const line of lines) expect(textWidth(line), line).toBeLessThanOrEqual(columns);
        }
    },
  );

  it("writes nothing of the process to the terminal but text", () => {
    const evil = "evil\x1b[2J\x07\u202e";
    const hostile = { ...frame, rows: [row(evil, 1, 1)], input: { ...frame.input, name: evil } };
    const state = { ...FIRST_STATE, isOpen: true, message: evil };
    for (const line of screenLines(hostile, frame, state, size))
      expect(line).not.toMatch(/[\x00-\x1f\u202e]/);
  });

  it("has colours where they are wanted, and goes back from each", () => {
    const lines = shown({}, { color: true });
    expect(lines[0]).toBe("\x1b[1mpid 7 python3, CPython 3.11, running\x1b[0m");
    for (const line of lines) if (line.includes("\x1b")) expect(line.endsWith("\x1b[0m")).toBe(true);
  });

  it("says that a process has ended, and of several which it is", () => {
    const ended = {
      ...frame,
      rows: [],
      totals: { ...frame.totals, state: "ended" as const, rssBytes: null },
    };
    const [first = "", second = ""] = screenLines(
      ended,
      null,
      { ...FIRST_STATE, processes: 3, process: 1 },
      size,
    );
    expect(first).toBe("pid 7 (2 of 3) python3, CPython 3.11, ended");
    expect(second).toContain("RSS -");
  });
});

describe("keys", () => {
  const pressing = (...names: string[]) =>
    names.reduce(
      (state, name) => press(state, name.length === 1 ? { name, sequence: name } : { name }).state,
      FIRST_STATE,
    );

  it("quit, pause, look now", () => {
    expect(press(FIRST_STATE, { name: "q" }).wish).toBe("quit");
    expect(press(FIRST_STATE, { name: "c", ctrl: true }).wish).toBe("quit");
    expect(press(FIRST_STATE, { name: "r" }).wish).toBe("look");
    const held = press(FIRST_STATE, { name: "p" });
    expect(held).toMatchObject({ wish: "hold", state: { isHeld: true } });
    expect(press(held.state, { name: "p" }).state.isHeld).toBe(false);
  });

  it("go through the orders, and back to the first", () => {
    expect(["s", "ss", "sss", "ssss", "sssss"].map((keys) => pressing(...keys).sort)).toEqual([
      ...["bytesDiff", "bytesSinceFirst", "count", "type", "bytes"],
    ]);
  });

  it("choose and open an owner", () => {
    expect(pressing("up").chosen).toBe(0);
    expect(pressing("down", "down", "up", "return")).toMatchObject({ chosen: 1, isOpen: true });
    expect(pressing("return", "return").isOpen).toBe(false);
  });

  it("type a filter, of which q is a part, until it is taken or given up", () => {
    const typing = pressing("/", "q", "u", "x", "backspace");
    expect(typing).toMatchObject({ filter: "qu", prompt: "filter types by: qu" });
    expect(press(typing, { name: "return" }).state).toMatchObject({ filter: "qu", prompt: null });
    expect(press(typing, { name: "escape" }).state).toMatchObject({ filter: "", prompt: null });
    expect(press(typing, { sequence: "\x1b[5~", name: "pageup" }).state.filter).toBe("qu");
    expect(press(typing, { name: "c", ctrl: true }).wish).toBe("quit");
  });

  it("go round the processes", () => {
    const several = { ...FIRST_STATE, processes: 2 };
    const second = press(several, { name: "tab" }).state;
    expect(second.process).toBe(1);
    expect(press(second, { name: "tab" }).state.process).toBe(0);
  });
});

it("a terminal that can only print gets the same lines, without keys or control sequences", () => {
  let text = "";
  const write = (more: string | Uint8Array) => {
    text += String(more);
    return true;
  };
  const out = { columns: 80, rows: 24, write };
  const printer = new Printer(new Notes(true), out);
  printer.frame(frame);
  expect(text).toBe(`${shown().slice(0, -1).join("\n")}\n\n`);
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  text = "";
  // Owners are those of the last frame that has some.
  printer.frame({ ...frame, totals: { ...frame.totals, owners: null, findings: null } });
  expect(text).toContain(">app.Profiler.results");
});
