import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyFile } from "./core.mjs";
import { timeInTurns } from "./measure.mjs";

const MAP_LINES = 1_000_000;
/** Like a function's in .text, after the last one. */
const STEP_BYTES = 48;

/**
 * What a core's structure and its names cost.
 * @param {import("../bench.mjs").Bench} bench
 */
export function benchNames({ core, folder, rounds, coregram, counting, add, say }) {
  say("info, and names");
  /** @type {import("./measure.mjs").Contender} */
  const nothing = { name: "nothing", command: [process.execPath, "-e", "0"] };
  const info = coregram("info", "info", core);
  add("`info`, against `node -e 0`", timeInTurns([nothing, info], rounds), "info", "nothing", { times: 2.5 });
  const named = coregram("named", core, "--threads", "2");
  const times = timeInTurns([named, counting("top", core)], rounds);
  add("top 10 with all names, against `--no-names`", times, "named", "top", { times: 1.3, plusMillis: 100 });
  const map = writeMap(join(folder, "map"));
  const little = copyFile(core, join(folder, "little"), { bytes: 4096 });
  /** @type {import("./measure.mjs").Contender} */
  const sort = { name: "sort", command: ["sort", map] };
  const mapped = coregram("mapped", little, "--symbols", map);
  add(
    "a map of 1,000,000 lines, against `sort` of it",
    timeInTurns([mapped, sort], rounds),
    "mapped",
    "sort",
    {
      times: 0.7,
    },
  );
}

/**
 * A map as nm prints it, its lines in no order; the same every time. Returns its path.
 * @param {string} path
 */
function writeMap(path) {
  const lines = [];
  // Every number below a power of two once: an odd step, and those beyond the lines left out.
  for (let place = 0, number = 0; place < 2 ** 20; place++) {
    number = (number + 611_953) % 2 ** 20;
    if (number >= MAP_LINES) continue;
    const address = (0x400000 + number * STEP_BYTES).toString(16).padStart(16, "0");
    lines.push(`${address} T module_${number % 977}_function_${number}\n`);
  }
  writeFileSync(path, lines.join(""));
  return path;
}
