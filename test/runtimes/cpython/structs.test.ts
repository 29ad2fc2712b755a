import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
// @ts-expect-error: a script, without types of its own
import { hasCompiler, structsOf } from "../../../scripts/structs.mjs";
import { ANY, ANY_FREE_THREADED } from "../../../src/runtimes/cpython/structs/structs.ts";
import { findInterpreters } from "../pythons.ts";

const folder = fileURLToPath(new URL("../../../src/runtimes/cpython/structs", import.meta.url));
/** Those with a `t` are of the builds without the GIL, whose headers are the same. */
const VERSIONS = ["6", "7", "8", "9", "10", "11", "12", "13", "13t", "14", "14t", "15", "15t"];
const interpreters = findInterpreters();

/** The folder of the version's headers; null where they are not installed. */
function headersOf(minor: string): string | null {
  const python = interpreters.find((path) => path.endsWith(`/python3.${minor}`));
  if (python === undefined) return null;
  const ask = "import sysconfig; print(sysconfig.get_path('include'))";
  const include = execFileSync(python, ["-c", ask], { encoding: "utf8" }).trim();
  return existsSync(join(include, "Python.h")) ? include : null;
}

describe.each(VERSIONS)("the structs of CPython 3.%s", (version) => {
  const path = join(folder, `v3${version}.ts`);
  const isFreeThreaded = version.endsWith("t");
  const minor = version.replace("t", "");

  it("are as its headers have them", (ctx) => {
    if (!hasCompiler()) return ctx.skip("no C compiler");
    const include = headersOf(minor);
    if (include === null) return ctx.skip(`no headers of CPython 3.${minor}`);
    // The first line names the patch release.
    const [, ...made] = structsOf(include, isFreeThreaded).text.split("\n");
    const [, ...kept] = readFileSync(path, "utf8").split("\n");
    expect(made).toEqual(kept);
  });

  it("have what is read before the version is known where all have it", async () => {
    const { [`V3${version.toUpperCase()}`]: structs } = await import(path);
    for (const [struct, fields] of Object.entries(isFreeThreaded ? ANY_FREE_THREADED : ANY)) {
      const { sizeof: _, ob_refcnt: __, ...places } = { ob_refcnt: 0, ...fields };
      expect(structs[struct]).toMatchObject(places);
    }
    expect(structs.minor).toBe(Number(minor));
  });
});

describe("headers that cannot be compiled", () => {
  it("are refused with what the compiler says", (ctx) => {
    if (!hasCompiler()) return ctx.skip("no C compiler");
    expect(() => structsOf("/no/such/include")).toThrow("/no/such/include");
  });
});
