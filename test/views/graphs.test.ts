import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { dot } from "../../src/views/dot.ts";
import { flamegraph } from "../../src/views/flamegraph.ts";
import type { View } from "../../src/views/view.ts";

const VIEW: View = {
  columns: { schema: "coregram/none@1", doc: "", input: {}, totals: {}, row: {} } as never,
  input: {},
  totals: {},
  rows: [],
  plainChunks: null,
  redacted: null,
  lines: [],
  plain: () => "",
  table: { columns: [], foot: [] },
};

const textOf = (chunks: Iterable<string | Uint8Array>) => [...chunks].join("");

it("folded stacks are frames and a number, whatever frames are called", () => {
  const stacks = [
    { frames: ["app", "cache", "['a;b 7\n']"], weight: 12 },
    { frames: ["nothing"], weight: 0 },
    { frames: ["main (app.py:3)"], weight: 1 },
  ];
  expect(textOf(flamegraph.render({ ...VIEW, stacks }, { color: false }))).toBe(
    "app;cache;['a\\x3bb 7\\x0a'] 12\nmain (app.py:3) 1\n",
  );
});

it("what has no stacks or graph says what has", () => {
  expect(() => flamegraph.render(VIEW, { color: false })).toThrow(
    "--format flamegraph is for owners and stacks",
  );
  expect(() => dot.render(VIEW, { color: false })).toThrow("--format dot is for owners --of");
});

const HOSTILE = ['a"];\nevil [label="', "back\\slash\\n", "</TABLE>"];

const graph = {
  nodes: [["app.rows", "builtins.list"], HOSTILE],
  edges: [
    { from: 1, to: 0, label: 'ke"ep\\s', isGuess: false },
    { from: 0, to: 1, label: "refers to", isGuess: true },
  ],
};

it("a graph quotes all names", () => {
  const text = textOf(dot.render({ ...VIEW, graph }, { color: false }));
  expect(text).toContain('n0 [label="app.rows\\nbuiltins.list"];');
  expect(text).toContain('n1 [label="a\\"];\\\\x0aevil [label=\\"\\nback\\\\slash\\\\n\\n</TABLE>"];');
  expect(text).toContain('n1 -> n0 [label="ke\\"ep\\\\s"];');
  expect(text).toContain('n0 -> n1 [label="refers to", style=dashed];');
});

it.skipIf(spawnSync("dot", ["-V"]).status !== 0)("Graphviz reads it as those nodes and edges", () => {
  const text = textOf(dot.render({ ...VIEW, graph }, { color: false }));
  const run = spawnSync("dot", ["-Tplain"], { input: text, encoding: "utf8" });
  expect([run.status, run.stderr]).toEqual([0, ""]);
  expect(run.stdout.split("\n").filter((line) => line.startsWith("node "))).toHaveLength(2);
  expect(run.stdout.split("\n").filter((line) => line.startsWith("edge "))).toHaveLength(2);
});
