// What samples/fleet has, as far as it goes without a cluster; scripts/fleet/slurm.sh runs its Slurm scripts.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const fleet = join(root, "samples/fleet");
const scripts = readdirSync(fleet).filter((name) => name.endsWith(".sh"));
const has = (program, ...args) => spawnSync(program, args, { stdio: "ignore" }).status === 0;

it.skipIf(!has("shellcheck", "--version"))("shellcheck has nothing to say of the scripts", () => {
  const paths = [...scripts.map((name) => join(fleet, name)), join(root, "scripts/fleet/slurm.sh")];
  const { stdout } = spawnSync("shellcheck", paths, { encoding: "utf8" });
  expect(stdout).toBe("");
});

describe("parallel.sh", () => {
  const folder = mkdtempSync(join(tmpdir(), "coregram-fleet-"));
  const bin = join(folder, "bin");
  const core = join(folder, "after.core");
  let whole = "";

  const run = (path, file, ...args) =>
    spawnSync(file, args, { encoding: "utf8", env: { ...process.env, PATH: path } });

  beforeAll(() => {
    mkdirSync(bin);
    const program = `#!/bin/sh\nexec "${process.execPath}" "${join(root, "bin/coregram.js")}" "$@"\n`;
    writeFileSync(join(bin, "coregram"), program);
    chmodSync(join(bin, "coregram"), 0o755);
    writeFileSync(core, gunzipSync(readFileSync(join(root, "samples/downstream-after.core.gz"))));
    whole = run(process.env.PATH, join(bin, "coregram"), core).stdout;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(!has("parallel", "--version"))("counts in GNU parallel's jobs what one run counts", () => {
    const parts = join(folder, "by parallel");
    const made = run(
      `${bin}${delimiter}${process.env.PATH}`,
      join(fleet, "parallel.sh"),
      core,
      parts,
      "4",
      "--jobs",
      "2",
    );
    expect(made).toMatchObject({ status: 0, stdout: whole });
    expect(readdirSync(parts).sort()).toEqual(["1.parquet", "2.parquet", "3.parquet", "4.parquet"]);
  });

  it("counts by xargs where parallel is not", () => {
    // Nothing on the path but what the script names.
    for (const tool of ["bash", "sh", "mkdir", "seq", "xargs", "nproc"])
      symlinkSync(spawnSync("which", [tool], { encoding: "utf8" }).stdout.trim(), join(bin, tool));
    const made = run(bin, join(bin, "bash"), join(fleet, "parallel.sh"), core, join(folder, "by xargs"), "3");
    expect(made).toMatchObject({ status: 0, stdout: whole, stderr: "" });
  });
});

/** The fields that Kubernetes documents of what is used here (batch/v1 Job, core/v1 Pod, Container); null for a value. */
const RESOURCES = { requests: null, limits: null };
const JOB = {
  apiVersion: null,
  kind: null,
  metadata: { name: null, namespace: null, labels: null },
  spec: {
    completionMode: null,
    completions: null,
    parallelism: null,
    backoffLimit: null,
    backoffLimitPerIndex: null,
    maxFailedIndexes: null,
    ttlSecondsAfterFinished: null,
    template: {
      metadata: { labels: null },
      spec: {
        restartPolicy: null,
        containers: [
          {
            ...{ name: null, image: null, command: null, args: null, resources: RESOURCES },
            env: [{ name: null, value: null }],
            volumeMounts: [{ name: null, mountPath: null, readOnly: null }],
          },
        ],
        volumes: [{ name: null, persistentVolumeClaim: { claimName: null, readOnly: null } }],
      },
    },
  },
};

/** Paths of what the documented fields do not have. */
function unknownIn(value, known, path = "") {
  if (known === null || typeof value !== "object") return [];
  if (Array.isArray(known))
    return value.flatMap((item, index) => unknownIn(item, known[0], `${path}[${index}]`));
  return Object.entries(value).flatMap(([key, member]) =>
    key in known ? unknownIn(member, known[key], `${path}.${key}`) : [`${path}.${key}`],
  );
}

describe.skipIf(!has("python3", "-c", "import yaml"))("kubernetes.yaml", () => {
  const parse = "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))";
  const { stdout } = spawnSync("python3", ["-c", parse, join(fleet, "kubernetes.yaml")], {
    encoding: "utf8",
  });
  const jobs = stdout === "" ? [] : JSON.parse(stdout);

  it("is Jobs of documented fields, indexed ones with a limit for each index", () => {
    expect(jobs.map(({ metadata }) => metadata.name)).toEqual([
      "coregram-parts",
      "coregram-merge",
      "coregram-summaries",
    ]);
    for (const job of jobs) {
      expect(unknownIn(job, JOB)).toEqual([]);
      expect(job).toMatchObject({ apiVersion: "batch/v1", kind: "Job" });
      const { completionMode, backoffLimitPerIndex, template } = job.spec;
      // That limit is for Jobs that are indexed, whose pods are not restarted in place.
      if (backoffLimitPerIndex !== undefined)
        expect([completionMode, template.spec.restartPolicy]).toEqual(["Indexed", "Never"]);
      const volumes = template.spec.volumes.map(({ name }) => name);
      for (const { volumeMounts } of template.spec.containers)
        expect(volumeMounts.map(({ name }) => name).sort()).toEqual(volumes.sort());
    }
  });

  it("has commands that the shell understands, and parts from 1 to as many as there are tasks", () => {
    for (const { spec } of jobs) {
      const [{ command, args }] = spec.template.spec.containers;
      expect(command).toEqual(["sh", "-c"]);
      expect(spawnSync("sh", ["-n", "-c", args[0]]).status).toBe(0);
    }
    const [{ spec }] = jobs;
    const [line] = spec.template.spec.containers[0].args;
    const parts = Array.from({ length: spec.completions }, (_, index) => {
      const env = { ...process.env, JOB_COMPLETION_INDEX: String(index), CORE: "core" };
      const shown = line.replace("exec coregram", "echo coregram");
      return spawnSync("sh", ["-c", shown], { encoding: "utf8", env }).stdout.trim();
    });
    expect(parts[0]).toBe("coregram words core --part 1/8 --threads 1 -o /parts/1.parquet");
    expect(parts.at(-1)).toBe("coregram words core --part 8/8 --threads 1 -o /parts/8.parquet");
  });
});
