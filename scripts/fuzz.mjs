// `node scripts/fuzz.mjs [RUNS] [SEED]`: mutated cores and modules from a seed on, in a process of their own, so
// that its memory is theirs. A failure names its seed.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

/** Kibibytes that the whole process may take. */
const MOST_KIB = 300 * 1024;
/** A case that takes longer hangs, as far as anyone can tell. */
const MOST_MILLIS = 5000;

// On a machine with much memory garbage lies for long, and would count: here no more than this is in use.
const HEAP_LIMIT = "--max-old-space-size=150";
if (!process.execArgv.includes(HEAP_LIMIT)) {
  const again = [HEAP_LIMIT, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  process.exit(spawnSync(process.execPath, again, { stdio: "inherit" }).status ?? 1);
}

const [runs = 100_000, first = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "coregram-fuzz-build-"));
const outfile = join(folder, "cases.mjs");
await build({
  entryPoints: [join(root, "test/fuzz/cases.ts")],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "warning",
  // As in the build: a bundled library still calls require() for what Node itself brings.
  banner: {
    js: 'import{createRequire as bundledRequire}from"node:module";const require=bundledRequire(process.execPath);',
  },
  // The committed cores lie beside the file that reads them.
  define: { "import.meta.url": JSON.stringify(pathToFileURL(join(root, "test/elf/memory-bytes.ts")).href) },
});
const { Fuzzer } = await import(pathToFileURL(outfile).href);
const fuzzer = new Fuzzer();
/** @type {Record<string, number>} */
const outcomes = {};
let slowest = 0;
try {
  for (let seed = first; seed < first + runs; seed += 1) {
    const start = performance.now();
    const outcome = await fuzzer.run(seed);
    const millis = performance.now() - start;
    if (millis > MOST_MILLIS) throw new Error(`seed ${seed} takes ${Math.round(millis)} ms`);
    slowest = Math.max(slowest, millis);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  const { maxRSS } = process.resourceUsage();
  console.log(`${runs} cases from seed ${first}:`, outcomes);
  console.log(`slowest ${Math.round(slowest)} ms, ${Math.round(maxRSS / 1024)} MiB at most`);
  if (maxRSS > MOST_KIB) throw new Error(`more than ${MOST_KIB / 1024} MiB`);
} finally {
  fuzzer.close();
  rmSync(folder, { recursive: true, force: true });
}
