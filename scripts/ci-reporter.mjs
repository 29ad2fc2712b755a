// What .ci/run counts of a run of vitest: passed, failed and skipped tests, why these were skipped, and which took
// longest. A JSON object, into the file that CI_REPORT names.
import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";

const SLOWEST = 15;

/** @typedef {import("vitest/node").TestCase} TestCase */
/** @typedef {import("vitest/node").TestSuite | import("vitest/node").TestModule} Parent */

export default class CountingReporter {
  /** @param {readonly import("vitest/node").TestModule[]} modules */
  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    /** @param {string} state */
    const count = (state) => tests.filter((test) => test.result().state === state).length;
    const skipped = tests.filter((test) => test.result().state === "skipped");
    const timed = tests.map((test) => ({ name: nameOf(test), ms: test.diagnostic()?.duration ?? 0 }));
    timed.sort((a, b) => b.ms - a.ms);
    const report = {
      passed: count("passed"),
      failed: count("failed"),
      skipped: skipped.map((test) => ({ name: nameOf(test), reason: reasonOf(test) })),
      slowest: timed.slice(0, SLOWEST),
    };
    if (process.env.CI_REPORT) writeFileSync(process.env.CI_REPORT, JSON.stringify(report));
  }
}

/** @param {TestCase} test */
function nameOf(test) {
  return `${relative(process.cwd(), test.module.moduleId)}: ${test.fullName}`;
}

/**
 * What the test said as it gave up, or the condition in the source that it or what is around it stands under.
 * @param {TestCase} test
 */
function reasonOf(test) {
  const result = test.result();
  if (result.state === "skipped" && result.note) return result.note;
  const lines = readFileSync(test.module.moduleId, "utf8").split("\n");
  /** @type {TestCase | Parent} */
  let task = test;
  while (task.type !== "module") {
    const line = lines[(task.location?.line ?? 0) - 1] ?? "";
    const [, how, condition] = /\b(skipIf|runIf)\((.*?)\)(?:\(|\.|$)/.exec(line) ?? [];
    if (condition) return how === "runIf" ? `unless ${condition}` : `as ${condition}`;
    task = task.parent;
  }
  return "no reason given";
}
