import { describe, expect, it } from "vitest";
import { Scratch, sample, shell } from "./program.ts";

const scratch = new Scratch();
const names = { OLD: sample("downstream-before.core.gz"), NEW: sample("downstream-after.core.gz") };
const run = (line: string) => shell(line, { env: { ...names, PAGE: scratch.path("page.html") } });

describe("standard input beside another core", () => {
  it.each([
    ['$CG diff -q -n3 "$OLD" - < "$NEW"', '$CG diff -q -n3 "$OLD" "$NEW"'],
    ['cat "$OLD" | $CG diff -q -n3 - "$NEW"', '$CG diff -q -n3 "$OLD" "$NEW"'],
    ['$CG diff -q -n3 -- "$OLD" - < "$NEW"', '$CG diff -q -n3 "$OLD" "$NEW"'],
    ['$CG diagnose -q "$OLD" - < "$NEW" | head -7', '$CG diagnose -q "$OLD" "$NEW" | head -7'],
  ])("%s", async (line, same) => {
    const [piped, named] = [await run(line), await run(same)];
    expect(piped).toMatchObject({ status: 0, stderr: "" });
    expect(piped.stdout).not.toBe("");
    expect(piped.stdout).toBe(named.stdout);
  });

  it("is the older one of a page, which tells what grew", async () => {
    const page = await run('$CG report -q "$NEW" - < "$OLD" | grep -o growth-owner | head -n 1');
    expect(page).toMatchObject({ status: 0, stderr: "", stdout: "growth-owner\n" });
  });

  it("can be one of them alone", async () => {
    for (const line of ["$CG diff - -", "$CG diagnose - -", "$CG report - -"]) {
      const twice = await run(`${line} < "$OLD"`);
      expect(twice, line).toMatchObject({ status: 2, stdout: "" });
      expect(twice.stderr, line).toMatch(/^coregram: - is stdin, and stdin can be only one of the inputs\n/);
    }
  });

  it("is no address", async () => {
    const asked = await run('$CG whatis "$OLD" -');
    expect(asked).toMatchObject({ status: 2, stdout: "" });
    expect(asked.stderr).toMatch(/^coregram: "-" is no address: /);
  });

  it("that has nothing in it is said to be empty", async () => {
    for (const command of ["types", "diagnose", "stacks", 'diff "$OLD"'])
      expect(await run(`$CG ${command} -q - < /dev/null`), command).toEqual({
        status: 1,
        signal: null,
        stdout: "",
        stderr: "coregram: standard input is empty\n",
      });
  });
});
