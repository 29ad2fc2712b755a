// Builds dist/: the kernel (AssemblyScript → WebAssembly), the program's bundle and the worker's, the schemas. They are made
// in a folder beside it that then takes its place: a build that breaks off leaves the old dist/ as it was, and
// whoever runs the program meanwhile finds it whole.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { build } from "esbuild";
import { bashCompletion, fishCompletion, zshCompletion } from "./completions.mjs";
import { isStale } from "./kernel-interface.mjs";
import { collectLicenses } from "./licenses.mjs";
import { isRunning } from "./lock.mjs";
import { manualPage } from "./manual.mjs";
import { mergeCommon } from "./merge.mjs";
import { ownWords } from "./own-words.mjs";
import { DIGEST_FILE, digestSources } from "./sources.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
// Before anything is read: what changes during the build makes its result an old one.
const digest = digestSources(".");
const fresh = `dist.${process.pid}.new`;
const old = `dist.${process.pid}.old`;
mkdirSync(fresh);
process.once("exit", () => {
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
});

if (isStale(".")) {
  process.stderr.write(
    "src/kernel/interface.ts is not what the kernel is: node scripts/kernel-interface.mjs\n",
  );
  process.exit(1);
}

const { error, stderr } = await asc.main([
  "src/kernel/assembly/index.ts",
  `--outFile=${fresh}/kernel.wasm`,
  "-O3",
  "--noAssert",
  "--runtime=stub",
  "--importMemory",
  "--sharedMemory",
  "--initialMemory=16",
  "--maximumMemory=65536",
  "--enable=simd,threads,bulk-memory",
]);
if (error) {
  process.stderr.write(stderr.toString());
  process.exit(1);
}

/** @satisfies {import("esbuild").BuildOptions} */
const options = {
  outdir: fresh,
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  format: "esm",
  legalComments: "none",
  metafile: true,
  // yargs and a few others still call require() for what Node itself brings.
  banner: {
    js: 'import{createRequire as bundledRequire}from"node:module";const require=bundledRequire(import.meta.url);',
  },
  alias: {
    "string-width": "./src/commands/shell/string-width.ts",
    "node:process": "./src/commands/shell/node-process.ts",
  },
  define: { BUILT_VERSION: JSON.stringify(version) },
  logLevel: "warning",
};
const { metafile } = await build({
  ...options,
  entryPoints: { coregram: "src/commands/shell/main.ts", library: "src/index.ts" },
  splitting: true,
});
await mergeCommon(fresh, /^(?:cli|words)-/, options);
// One file alone, so that a thread starts soon.
await build({ ...options, entryPoints: { worker: "src/kernel/worker.ts" } });
// Another, as it starts before a process is stopped.
await build({ ...options, entryPoints: { watchdog: "src/commands/pause/watchdog.ts" } });

const pageInputs = await buildPage(fresh);

await writeSchemas(join(fresh, "schemas"));
await writeOwnWords(fresh);
await writeManual(fresh);
writeFileSync(join(fresh, "LICENSES.txt"), collectLicenses([...Object.keys(metafile.inputs), ...pageInputs]));
writeFileSync(join(fresh, basename(DIGEST_FILE)), digest);
// Another build may finish in between, and a folder is renamed only onto an empty one: then once more.
for (let moved = false; !moved; ) {
  move("dist", old, "ENOENT");
  moved = move(fresh, "dist", "ENOTEMPTY");
  rmSync(old, { recursive: true, force: true });
}
for (const name of readdirSync(".")) {
  const [, pid] = /^dist\.(\d+)\.(?:new|old)$/.exec(name) ?? [];
  if (pid && !isRunning(Number(pid))) rmSync(name, { recursive: true, force: true });
}

/**
 * The report's style and program, as its page has them in itself.
 * @param {string} outdir
 */
async function buildPage(outdir) {
  /** @satisfies {import("esbuild").BuildOptions} */
  const page = { bundle: true, minify: true, outdir };
  await build({ ...page, entryPoints: { page: "src/report/page.css" } });
  const { metafile } = await build({
    ...page,
    entryPoints: { page: "src/report/script/main.ts" },
    platform: "browser",
    format: "iife",
    target: "es2022",
    legalComments: "none",
    metafile: true,
  });
  return Object.keys(metafile.inputs);
}

/**
 * The JSON Schema of every result, and of its rows: what `coregram schema` prints.
 * @param {string} folder
 */
async function writeSchemas(folder) {
  const results = await load("src/answers/results/index.ts");
  mkdirSync(folder);
  for (const result of results.RESULTS) {
    const name = basename(result.schema);
    writeFileSync(join(folder, `${name}.json`), results.schemaText(results.frameSchema(result)));
    writeFileSync(join(folder, `${name}.row.json`), results.schemaText(results.rowSchema(result)));
  }
  for (const table of [...Object.values(results.TABLES), ...results.FILES])
    writeFileSync(
      join(folder, `${basename(table.schema)}.row.json`),
      results.schemaText(results.rowSchema(table)),
    );
}

/**
 * Words of our own sentences: what `--redact` leaves of them.
 * @param {string} outdir
 */
async function writeOwnWords(outdir) {
  const { runsOf } = await load("src/answers/redaction/runs.ts");
  writeFileSync(join(outdir, "own-words.txt"), ownWords("src", runsOf).join("\n"));
}

/**
 * The man page, and completion for shells: by the names that man and the shells look for.
 * @param {string} outdir
 */
async function writeManual(outdir) {
  const { COMMANDS } = await load("src/commands/shell/commands.ts");
  mkdirSync(join(outdir, "man"));
  mkdirSync(join(outdir, "completions"));
  writeFileSync(join(outdir, "man/coregram.1"), manualPage(COMMANDS, version));
  writeFileSync(join(outdir, "completions/coregram.bash"), bashCompletion(COMMANDS));
  writeFileSync(join(outdir, "completions/_coregram"), zshCompletion(COMMANDS));
  writeFileSync(join(outdir, "completions/coregram.fish"), fishCompletion(COMMANDS));
}

/**
 * What a file of ours exports, as it stands; what it loads only when it is called is left out.
 * @param {string} path
 */
async function load(path) {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    external: ["./run/*"],
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  const code = Buffer.concat(outputFiles.map(({ contents }) => contents)).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}

/**
 * Renames it; false where the system says no for the reason that is expected.
 * @param {string} from
 * @param {string} to
 * @param {string} expected an errno
 */
function move(from, to, expected) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (error.code === expected) return false;
    throw error;
  }
}
