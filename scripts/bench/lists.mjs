import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../setup.mjs";
import { HEAP, makeCore } from "./core.mjs";
import { timeInTurns } from "./measure.mjs";

const WHAT = "`types` and `owners` by the collector's lists";

/**
 * The same heap under an allocator that is not known, against pymalloc's.
 * @param {import("../bench.mjs").Bench} bench
 */
export async function benchLists({ core, isOwnCore, folder, rounds, coregram, add, skip, say }) {
  const library = join(folder, "liblists.so");
  const options = ["-shared", "-fPIC", "-O1", "-fno-builtin", "-o", library];
  const source = join(ROOT, "test/runtimes/programs/lists.c");
  if (!isOwnCore || spawnSync("cc", [...options, source], { stdio: "ignore" }).status !== 0) {
    skip(`${WHAT} (${isOwnCore ? "no C compiler" : "of another core there is no such twin"})`);
    return;
  }
  say("the same heap under an allocator that is not known");
  const env = { LD_PRELOAD: library, PYTHONMALLOC: "malloc" };
  const other = await makeCore(folder, { ...HEAP, env });
  for (const command of ["types", "owners"]) {
    const lists = coregram("lists", command, other, "--threads", "2");
    const pools = coregram("pools", command, core, "--threads", "2");
    const times = timeInTurns([lists, pools], rounds);
    add(`\`${command}\` by the collector's lists, against pymalloc`, times, "lists", "pools", { times: 1.5 });
  }
  rmSync(other);
}
