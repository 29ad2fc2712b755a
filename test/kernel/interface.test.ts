import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
// @ts-expect-error: a script, without types of its own
import { makeInterface, readExports } from "../../scripts/kernel-interface.mjs";
import { kernelPath } from "../../src/kernel/artifacts.ts";
import { bindKernel } from "../../src/kernel/interface.ts";
import { KernelMemory } from "../../src/kernel/kernel-memory.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const exported: { name: string; parameters: { name: string }[] }[] = readExports(root);
const plain = (text: string) => text.replaceAll(/[\s,;]+/g, " ").replaceAll(/([({]) | ([)}])/g, "$1$2");

describe("the kernel's interface", () => {
  it("is what the script makes of the assembly", () => {
    const written = readFileSync(new URL("../../src/kernel/interface.ts", import.meta.url), "utf8");
    expect(plain(written)).toBe(plain(makeInterface(root)));
  });

  it("has the names and the numbers of arguments of the compiled kernel", () => {
    const module = new WebAssembly.Module(readFileSync(kernelPath));
    const { exports } = new WebAssembly.Instance(module, { env: { memory: new KernelMemory().wasm } });
    const compiled = Object.entries(exports)
      .filter((entry): entry is [string, (...args: never) => unknown] => typeof entry[1] === "function")
      .map(([name, { length }]) => [name, length]);
    const said = exported.map(({ name, parameters }) => [name, parameters.length]);
    expect(new Map(compiled as [string, number][])).toEqual(new Map(said as [string, number][]));
  });

  it("hands arguments over in the assembly's order, by name or not, and what returns as u32 is never negative", () => {
    const calls: unknown[][] = [];
    const spy = Object.fromEntries(
      exported.map(({ name }) => [name, (...args: unknown[]) => calls.push([name, ...args]) && -16]),
    );
    const kernel = bindKernel(spy) as unknown as Record<string, (...args: unknown[]) => unknown>;
    for (const { name, parameters } of exported) {
      const names = parameters.map((parameter) => parameter.name);
      const named = Object.fromEntries(names.toReversed().map((key) => [key, key]));
      const returned = kernel[name]?.(...(names.length > 4 ? [named] : names));
      expect(calls.pop()).toEqual([name, ...names]);
      expect([2 ** 32 - 16, -16, undefined]).toContain(returned);
    }
    expect(kernel.surveyPages?.({})).toBe(2 ** 32 - 16);
  });
});
