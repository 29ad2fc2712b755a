import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { BIN, Scratch, start } from "./commands/program.ts";

const scratch = new Scratch();
const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** Runs the program as a Node of that version would see it. */
async function runOn(version: string, bin: string, ...args: readonly string[]) {
  const disguise = scratch.path(`as-${version}.mjs`);
  writeFileSync(
    disguise,
    `Object.defineProperty(process, "version", { value: "v${version}" });
    Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });`,
  );
  return start(process.execPath, ["--import", disguise, bin, ...args]).ended;
}

it.each(["10.24.1", "18.20.8", "20.18.3"])(
  "on Node %s it says what is needed, in one line",
  async (version) => {
    const run = await runOn(version, BIN, "--version");
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(run.stderr).toContain(
      `Node ${engines.node.replace(">=", "")} or later is needed, and this is v${version}`,
    );
  },
);

it.each(["20.19.0", "22.0.0"])("on Node %s it runs", async (version) => {
  expect(await runOn(version, BIN, "--version")).toMatchObject({ status: 0, stderr: "" });
});

it("before the first build it says what builds it", async () => {
  scratch.sub("clone");
  scratch.sub("clone/bin");
  scratch.put("clone/package.json", '{ "type": "module" }');
  const bin = scratch.path("clone/bin/coregram.js");
  copyFileSync(BIN, bin);
  const run = await start(process.execPath, [bin, "core"]).ended;
  expect(run).toMatchObject({ status: 1, stdout: "" });
  expect(run.stderr).toMatch(/^coregram: not built yet: npm start, [^\n]+\n$/);
});

it("what is wrong with a build is not taken for there being none", async () => {
  scratch.sub("broken");
  for (const name of ["bin", "dist"]) scratch.sub(`broken/${name}`);
  scratch.put("broken/package.json", '{ "type": "module" }');
  scratch.put("broken/dist/coregram.js", 'import "./missing.js";');
  const bin = scratch.path("broken/bin/coregram.js");
  copyFileSync(BIN, bin);
  const run = await start(process.execPath, [bin, "core"]).ended;
  expect(run.status).toBe(1);
  expect(run.stderr).toContain("missing.js");
  expect(run.stderr).not.toContain("npm start");
});
