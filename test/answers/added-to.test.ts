import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { answerDiagnose, answerOwners, openTarget } from "../../src/index.ts";
import { dumpProgram, findPythons } from "../runtimes/pythons.ts";
import { pathOf } from "../runtimes/read-core.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-added-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const pythons = findPythons();

/** How a program's functions are called with something new. */
const CALLS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "feeds.py": {
    "Cache.remember": "cache.remember('new')",
    "Bus.on": "Bus.on('new', 1)",
    note: "note('new')",
  },
  "fills.py": {
    "Jobs.again": "jobs.again('new')",
    "TimedJobs.submit": "jobs.submit('new', 1)",
    "Bus.on": "Bus.on('new', 1)",
    "LoudBus.loud": "LoudBus().loud('newer')",
    note: "note('new')",
    plan: "plan(10**6, 'new')",
    group: "group('new', 1)",
  },
  "grows.py": {
    "Store.keep": "store.keep(1)",
    "Shelf.put": "shelf.put('new', 1)",
    "Shelf.extend": "shelf.extend([1, 2])",
    count: "count('new')",
    remember: "remember('new')",
    queue: "queue(1)",
    insert: "insert(1)",
    merge: "merge({'new': 1})",
    start: "start('new')",
  },
};

/** Runs a program up to where it waits, and each call then: the container's items before and after. */
const RUN = `
import json, sys
source = open(sys.argv[1]).read()
exec(compile(source[:source.index('print("ready"')], sys.argv[1], "exec"))
grown = []
for container, call in json.loads(sys.argv[2]):
    before = len(eval(container))
    eval(call)
    grown.append([before, len(eval(container))])
print(json.dumps(grown))
`;

describe.skipIf(pythons.length === 0).each(pythons)("in %s", (python) => {
  it.each(Object.entries(CALLS))(
    "each function of %s that is named as adding adds when it runs",
    { timeout: 120_000 },
    async (program, calls) => {
      const made = await dumpProgram(python, program, scratch);
      if (made === null) throw new Error("gcore may not attach here");
      const target = await openTarget(made.core);
      // One tells of many that are large, the other of the largest of the objects.
      const suspects = await answerOwners(target, { suspects: true });
      const findings = await answerDiagnose([target], { limit: Number.POSITIVE_INFINITY });
      await target.close();
      const told = [
        ...[...suspects.rows].map(({ path, evidence }) => ({ path, places: evidence?.places ?? [] })),
        ...findings.rows,
      ];
      rmSync(made.core);
      const named = told.flatMap(({ path, places }) =>
        places
          .filter(({ adds, file }) => adds && file.endsWith(program))
          .map(({ function: name }) => ({ container: (path ?? "").replace("__main__.", ""), name })),
      );
      // All of them are found, and none that is not known to add.
      expect([...new Set(named.map(({ name }) => name))].sort()).toEqual(Object.keys(calls).sort());
      const given = [
        ...new Map(named.map(({ container, name }) => [name, [container, calls[name]]])).values(),
      ];
      const said = execFileSync(
        python,
        ["-B", "-c", RUN, pathOf(`programs/${program}`), JSON.stringify(given)],
        {
          encoding: "utf8",
        },
      );
      const grown = JSON.parse(said) as [before: number, after: number][];
      expect(grown.map(([before, after], index) => [given[index], after > before])).toEqual(
        given.map((each) => [each, true]),
      );
    },
  );
});
