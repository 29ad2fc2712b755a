// Runs test files in a tree with mutants, for one mutant after the other: a process of its own, so that it can be
// killed, which keeps what vitest has transformed. in: {number, file, log}; out: {failed, seconds}
import { createVitest } from "vitest/node";

const vitest = await createVitest(
  "test",
  {
    watch: false,
    bail: 1,
    pool: "forks",
    maxWorkers: 1,
    fileParallelism: false,
    reporters: [{}],
    update: false,
  },
  { logLevel: "silent" },
);
const specifications = await vitest.globTestSpecifications();

process.on(
  "message",
  async (/** @type {{number: number, file: string, log?: string}} */ { number, file, log }) => {
    process.env.MUTANT = String(number);
    process.env.MUTANT_TEST = file;
    if (log) process.env.MUTANT_LOG = log;
    const wanted = specifications.filter(({ moduleId }) => moduleId.endsWith(`/${file}`));
    const from = performance.now();
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(wanted);
    // A run that was broken off at its first failure ends later than it says. Vitest does not declare this.
    if ("cancelPromise" in vitest) await vitest.cancelPromise;
    vitest.state.filesMap.clear();
    vitest.state.idMap.clear();
    const failed = unhandledErrors.length > 0 || testModules.some((module) => !module.ok());
    process.send?.({ failed, seconds: (performance.now() - from) / 1000 });
  },
);
process.send?.({ ready: true, files: specifications.map(({ moduleId }) => moduleId) });
