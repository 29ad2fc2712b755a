// Builds dist/: the kernel (AssemblyScript → WebAssembly), the program's bundle and the worker's.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { build } from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");

const { error, stderr } = await asc.main([
  "src/kernel/assembly/index.ts",
  "--outFile=dist/kernel.wasm",
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

await build({
  entryPoints: { coregram: "src/commands/main.ts", worker: "src/kernel/worker.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  minify: true,
  platform: "node",
  target: "node20",
  format: "esm",
  legalComments: "linked",
  // yargs and a few others still call require() for what Node itself brings.
  banner: {
    js: 'import{createRequire as bundledRequire}from"node:module";const require=bundledRequire(import.meta.url);',
  },
  alias: { "string-width": "./src/commands/string-width.ts" },
  define: { VERSION: JSON.stringify(version) },
  logLevel: "warning",
});
