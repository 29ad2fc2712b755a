import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
// @ts-expect-error: a script, without types of its own
import { hasCompiler, structsOf } from "../../../scripts/structs.mjs";
import { ANY } from "../../../src/runtimes/cpython/structs/structs.ts";
import { findInterpreters } from "../pythons.ts";

const folder = fileURLToPath(new URL("../../../src/runtimes/cpython/structs", import.meta.url));
const MINORS = [6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const interpreters = findInterpreters();

/** The folder of the version's headers; null where they are not installed. */
function headersOf(minor: number): string | null {
  const python = interpreters.find((path) => path.endsWith(`/python3.${minor}`));
  if (python === undefined) return null;
  const ask = "import sysconfig; print(sysconfig.get_path('include'))";
  const include = execFileSync(python, ["-c", ask], { encoding: "utf8" }).trim();
  return existsSync(join(include, "Python.h")) ? include : null;
}

describe.each(MINORS)("the structs of CPython 3.%i", (minor) => {
  const path = join(folder, `v3${minor}.ts`);

  it("are as its headers have them", (ctx) => {
    if (!hasCompiler()) return ctx.skip("no C compiler");
    const include = headersOf(minor);
    if (include === null) return ctx.skip(`no headers of CPython 3.${minor}`);
    // The first line names the patch release.
    const [, ...made] = structsOf(include).text.split("\n");
    const [, ...kept] = readFileSync(path, "utf8").split("\n");
    expect(made).toEqual(kept);
  });

  it("have what is read before the version is known where all have it", async () => {
    const { [`V3${minor}`]: structs } = await import(path);
    for (const [struct, { sizeof: _, ...fields }] of Object.entries(ANY))
      expect(structs[struct]).toMatchObject(fields);
    expect(structs.minor).toBe(minor);
  });
});

describe("headers that cannot be compiled", () => {
  it("are refused with what the compiler says", (ctx) => {
    if (!hasCompiler()) return ctx.skip("no C compiler");
    expect(() => structsOf("/no/such/include")).toThrow("/no/such/include");
  });
});
