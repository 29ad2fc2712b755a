import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";
import { answerHeapSnapshot } from "../../src/answers/heap-snapshot.ts";
import { openTarget } from "../../src/image/index.ts";
import { heapSnapshotText } from "../../src/views/index.ts";
import { CHROMIUM } from "../report/browser.ts";
import { readParquet } from "../views/parquet-file.ts";
import { DevTools } from "./devtools.ts";
import { coregram, Scratch, sample } from "./program.ts";

const scratch = new Scratch();
const after = sample("downstream-after.core.gz");

interface Opened {
  readonly types: readonly string[];
  readonly names: readonly string[];
  readonly bytes: readonly number[];
  /** What dominates each holds, itself included: by edges that are not weak. */
  readonly retained: readonly number[];
  readonly edges: readonly {
    readonly from: number;
    readonly to: number;
    readonly type: string;
    readonly name: string;
  }[];
}

/** Reads a `.heapsnapshot` as viewers do, and checks all that they rely on. */
function openSnapshot(text: string): Opened {
  const { snapshot, nodes, edges, strings } = JSON.parse(text);
  const { meta, node_count: nodeCount, edge_count: edgeCount } = snapshot;
  const width = meta.node_fields.length;
  expect(nodes).toHaveLength(nodeCount * width);
  expect(edges).toHaveLength(3 * edgeCount);
  const at = (field: string) => meta.node_fields.indexOf(field);
  const field = (node: number, name: string): number => nodes[node * width + at(name)];
  const count = Array.from({ length: nodeCount }, (_, node) => node);
  expect(new Set(count.map((node) => field(node, "id"))).size).toBe(nodeCount);
  const found: Opened["edges"][number][] = [];
  let edge = 0;
  for (const from of count)
    for (const end = edge + field(from, "edge_count"); edge < end; edge += 1) {
      const [type, name, to] = edges.slice(3 * edge, 3 * edge + 3);
      const kind = meta.edge_types[0][type];
      const label = kind === "element" ? String(name) : strings[name];
      if (to % width !== 0 || to >= nodes.length || kind === undefined || label === undefined)
        throw new Error(`edge ${edge}: ${type} ${name} ${to}`);
      found.push({ from, to: to / width, type: kind, name: label });
    }
  expect(edge).toBe(edgeCount);
  const types = count.map((node) => meta.node_types[0][field(node, "type")]);
  const names = count.map((node) => strings[field(node, "name")]);
  expect(types.concat(names)).not.toContain(undefined);
  const bytes = count.map((node) => field(node, "self_size"));
  return { types, names, bytes, edges: found, retained: retainedOf(bytes, found) };
}

/** Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm", from node 0 on. */
function retainedOf(bytes: readonly number[], edges: Opened["edges"]): number[] {
  const next: number[][] = bytes.map(() => []);
  const before: number[][] = bytes.map(() => []);
  for (const { from, to, type } of edges)
    if (type !== "weak") {
      next[from]?.push(to);
      before[to]?.push(from);
    }
  const order: number[] = [];
  const numbers = new Int32Array(bytes.length).fill(-1);
  const met = new Set([0]);
  const stack = [{ node: 0, child: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const to = next[top.node]?.[top.child++];
    if (to === undefined) {
      numbers[top.node] = order.push(top.node) - 1;
      stack.pop();
    } else if (!met.has(to)) {
      met.add(to);
      stack.push({ node: to, child: 0 });
    }
  }
  // A viewer shows what nothing leads to nowhere.
  expect(order.length).toBe(bytes.length);
  const dominators = new Int32Array(bytes.length).fill(-1);
  dominators[0] = 0;
  const meet = (a: number, b: number): number => {
    let [one, other] = [a, b];
    while (one !== other)
      if ((numbers[one] ?? 0) < (numbers[other] ?? 0)) one = dominators[one] ?? 0;
      else other = dominators[other] ?? 0;
    return one;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of order.slice(0, -1).reverse()) {
      const known = (before[node] ?? []).filter((from) => (dominators[from] ?? -1) >= 0);
      const found = known.reduce(meet);
      if (dominators[node] === found) continue;
      dominators[node] = found;
      changed = true;
    }
  }
  const retained = [...bytes];
  for (const node of order.slice(0, -1))
    retained[dominators[node] ?? 0] = (retained[dominators[node] ?? 0] ?? 0) + (retained[node] ?? 0);
  return retained;
}

interface MemlabSnapshot {
  readonly nodes: { forEach(each: (node: { name: string; retainedSize: number }) => void): void };
}

interface Memlab {
  readonly utils: { getSnapshotFromFile(file: string, options: object): Promise<MemlabSnapshot> };
  readonly analysis: { preparePathFinder(snapshot: MemlabSnapshot): void };
}

/** memlab's reader, which is nobody's dependency: where a folder of NODE_PATH has it. */
const MEMLAB = ((): Memlab | null => {
  try {
    return createRequire(import.meta.url)("@memlab/core");
  } catch {
    return null;
  }
})();

describe("coregram export --heapsnapshot", () => {
  const file = scratch.path("after.heapsnapshot");
  let opened: Opened;
  let objects: readonly Readonly<Record<string, unknown>>[] = [];

  beforeAll(async () => {
    expect(await coregram(["export", after, "--heapsnapshot", file, "-q"])).toMatchObject({
      status: 0,
      stdout: "",
      stderr: "",
    });
    opened = openSnapshot(readFileSync(file, "utf8"));
    const folder = scratch.path("tables");
    await coregram(["export", after, folder, "-q", "--table", "objects"]);
    objects = (await readParquet(readFileSync(`${folder}/objects.parquet`))).rows;
  });

  it("has every object by its type, and what a viewer computes that it retains is what it does", () => {
    const { types, names, bytes, retained } = opened;
    const nodes = [...types.keys()].filter((node) => types[node] === "object");
    expect(nodes).toHaveLength(objects.length);
    nodes.forEach((node, index) => {
      const { type, bytes: own, retainedBytes, nativeBytes } = objects[index] ?? {};
      const wanted = [type, Number(own), Number(retainedBytes) + Number(nativeBytes)];
      if (String([names[node], bytes[node], retained[node]]) !== String(wanted))
        throw new Error(`${index}: ${wanted}`);
    });
  });

  it("shows Profiler.results as the list that retains most, with its items by number", () => {
    const { names, retained, edges } = opened;
    const lists = [...names.keys()].filter((node) => names[node] === "builtins.list");
    const [most = 0] = lists.sort((a, b) => (retained[b] ?? 0) - (retained[a] ?? 0));
    expect(retained[most]).toBe(8_191_888);
    expect(edges.filter(({ to }) => to === most).map(({ type, name }) => [type, name])).toEqual([
      ["property", "results"],
    ]);
    const items = edges.filter(({ from }) => from === most);
    expect(items).toHaveLength(20_000);
    expect([items[0], items.at(-1)]).toMatchObject([
      { type: "element", name: "0" },
      { type: "element", name: "19999" },
    ]);
  });

  it("has texts as strings where values are asked for, and the same bytes", async () => {
    const valued = scratch.path("values.heapsnapshot");
    await coregram(["export", after, "--heapsnapshot", valued, "-q", "--values"]);
    const { types, names, bytes, retained } = openSnapshot(readFileSync(valued, "utf8"));
    // As text: an array of so many is compared for long.
    expect(String([bytes, retained]) === String([opened.bytes, opened.retained])).toBe(true);
    const folder = scratch.path("texts");
    await coregram(["export", after, folder, "-q", "--table", "strings", "--values"]);
    const { rows } = await readParquet(readFileSync(`${folder}/strings.parquet`));
    const strings = [...types.keys()].filter((node) => types[node] === "string");
    expect(strings.length).toBeGreaterThan(40_000);
    const named = JSON.stringify(strings.map((node) => names[node]));
    expect(named === JSON.stringify(rows.map(({ text }) => text))).toBe(true);
    expect(opened.types.includes("string")).toBe(false);
    const others = [...types.keys()].filter((node) => types[node] === "object");
    expect(others.filter((node) => names[node] !== opened.names[node])).toEqual([]);
  });

  it("is for its user alone, and takes no folder beside it", async () => {
    expect(statSync(file).mode & 0o077).toBe(0);
    const run = await coregram(["export", after, "folder", "--heapsnapshot", file]);
    expect(run).toMatchObject({ status: 2, stdout: "" });
    expect(run.stderr).toContain("stands in place of FOLDER: not both it and folder");
  });

  it.each([10, 500, 20_000])(
    "with %i nodes has the rest beside what holds it, and the same bytes",
    async (most) => {
      const target = await openTarget(after);
      try {
        const bounded = openSnapshot(
          [...heapSnapshotText(await answerHeapSnapshot(target, { most }))].join(""),
        );
        const own = [...bounded.types.keys()].filter((node) => bounded.types[node] !== "synthetic");
        expect(own.length).toBeLessThanOrEqual(most);
        expect(own.length).toBeGreaterThan(most / 2);
        expect(bounded.retained[0]).toBe(opened.retained[0]);
        // Nodes stand in the order of addresses, and only those that retain most are there.
        const all = [...opened.types.keys()].filter((node) => opened.types[node] !== "synthetic");
        const least = Math.min(...own.map((node) => bounded.retained[node] ?? 0));
        const wanted = all.filter((node) => (opened.retained[node] ?? 0) >= least);
        expect(own.map((node) => [bounded.names[node], bounded.retained[node]])).toEqual(
          wanted.map((node) => [opened.names[node], opened.retained[node]]),
        );
      } finally {
        target.close();
      }
    },
  );

  it.skipIf(CHROMIUM === null)(
    "opens in Chromium's DevTools, whose biggest list is Profiler.results, by name",
    async () => {
      const tools = await DevTools.load(CHROMIUM ?? "", file);
      try {
        await tools.expand(/^builtins\.list\s*×/);
        // The first of the class is the one that retains most.
        const first = /^builtins\.list\s*@/;
        expect((await tools.cells(first)).at(-1)).toMatch(/^8,192\skB\s*51\s%$/);
        await tools.select(first);
        expect((await tools.cells(/^results\s*in\s*builtins\.dict\s*@/)).at(-1)).toMatch(/^8,19\d\skB/);
        expect((await tools.cells(/^__dict__\s*in\s*builtins\.type\s*@/)).at(-1)).toMatch(/^8,19\d\skB/);
        await tools.cells(/^Profiler\s*in\s*builtins\.dict\s*@/);
      } finally {
        await tools.close();
      }
    },
    300_000,
  );

  it.skipIf(MEMLAB === null)("is read by memlab, which finds the same", async () => {
    if (MEMLAB === null) return;
    const snapshot = await MEMLAB.utils.getSnapshotFromFile(file, { buildNodeIdIndex: true });
    MEMLAB.analysis.preparePathFinder(snapshot);
    const retained: number[] = [];
    snapshot.nodes.forEach(({ name, retainedSize }) => {
      if (name === "builtins.list") retained.push(retainedSize);
    });
    expect(Math.max(...retained)).toBe(8_191_888);
  });
});
