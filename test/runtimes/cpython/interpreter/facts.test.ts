import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openCore } from "../../../../src/image/index.ts";
import { readPythonProcess } from "../../../../src/runtimes/cpython/interpreter/facts.ts";
import type { RuntimeProcess } from "../../../../src/runtimes/index.ts";
import { dumpProgram, findPythons } from "../../pythons.ts";
import { openCoreFile } from "../../read-core.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-process-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Truth {
  readonly version: string;
  readonly executable: string;
  readonly environ: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
  readonly orig_argv: readonly string[] | null;
  readonly path: readonly string[];
  readonly flags: readonly number[];
  readonly flag_names: Readonly<Record<string, number>>;
  readonly modules: readonly (readonly [name: string, file: string | null, version: string | null])[];
  readonly enabled: boolean;
  readonly threshold: readonly number[];
  readonly count: readonly number[];
  readonly stats: readonly Readonly<Record<"collections" | "collected" | "uncollectable", number>>[];
}

async function processOf(path: string, wantsValues = true): Promise<RuntimeProcess> {
  const source = await openCoreFile(path);
  try {
    const core = openCore(source);
    const found = core && readPythonProcess(core, "/", wantsValues);
    if (found === null) throw new Error(`${path} has no Python`);
    return found;
  } finally {
    source.close();
  }
}

describe.each(findPythons().filter((path) => !path.endsWith("/python3.6")))("%s", (python) => {
  it.each([
    ["on", { PYTHONUTF8: "1", PYTHONOPTIMIZE: "2" }],
    ["off", { PYTHONDEVMODE: "1", PYTHONHASHSEED: "0" }],
  ])(
    "has what the process says of itself, collector %s",
    { timeout: 120_000 },
    async (state, environment) => {
      const made = await dumpProgram(python, "process.py", scratch, environment, ["500000", state]);
      if (made === null) throw new Error("gcore may not trace it");
      const truth: Truth = JSON.parse(readFileSync(made.truth, "utf8"));
      const found = await processOf(made.core);
      rmSync(made.core);
      expect(found).toMatchObject({
        version: truth.version,
        executable: truth.executable,
        arguments: truth.argv,
        originalArguments: truth.orig_argv,
        path: truth.path,
        isCut: false,
      });
      const variables = found.environment?.map(({ name, value }) => [name, value]);
      expect(Object.fromEntries(variables ?? [])).toEqual(truth.environ);
      expect(truth.environ).toMatchObject({ SET: "日本 \x1b[31m" });
      expect(found.runtime).toContain(/^\d+\.\d+/.exec(truth.version)?.[0]);
      expect(found.flags.map(({ value }) => value)).toEqual(truth.flags.map(Number));
      for (const { name, value } of found.flags)
        expect([name, truth.flag_names[name]]).toEqual([name, value]);
      expect(found.modules.map(({ name, file, version }) => [name, file, version])).toEqual(truth.modules);
      const originOf = (wanted: string) => found.modules.find(({ name }) => name === wanted)?.origin;
      expect(["sys", "json", "odd.text", "odd.lone", "__main__"].map(originOf)).toEqual([
        "built-in",
        "standard",
        "installed",
        "own",
        "own",
      ]);
      if (found.collector === null) {
        // Before 3.8 where it is is not known.
        expect(python).toMatch(/python3\.7$/);
        return;
      }
      const { isEnabled, isRunning, generations } = found.collector;
      expect([isEnabled, isRunning]).toEqual([truth.enabled, false]);
      expect(isEnabled).toBe(state === "on");
      expect(generations.map(({ threshold }) => threshold)).toEqual(truth.threshold);
      expect(
        generations.map(({ collections, collected, uncollectable }) => ({
          collections,
          collected,
          uncollectable,
        })),
      ).toEqual(
        truth.stats.map(({ collections, collected, uncollectable }) => ({
          collections,
          collected,
          uncollectable,
        })),
      );
      // Of the youngest, what wrote the truth made and freed objects since.
      expect(generations.slice(1).map(({ count }) => count)).toEqual(truth.count.slice(1));
      expect(Math.abs((generations[0]?.count ?? 0) - (truth.count[0] ?? 0))).toBeLessThan(1000);
    },
  );
});
