import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
// @ts-expect-error: a script, without types of its own
import { opcodesOf as opcodesOfHeaders } from "../../../scripts/opcodes.mjs";
import { stackEffect } from "../../../src/runtimes/cpython/bytecode/stack-effects.ts";
import { opcodesOf } from "../../../src/runtimes/cpython/opcodes/opcodes.ts";
import { findInterpreters } from "../pythons.ts";

const folder = fileURLToPath(new URL("../../../src/runtimes/cpython/opcodes", import.meta.url));
const interpreters = findInterpreters();

function ask(minor: number, program: string): string | null {
  const python = interpreters.find((path) => path.endsWith(`/python3.${minor}`));
  return python === undefined ? null : execFileSync(python, ["-c", program], { encoding: "utf8" }).trim();
}

/** Effects of instructions on the height of the stack, by arguments that they have in programs. */
const EFFECTS = `
import dis, json, sys
out = {}
forward = {"jump": False} if sys.version_info >= (3, 8) else {}
for name, op in dis.opmap.items():
    for arg in (0, 1, 2, 3, 8):
        try:
            out["%s %d" % (name, arg)] = dis.stack_effect(op, arg if op >= dis.HAVE_ARGUMENT else None, **forward)
        except ValueError:
            pass
print(json.dumps(out))
`;

describe.each([6, 7, 8, 9, 10, 11, 12, 13, 14, 15])("the instructions of CPython 3.%i", (minor) => {
  it("are as its headers have them", (ctx) => {
    const include = ask(minor, "import sysconfig; print(sysconfig.get_path('include'))");
    if (include === null || !existsSync(join(include, "Python.h")))
      return ctx.skip(`no headers of CPython 3.${minor}`);
    // The first line names the patch release.
    const [, ...made] = opcodesOfHeaders(include).text.split("\n");
    const [, ...kept] = readFileSync(join(folder, `v3${minor}.ts`), "utf8").split("\n");
    expect(made).toEqual(kept);
  });

  it("change the height of the stack as it says itself", (ctx) => {
    const said = ask(minor, EFFECTS);
    if (said === null) return ctx.skip(`no CPython 3.${minor}`);
    const known = Object.entries(JSON.parse(said) as Record<string, number>).flatMap(([key, change]) => {
      const [name = "", arg] = key.split(" ");
      // Of blocks they say what handlers find; in 3.11 what PRECALL is said to take is taken by CALL.
      if (/^SETUP_(EXCEPT|FINALLY|WITH) /.test(key) || (minor === 11 && /^(PRE)?CALL /.test(key))) return [];
      const effect = stackEffect(name, Number(arg), minor);
      return effect === null ? [] : [[key, effect.pushes - effect.pops, change] as const];
    });
    expect(known.length).toBeGreaterThan(200);
    expect(known.filter(([, ours, theirs]) => ours !== theirs)).toEqual([]);
  });
});

describe("tables of instructions", () => {
  it("have what was specialised or is watched under its own name", () => {
    const name = (minor: number, number: number) => opcodesOf(minor)?.names[number];
    // LOAD_ATTR_INSTANCE_VALUE, STORE_SUBSCR_DICT, INSTRUMENTED_CALL (Include/opcode.h, opcode_ids.h).
    expect([name(11, 40), name(12, 73), name(14, 180)]).toEqual(["LOAD_ATTR", "LOAD_ATTR", "LOAD_ATTR"]);
    expect([name(11, 169), name(12, 159), name(14, 201)]).toEqual([
      "STORE_SUBSCR",
      "STORE_SUBSCR",
      "STORE_SUBSCR",
    ]);
    expect([name(12, 241), name(14, 250)]).toEqual(["CALL", "CALL"]);
    // What stands for any instruction.
    expect([name(12, 254), name(14, 254)]).toEqual(["INSTRUMENTED_LINE", "INSTRUMENTED_LINE"]);
    expect(opcodesOf(11)?.caches.get("LOAD_METHOD")).toBe(10);
    expect(opcodesOf(10)?.caches.size).toBe(0);
  });

  it("are each version's own, and none of one that is not known", () => {
    const names = (minor: number) => [127, 160].map((number) => opcodesOf(minor)?.names[number] ?? "-");
    expect(names(6)).toEqual(["STORE_ANNOTATION", "-"]);
    expect(names(7)).toEqual(["-", "LOAD_METHOD"]);
    expect(opcodesOf(16)).toBeNull();
  });
});
