// `node scripts/graph.mjs [--objects N] [--rounds N] [CORE]`: what the graph of objects alone costs, here and in C++, on the
// same edges of a core. With --objects it makes a process of so many objects with 1.5 references each, dumps it with
// gcore and prints what all of `owners` takes on it, too: time, and peak memory an object. Needs g++; a core of 50
// million objects takes 3 GB of disk and twice that of memory.
import "./node-version.mjs";
import { execFileSync } from "node:child_process";
import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { makeCore } from "./bench/core.mjs";
import { median, peakMemory, time } from "./bench/measure.mjs";
import { CALLER, ROOT, setUp } from "./setup.mjs";

const { values, positionals } = parseArgs({
  options: { objects: { type: "string" }, rounds: { type: "string", default: "5" } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
await setUp();
const folder = mkdtempSync(join(tmpdir(), "coregram-graph-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
process.on("SIGINT", () => process.exit(130));

const objects = Number(values.objects ?? 5_000_000);
const core =
  positionals[0] === undefined
    ? await makeCore(folder, { program: "linked.py", count: objects, leastBytes: 0 })
    : resolve(CALLER, positionals[0]);
/** @param {...string} words */
const coregram = (...words) => ({
  name: words.join(" "),
  command: /** @type {[string, ...string[]]} */ ([process.execPath, join(ROOT, "bin/coregram.js"), ...words]),
});
const owners = coregram("owners", core, "--quiet");
const idle = peakMemory(coregram("--version"));
const peak = peakMemory(owners);
const seconds = time(owners) / 1000;
const { nodes, edges, millis, sum, file } = await measureGraph();
console.log(`${nodes} objects and blocks, ${edges} references`);
console.log(
  `owners: ${seconds.toFixed(2)} s, ${perNode(peak === null || idle === null ? null : peak - idle)}`,
);
console.log(`its graph: ${millis.toFixed(0)} ms`);
console.log(`the same in C++: ${runPeer().toFixed(0)} ms`);

/** @param {number | null} bytes */
function perNode(bytes) {
  return bytes === null ? "no GNU time" : `${(bytes / nodes).toFixed(0)} bytes of peak memory each`;
}

/** The graph as `owners` has it, timed once more step by step, and written for the peer. */
async function measureGraph() {
  await build({
    stdin: {
      contents: `export { withHeap } from "./src/answers/heap.ts";
        export { openTarget } from "./src/image/index.ts";
        export { reverseEdges } from "./src/heap/edges.ts";
        export { findDominators, garbagePosition, retain } from "./src/heap/index.ts";`,
      resolveDir: ROOT,
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    outfile: join(folder, "graph.mjs"),
  });
  for (const name of ["kernel.wasm", "worker.js"]) copyFileSync(join(ROOT, "dist", name), join(folder, name));
  const house = await import(pathToFileURL(join(folder, "graph.mjs")).href);
  const target = await house.openTarget(core);
  try {
    return await house.withHeap(
      target,
      {},
      () => {},
      async (/** @type {any} */ { graph, tree }) => {
        const all = Array.from({ length: rounds }, () => {
          const start = performance.now();
          const own = { ...graph, reverse: house.reverseEdges(graph.edges) };
          house.retain(own, house.findDominators(own));
          return performance.now() - start;
        });
        return {
          nodes: graph.nodes,
          edges: graph.edges.ends.length,
          millis: median(all),
          sum: sumOf(graph, tree, house.garbagePosition(tree)),
          file: write(graph),
        };
      },
    );
  } finally {
    await target.close();
  }
}

/**
 * What all nodes retain that a root reaches, added up: the peer must find the same.
 * @param {any} graph
 * @param {any} tree
 * @param {number} end
 */
function sumOf({ nodes }, { order, bytes }, end) {
  let sum = 0n;
  for (let position = 1; position < end; position++)
    if (order[position] < nodes) sum += BigInt(bytes[position]);
  return sum;
}

/**
 * Writes the graph as the peer reads it.
 * @param {any} graph
 */
function write({ nodes, edges, roots, sizes }) {
  const path = join(folder, "graph");
  const fd = openSync(path, "w");
  const { nodes: rootNodes, kinds, kindCount } = roots;
  const counts = BigUint64Array.from([nodes, edges.ends.length, rootNodes.length, kindCount], BigInt);
  for (const part of [
    counts,
    edges.firsts,
    edges.ends,
    rootNodes,
    Uint32Array.from(kinds),
    Uint32Array.from(sizes),
  ]) {
    const bytes = new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    for (let done = 0; done < bytes.length; )
      done += writeSync(fd, bytes, done, Math.min(bytes.length - done, 2 ** 30));
  }
  closeSync(fd);
  return path;
}

/** The peer's milliseconds. */
function runPeer() {
  const program = join(folder, "peer");
  const source = join(ROOT, "scripts/peers/graph.cpp");
  execFileSync("g++", ["-std=c++20", "-O3", "-march=native", source, "-o", program]);
  const [theirs = "", took = ""] = execFileSync(program, [file, String(rounds)], { encoding: "utf8" }).split(
    " ",
  );
  if (BigInt(theirs) !== sum)
    throw new Error(`the peer's nodes retain ${theirs} bytes together, ours ${sum}`);
  return Number(took);
}
