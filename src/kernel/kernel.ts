import { readFileSync } from "node:fs";
import { kernelPath } from "./artifacts.ts";
import { bindKernel, type Kernel } from "./interface.ts";

let compiled: WebAssembly.Module | null = null;

/** Compiles the kernel; a few milliseconds, once a process: all memories and threads share the module. */
export function compileKernel(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(kernelPath));
  return compiled;
}

/** The kernel on the given shared memory; an instance a thread. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernel {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return bindKernel(exports);
}
