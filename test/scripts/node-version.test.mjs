import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const check = new URL("scripts/node-version.mjs", root).href;

function runOn(version) {
  const script = `Object.defineProperty(process, "version", { value: "v${version}" });
    Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });
    await import(${JSON.stringify(check)}); console.log("runs");`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

it.each(["14.21.3", "18.20.8", "20.18.3"])("Node %s is told what is needed", (version) => {
  const { engines } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
  const { status, stdout, stderr } = runOn(version);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toContain(`Node ${engines.node.replace(">=", "")} or later is needed`);
  expect(stderr).toContain(`v${version}`);
});

it.each(["20.19.0", "22.0.0", "24.9.0"])("Node %s is good enough", (version) => {
  expect(runOn(version)).toEqual({ status: 0, stdout: "runs\n", stderr: "" });
});
