import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { copyFile, lackOfRoom } from "./core.mjs";
import { timeInTurns } from "./measure.mjs";

/**
 * What CPython's objects, and who holds them, cost.
 * @param {import("../bench.mjs").Bench} bench
 */
export function benchObjects({
  core,
  coreBytes,
  folder,
  rounds,
  coregram,
  counting,
  add,
  addMemory,
  skip,
  say,
}) {
  const objects = countObjects(coregram("count", "types", core, "--format", "json", "--top", "1"));
  if (objects === null) {
    skip("`types`, `owners` and `diff` (no CPython in the core)");
    return;
  }
  say(`types and owners of ${objects} objects`);
  const types = coregram("types", "types", core, "--threads", "2");
  const owners = coregram("owners", "owners", core, "--threads", "2");
  const times = timeInTurns([counting("top", core), types, owners], rounds);
  add("`types`, against top 10 with `--no-names`", times, "types", "top", { times: 4 });
  add("`owners`, against top 10 with `--no-names`", times, "owners", "top", { times: 15 });
  addMemory(`peak memory of \`types\` of ${objects} objects`, types, 250e6 + 40 * objects);
  addMemory(`peak memory of \`owners\` of ${objects} objects`, owners, 300e6 + 100 * objects);
  const lack = lackOfRoom(folder, coreBytes);
  if (lack) {
    skip(`\`diff\` of two cores (${lack})`);
    return;
  }
  say("diff");
  const other = copyFile(core, join(folder, "other"), {});
  // Quiet, as it would say who is a suspect in the newer core, which takes as long as `owners` of it.
  const byType = coregram("by type", "diff", core, other, "--quiet", "--threads", "2");
  const byOwner = coregram("by owner", "diff", core, other, "--quiet", "--by", "owner", "--threads", "2");
  const both = timeInTurns([byType, types, byOwner, owners], rounds);
  add("`diff --quiet` of two cores, against `types` of one", both, "by type", "types", { times: 2.2 });
  add("`diff --quiet --by owner`, against `owners` of one", both, "by owner", "owners", { times: 2.4 });
}

/**
 * How many live objects there are; null where there is no CPython.
 * @param {import("./measure.mjs").Contender} contender
 */
function countObjects({ command: [program, ...args] }) {
  try {
    return JSON.parse(execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }))
      .totals.count;
  } catch (error) {
    if (error.status === 1) return null;
    throw error;
  }
}
