import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { importCycles, KNOWN_CIRCLES, KNOWN_RISES, layerFaults, partFaults, ROOMS } from "./layers.ts";

const src = fileURLToPath(new URL("../src", import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.[cm]?[jt]s$/.test(path));

describe("src", () => {
  it("has files in many rooms", () => {
    expect(files.length).toBeGreaterThan(50);
    for (const room of ["terms", "bytes", "kernel", "words", "commands"])
      expect(files.some((path) => path.startsWith(`${room}/`))).toBe(true);
  });

  it.each(files)("%s keeps to the layers", (path) => {
    expect(layerFaults(path, readFileSync(join(src, path), "utf8"))).toEqual([]);
  });

  const texts = new Map(files.map((path) => [path, readFileSync(join(src, path), "utf8")]));

  it("has parts of rooms that import what is below them, but for what is known", () => {
    const faults = files.flatMap((path) => partFaults(path, texts.get(path) ?? ""));
    expect(faults.sort()).toEqual(Object.keys(KNOWN_RISES).sort());
  });

  it("runs in circles only where that is known", () => {
    const isKnown = (cycle: string[]) =>
      KNOWN_CIRCLES.some(({ within }) => cycle.every((path) => path.startsWith(within)));
    expect(importCycles(texts).filter((cycle) => !isKnown(cycle))).toEqual([]);
  });

  it.each(ROOMS.filter((room) => existsSync(join(src, room))))(
    "%s opens with what it is for, what goes in and what comes out",
    (room) => {
      const [purpose, input, output] = readFileSync(join(src, room, "index.ts"), "utf8").split("\n");
      expect(purpose).toMatch(/^\/\/ \S/);
      expect(input).toMatch(/^\/\/ in: \S/);
      expect(output).toMatch(/^\/\/ out: \S/);
    },
  );
});

describe("a violation is found:", () => {
  it.each([
    ["a higher room", "terms/a.ts", `import { b } from "../words/index.ts";`, "terms is below words"],
    ["a higher room's type", "elf/a.ts", `import type { B } from "../image/index.ts";`, "elf is below image"],
    ["a re-export", "elf/a.ts", `export * from "../image/index.ts";`, "elf is below image"],
    [
      "an import over lines",
      "elf/a.ts",
      `import {\n  b,\n} from\n  "../image/index.ts";`,
      "elf is below image",
    ],
    ["a dynamic import", "bytes/a.ts", `await import("../kernel/index.ts")`, "bytes is below kernel"],
    [
      "a type import in place",
      "bytes/a.ts",
      `let b: import("../kernel/index.ts").B;`,
      "bytes is below kernel",
    ],
    ["a side-effect import", "bytes/a.ts", `import "../kernel/index.ts";`, "bytes is below kernel"],
    [
      "from a folder in a room",
      "kernel/tasks/a.ts",
      `import { b } from "../../words/index.ts";`,
      "kernel is below",
    ],
    ["past the index", "words/a.ts", `import { b } from "../kernel/crew.ts";`, "not kernel/index.ts"],
    [
      "an index in a room's folder",
      "words/a.ts",
      `import "../kernel/tasks/index.ts";`,
      "not kernel/index.ts",
    ],
    ["an answer's own file, for a view", "views/a.ts", `import "../answers/b.ts";`, "not answers/index.ts"],
    ["heap and blocks", "heap/a.ts", `import { b } from "../blocks/index.ts";`, "heap must not know blocks"],
    [
      "heap and runtimes",
      "heap/a.ts",
      `import { b } from "../runtimes/index.ts";`,
      "heap must not know runtimes",
    ],
    ["out of src", "words/a.ts", `import { b } from "../../test/b.ts";`, "in no room"],
    ["a view in the library", "index.ts", `export { b } from "./views/index.ts";`, "answers is below views"],
    ["the library, from within", "words/a.ts", `import { b } from "../index.ts";`, "words is below answers"],
    ["a file in no room", "a.ts", "", "in no room"],
    ["a new room", "helpers/a.ts", "", "in no room"],
    ["process", "words/a.ts", "const a = process.env.A;", "touches process"],
    ["process by import", "words/a.ts", `import { env } from "node:process";`, "touches process"],
    ["process by its global", "words/a.ts", "const { env } = globalThis.process;", "touches process"],
    ["console", "words/a.ts", "console.log(1);", "touches console"],
    ["the clock", "words/a.ts", "const a = Date.now();", "touches the clock"],
    ["the fine clock", "words/a.ts", "const a = performance.now();", "touches the clock"],
  ])("%s", (_, path, text, fault) => {
    expect(layerFaults(path, text).join("\n")).toContain(fault);
  });
});

describe("is no violation:", () => {
  it.each([
    ["a lower room's index", "words/a.ts", `import { b } from "../kernel/index.ts";`],
    ["a neighbour", "words/a.ts", `import { b } from "./b.ts";`],
    ["a folder of the room", "kernel/a.ts", `import { b } from "./tasks/b.ts";`],
    ["up within the room", "kernel/tasks/a.ts", `import { b } from "../crew.ts";`],
    ["a package", "words/a.ts", `import { readSync } from "node:fs";`],
    [
      "the commands' process and clock",
      "commands/a.ts",
      "process.exitCode = 1; performance.now(); console.error();",
    ],
    ["a word in a comment", "words/a.ts", "// the process. ends\n/* console.log */ const a = 1;"],
    [
      "a core's process",
      "image/a.ts",
      `import "./process.ts"; const a = process?.pid ?? notes.process.name;`,
    ],
    ["an answer's own file, for a command", "commands/a.ts", `import { b } from "../answers/b.ts";`],
    ["the results' own index, for a view", "views/a.ts", `import { b } from "../answers/results/index.ts";`],
    ["heap and image", "heap/a.ts", `import { b } from "../image/index.ts";`],
  ])("%s", (_, path, text) => {
    expect(layerFaults(path, text)).toEqual([]);
  });
});

describe("between parts of a room", () => {
  it.each([
    ["answers/results/a.ts", `import { b } from "../words.ts";`, "answers/results is below words"],
    ["kernel/abi/a.ts", `import { b } from "../tasks/b.ts";`, "kernel/abi is below tasks"],
    ["runtimes/cpython/layout/a.ts", `import type { B } from "../values/b.ts";`, "layout is below values"],
    ["symbols/modules/a.ts", `export * from "../maps/b.ts";`, "symbols/modules is below maps"],
    ["image/core.ts", `import { b } from "./modules/b.ts";`, "image/core is below modules"],
  ])("an import that goes up is found: %s, %s", (path, text, fault) => {
    expect(partFaults(path, text).join()).toContain(fault);
  });

  it.each([
    ["answers/words.ts", `import { b } from "./results/index.ts";`],
    ["runtimes/cpython/roots/a.ts", `import { b } from "../structs/b.ts";`],
    [
      "runtimes/cpython/values/a.ts",
      `import { b } from "./b.ts"; import { c } from "../../../blocks/index.ts";`,
    ],
  ])("one that goes down or stays is fine: %s, %s", (path, text) => {
    expect(partFaults(path, text)).toEqual([]);
  });
});

describe("a circle of imports", () => {
  const circlesOf = (files: Record<string, string>) => importCycles(new Map(Object.entries(files)));

  it("is found, as are those that more than one way lead to", () => {
    const ab = { "r/a.ts": `import { b } from "./b.ts";`, "r/b.ts": `export * from "./c.ts";` };
    expect(circlesOf({ ...ab, "r/c.ts": `await import("./a.ts");` })).toEqual([
      ["r/a.ts", "r/b.ts", "r/c.ts"],
    ]);
    expect(circlesOf({ "r/a.ts": `import "./a.ts";` })).toEqual([["r/a.ts"]]);
  });

  it("is one where only a type closes it", () => {
    const b = `import type { A } from "./a.ts";\nexport const b = 1;`;
    expect(circlesOf({ "r/a.ts": `import { b } from "./b.ts";`, "r/b.ts": b })).toEqual([
      ["r/a.ts", "r/b.ts"],
    ]);
  });

  it("is none where ways only meet", () => {
    const a = `import { b } from "./b.ts"; import { c } from "./c.ts";`;
    expect(circlesOf({ "r/a.ts": a, "r/b.ts": `import "./c.ts";`, "r/c.ts": "" })).toEqual([]);
  });
});
