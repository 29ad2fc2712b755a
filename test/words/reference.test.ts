import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Chunks } from "../../src/kernel/index.ts";
import { countIn, LITTLE, makeCounter } from "./counting.ts";

const { folder } = makeCounter();
const samples = fileURLToPath(new URL("../../samples/", import.meta.url));
const MIB = 2 ** 20;

// The exact reference. `od` and `hexdump -v` agree; the article's own pipeline is not exact.
const REFERENCE = `od -An -v -tx8 -w8 "$1" | tr -d ' ' | LC_ALL=C sort | uniq -c | LC_ALL=C sort -nr`;

function referenceOf(path: string): string {
  return execFileSync("sh", ["-c", REFERENCE, "sh", path], {
    encoding: "latin1",
    maxBuffer: 2 ** 30,
    env: { ...process.env, TMPDIR: folder },
  });
}

// Plain rows, as simple as can be.
function plain(rows: readonly string[]): string {
  return rows
    .map((row) => {
      const [count = "", word = ""] = row.split(" ");
      return `${count.padStart(7)} ${word.padStart(16, "0")}\n`;
    })
    .join("");
}

async function comparesWith(path: string): Promise<void> {
  const reference = referenceOf(path);
  const fd = openSync(path, "r");
  try {
    const chunks = new Chunks({ name: path, fd }, [{ offset: 0, bytes: statSync(path).size }], LITTLE);
    for (const [threads, memory] of [
      [1, 512],
      [2, 32],
    ] as const) {
      const options = { threads, workerBytes: 0, memory: memory * MIB, temporaryFolder: folder };
      const all = await countIn(chunks, { ...options, filtered: true });
      // Not toEqual: a difference of a million lines would be printed for minutes.
      expect(plain(all.rows) === reference).toBe(true);
      for (const limit of [1, 10, 1000]) {
        const { kind, rows } = await countIn(chunks, { ...options, limit });
        const lines = reference.match(/.*\n/g)?.slice(0, limit).join("");
        expect(plain(kind === "top" ? rows : rows.slice(0, limit))).toBe(lines);
      }
    }
  } finally {
    closeSync(fd);
  }
}

describe("byte for byte what od, sort and uniq say of", () => {
  it.each(["downstream-before.core.gz", "downstream-after.core.gz"])("%s", async (name) => {
    const path = join(folder, name.replace(/\.gz$/, ""));
    writeFileSync(path, gunzipSync(readFileSync(join(samples, name))));
    await comparesWith(path);
  });

  it.each([0, 1, 7, 8, 9, 4095])("%d bytes", async (length) => {
    const path = join(folder, `short-${length}`);
    writeFileSync(path, Buffer.from("coregram").toString().repeat(600).slice(0, length));
    if (length === 0) expect(referenceOf(path)).toBe("");
    else await comparesWith(path);
  });

  it("a core that gcore makes on the spot", async (context) => {
    if (spawnSync("gcore", ["-v"]).error) return context.skip("no gcore here");
    const child = spawn("sleep", ["60"]);
    try {
      await once(child, "spawn");
      const { status } = spawnSync("gcore", ["-o", join(folder, "sleep"), String(child.pid)]);
      if (status !== 0) return context.skip("gcore may not attach here");
    } finally {
      child.kill();
    }
    await comparesWith(join(folder, `sleep.${child.pid}`));
  });
});
