// Counts files that no test suite should make: `node scripts/giant.mjs` a sparse one of 5 GiB with data on both
// sides of 4 GiB, `node scripts/giant.mjs full` also one of 33 GiB in which a word occurs more than 2^32 times.
// Both take no disk; reading a hole takes 1 to 3 s a GiB. Run `npm run build` first.
import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const GIB = 2 ** 30;
const program = fileURLToPath(new URL("../bin/coregram.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "coregram-giant-"));
let failed = 0;
try {
  giant(5 * GIB, [["--top", "5"], ["--top", "5", "--threads", "1"], ["--all"], ["--all", "--memory", "32M"]]);
  if (process.argv[2] === "full") giant(33 * GIB, [["--top", "5"], ["--all"]]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(failed === 0 ? "all as expected" : `${failed} not as expected`);
process.exitCode = failed === 0 ? 0 : 1;

/**
 * Makes a file of about `bytes` bytes and counts its words with each of `runs`.
 * @param {number} bytes
 * @param {string[][]} runs
 */
function giant(bytes, runs) {
  const path = join(folder, "sparse");
  const fd = openSync(path, "w");
  const counts = new Map();
  let written = 0;
  // Words that differ from place to place, so that one read at the wrong offset shows.
  for (const at of [0, 4 * GIB - 16_000, 4 * GIB, 4 * GIB + 262_144 - 16, bytes - 16_000]) {
    const words = BigUint64Array.from({ length: 2000 }, (_, i) =>
      i % 2 === 0 ? 0xfeedn : BigInt(at) * 65_536n + BigInt(1 + (i % 1501)),
    );
    writeSync(fd, new Uint8Array(words.buffer), 0, words.byteLength, at);
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    written += words.length;
  }
  // A last partial word.
  writeSync(fd, Buffer.from([1, 2, 3]), 0, 3, bytes);
  ftruncateSync(fd, bytes + 3);
  closeSync(fd);
  counts.set(0x030201n, (counts.get(0x030201n) ?? 0) + 1);
  counts.set(0n, bytes / 8 - written);
  const lines = [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? 1 : -1))
    .map(([word, count]) => `${String(count).padStart(7)} ${word.toString(16).padStart(16, "0")}\n`);
  for (const options of runs) {
    const expected = (options.includes("--all") ? lines : lines.slice(0, 5)).join("");
    const start = Date.now();
    const { stdout, stderr } = spawnSync(process.execPath, [program, path, "--no-names", ...options], {
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    const right = stdout === expected;
    if (!right) ++failed;
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    console.log(`${right ? "ok" : "WRONG"}  ${bytes / GIB} GiB  ${options.join(" ")}  ${seconds} s`);
    if (!right) console.log(stdout.slice(0, 400), stderr.slice(0, 400));
  }
  rmSync(path);
}
