import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { demangle } from "../../../src/symbols/index.ts";

// Pairs of lines: a name, and what `c++filt -i` of binutils 2.40 makes of it.
const lines = readFileSync(new URL("./names.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");
const pairs = lines.flatMap((line, i) => (i % 2 === 0 ? [[line, lines[i + 1]?.trim() ?? ""] as const] : []));
/** libiberty forgets a blank between `>` and `>` where an argument pack ends. */
const spaced = (name: string) => name.replaceAll(">>", "> >").replaceAll("operator> >", "operator>>");

function run(tool: string, args: readonly string[], input?: string): string | null {
  try {
    return execFileSync(tool, args, {
      encoding: "utf8",
      input: input ?? "",
      maxBuffer: 2 ** 28,
      stdio: ["pipe", "pipe", "ignore"],
    });
  } catch {
    return null;
  }
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

function doubledInCxx(levels: number): string {
  const index = (n: number) => `S${(n - 1).toString(36).toUpperCase()}_`;
  let name = "_Z1f1PI1AS0_E";
  for (let i = 2; i <= levels; i++) name += `S_I${index(i)}${index(i)}E`;
  return name;
}

function doubledInRust(levels: number): string {
  const back = (at: number) => {
    const [high, low] = [Math.floor((at - 1) / 62), (at - 1) % 62];
    return `B${high > 0 ? DIGITS[high] : ""}${DIGITS[low]}_`;
  };
  let name = "INvC1a1bTjjE";
  for (let i = 1, last = 8; i < levels; i++) {
    const next = name.length;
    name += `T${back(last)}${back(last)}E`;
    last = next;
  }
  return `_R${name}E`;
}

describe("demangle", () => {
  it.each(pairs)("%s", (name, expected) => {
    expect(spaced(demangle(name))).toBe(spaced(expected));
  });

  it("keeps a version at the end", () => {
    expect(demangle("_ZNSo3putEc@@GLIBCXX_3.4")).toBe("std::ostream::put(char)@@GLIBCXX_3.4");
    expect(demangle("memcpy@GLIBC_2.14")).toBe("memcpy@GLIBC_2.14");
  });

  it("leaves alone what grows without end", () => {
    // A pair of pairs of pairs: twice as long at every level.
    expect(demangle(doubledInCxx(3))).toBe(
      "f(P<A, A>, P<P<A, A>, P<A, A> >, P<P<P<A, A>, P<A, A> >, P<P<A, A>, P<A, A> > >)",
    );
    expect(demangle(doubledInRust(3))).toBe(
      "a::b::<(usize, usize), ((usize, usize), (usize, usize)), (((usize, usize), (usize, usize)), ((usize, usize), (usize, usize)))>",
    );
    const deep = `_Z1f${"P".repeat(10_000)}i`;
    const nested = `_Z1f${"N1A".repeat(5_000)}`;
    const loop = "_RNvB_1a";
    const lifetimes = `_RINvC1a1bFG${"z".repeat(12)}_EuE`;
    for (const name of [doubledInCxx(40), doubledInRust(40), deep, nested, loop, lifetimes]) {
      expect(demangle(name)).toBe(name);
    }
  });

  it("takes any change of a name, and answers with a name of bounded length", () => {
    const names = pairs.map(([name]) => name);
    const letters = "_ZNSTIJEDpLXPROKMFAUltvcij0123456789$.BCsuRGYh";
    const change = fc.tuple(fc.nat(300), fc.nat(3), fc.nat(letters.length - 1));
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.array(change, { maxLength: 4 }), (name, changes) => {
        let changed = name;
        for (const [at, removed, letter] of changes) {
          const place = 2 + (at % Math.max(1, changed.length - 2));
          changed = changed.slice(0, place) + letters[letter] + changed.slice(place + removed);
        }
        const readable = demangle(changed);
        expect(readable.length).toBeGreaterThan(0);
        expect(readable.length).toBeLessThan(2 ** 17);
      }),
      { numRuns: 5000 },
    );
  });
});

// All names of a real C++ library against the c++filt that is there.
const library = run("find", ["/usr/lib", "-name", "libstdc++.so.6"])?.split("\n")[0] ?? "";
const table = library === "" ? null : run("nm", ["-D", library]);
describe.skipIf(table === null || run("c++filt", ["--version"]) === null)(`every name of ${library}`, () => {
  it("reads as c++filt has it", () => {
    const names = new Set((table ?? "").match(/_Z\w+/g));
    const expected = (run("c++filt", ["-i"], [...names].join("\n")) ?? "").split("\n");
    const wrong = [...names].filter((name, i) => spaced(demangle(name)) !== spaced(expected[i] ?? ""));
    expect(names.size).toBeGreaterThan(4000);
    // Later compilers have later ways to write things: a handful may differ, not a kind.
    expect(wrong.length / names.size, wrong.slice(0, 3).join(" ")).toBeLessThan(0.002);
  });
});
