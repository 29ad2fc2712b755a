// `node scripts/samples.mjs [TYPES] [OWNERS]`: the sample's application under load, not stopped, asked for its types and its
// owners so often, a thousand and a hundred times unless told. None may fail, and the first owner is the leak, each time.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requests, startWorker } from "./bench/worker.mjs";
import { ROOT, setUp } from "./setup.mjs";

const MEMORY_BYTES = 2 ** 30;
/** What makes the process some 20 MB large. */
const KEPT = 20_000;
const LEAK = "downstream.profiler.Profiler.results";
/** Objects that take part in each request; a count that is far off is a wrong answer. */
const TYPE = "builtins.tuple";

const [types = 1000, owners = 100] = process.argv.slice(2).map(Number);
if (![types, owners].every((count) => Number.isInteger(count) && count >= 0)) {
  process.stderr.write("usage: node scripts/samples.mjs [TYPES] [OWNERS]\n");
  process.exit(2);
}
await setUp();
const { answerOwners, answerTypes, openProcess } = await import(join(ROOT, "dist/library.js"));
const folder = mkdtempSync(join(tmpdir(), "coregram-samples-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const { pid, port } = await startWorker(folder, KEPT);
await new Promise((resolve) => drive(KEPT).once("exit", resolve));
const load = setInterval(() => {
  if (driver.exitCode !== null) driver = drive(100_000);
}, 100);
let driver = drive(100_000);
process.on("exit", () => driver.kill());

let wrong = 0;
let warned = 0;
/** @param {{ kind: string }} event */
const listener = ({ kind }) => {
  if (kind === "warning") warned += 1;
};
for (let sample = 0; sample < types; sample += 1) {
  const { rows } = await ask((target) => answerTypes(target, { limit: 10 }, listener));
  const tuples = rows.find((/** @type {{ type: string }} */ row) => row.type === TYPE)?.count ?? 0;
  // Three of each request that is kept, and those of the program.
  if (!(tuples > 3 * KEPT && tuples < 4 * KEPT)) complain(`sample ${sample}: ${tuples} of ${TYPE}`);
}
for (let sample = 0; sample < owners; sample += 1) {
  const { rows } = await ask((target) => answerOwners(target, { limit: 1 }, listener));
  if (rows[0]?.path !== LEAK || rows[0].length !== KEPT)
    complain(`sample ${sample}: ${rows[0]?.path} of ${rows[0]?.length} is the first owner`);
}
clearInterval(load);
console.log(
  `${types} samples of types, ${owners} of owners, of a process under load: ${wrong} wrong, ${warned} warnings of what did not agree`,
);
process.exit(wrong === 0 ? 0 : 1);

/** @param {number} count */
function drive(count) {
  const [program, ...words] = requests(port, count);
  return spawn(program, words, { stdio: "ignore" });
}

/**
 * @template Answer
 * @param {(target: { close(): void }) => Promise<Answer>} question
 */
async function ask(question) {
  const target = await openProcess(pid, { memory: MEMORY_BYTES });
  try {
    return await question(target);
  } finally {
    target.close();
  }
}

/** @param {string} text */
function complain(text) {
  wrong += 1;
  console.log(text);
}
