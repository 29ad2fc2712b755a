import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Profile } from "pprof-format";
import { beforeAll, describe, expect, it } from "vitest";
import { tool } from "./live.ts";
import { coregram, Scratch, sample } from "./program.ts";

const scratch = new Scratch();
const hasGo = tool("go", "version") !== null;

interface Told {
  /** From the root on: a name, and `:file:line` where there is one. */
  readonly steps: readonly string[];
  readonly objects: number;
  readonly bytes: number;
}

async function profileOf(core: string, name: string): Promise<{ file: string; samples: readonly Told[] }> {
  const file = scratch.path(name);
  const run = await coregram(["export", core, "--pprof", file, "-q"]);
  expect(run).toMatchObject({ status: 0, stdout: "", stderr: "" });
  const profile = Profile.decode(gunzipSync(readFileSync(file)));
  const text = (index: number | bigint) => profile.stringTable.strings[Number(index)] ?? "?";
  const functions = new Map(profile.function.map((each) => [Number(each.id), each]));
  const steps = new Map(
    profile.location.map(({ id, line: [line] }) => {
      const made = functions.get(Number(line?.functionId));
      const place = line?.line ? `:${text(made?.filename ?? 0)}:${line.line}` : "";
      return [Number(id), `${text(made?.name ?? 0)}${place}`];
    }),
  );
  expect(profile.sampleType.map(({ type, unit }) => [text(type), text(unit)])).toEqual([
    ["objects", "count"],
    ["space", "bytes"],
  ]);
  const samples = profile.sample.map(({ locationId, value: [objects = 0, bytes = 0] }) => ({
    steps: locationId.map((id) => steps.get(Number(id)) ?? "?").reverse(),
    objects: Number(objects),
    bytes: Number(bytes),
  }));
  return { file, samples };
}

const sum = (samples: readonly Told[], key: "objects" | "bytes") =>
  samples.reduce((all, each) => all + each[key], 0);

describe("coregram export --pprof", () => {
  const after = sample("downstream-after.core.gz");
  let file = "";
  let samples: readonly Told[] = [];
  beforeAll(async () => {
    ({ file, samples } = await profileOf(after, "after.pb.gz"));
  });

  it("has all objects and all bytes, for its user alone", async () => {
    const { stdout } = await coregram(["owners", after, "-q", "-f", "json"]);
    const { totals } = JSON.parse(Buffer.from(stdout, "latin1").toString("utf8"));
    expect(sum(samples, "objects")).toBe(totals.count);
    expect(sum(samples, "bytes")).toBe(totals.bytes + totals.nativeBytes);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it("has what an owner keeps by type, at the end of its path", () => {
    const path = ["downstream", "profiler", "Profiler", "results"];
    const held = samples.filter(({ steps }) => path.every((step, index) => steps[index] === step));
    expect([sum(held, "objects"), sum(held, "bytes")]).toEqual([180_001, 8_191_888]);
    expect(held).toContainEqual({ steps: [...path, "builtins.int"], objects: 80_000, bytes: 2_478_872 });
  });

  it("has the lines that allocated, where tracemalloc was tracing", async () => {
    const traced = await profileOf(sample("traced-after.core.xz"), "traced.pb.gz");
    const held = traced.samples.filter(({ steps }) => steps.includes("results"));
    const lines = held.flatMap(({ steps }) => steps.at(-1) ?? []);
    expect(lines.filter((step) => step.endsWith("downstream/profiler.py:8")).length).toBeGreaterThan(0);
    // As owners says of it.
    expect(sum(held, "bytes")).toBeGreaterThanOrEqual(628_078);
  });

  it.skipIf(!hasGo)("is read by go tool pprof", () => {
    const printed = execFileSync("go", ["tool", "pprof", "-raw", file], { encoding: "utf8", stdio: "pipe" });
    expect(printed).toContain("objects/count space/bytes[dflt]");
    const top = execFileSync("go", ["tool", "pprof", "-top", "-cum", "-unit=B", file], {
      encoding: "utf8",
      stdio: "pipe",
    });
    expect(top).toMatch(/ 8191888B +\S+ {2}results\n/);
  });
});
