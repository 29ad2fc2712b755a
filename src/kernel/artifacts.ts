import { fileURLToPath } from "node:url";

// The build puts the kernel and the worker's bundle into dist/, beside the program's own bundle. From the
// sources, as the tests run, dist/ is two folders up.
const built = import.meta.url.endsWith(".ts") ? "../../dist/" : "./";

/** The compiled kernel, `assembly/` as WebAssembly. */
export const kernelPath = fileURLToPath(new URL(`${built}kernel.wasm`, import.meta.url));

/** The bundled `worker.ts`. */
export const workerUrl = new URL(`${built}worker.js`, import.meta.url);
