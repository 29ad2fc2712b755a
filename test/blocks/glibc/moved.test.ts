import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { canDump, dump } from "../../commands/live.ts";
import { readMallocBlocks } from "./malloc-blocks.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-moved-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it.skipIf(!canDump)("aligned blocks are found where they were moved to, each with its bytes", async () => {
  const program = join(scratch, "moved");
  execFileSync("gcc", ["-O1", fileURLToPath(new URL("moved.c", import.meta.url)), "-o", program]);
  const said = join(scratch, "said");
  const { core } = await dump(program, [said], join(scratch, "core"));
  const found = await readMallocBlocks(core);
  rmSync(core);
  const told = readFileSync(said, "latin1").trim().split("\n");
  const blocks = told.map((line) => line.split(" ").map(Number));
  // One plain, one of each of 13 alignments, and of those above a page two for each of 1 to 5 places.
  expect(blocks).toHaveLength(1 + 13 + 2 * (1 + 2 + 3 + 4 + 5));
  expect(found.mapped).toBe(blocks.length);
  const missed = blocks.filter(([start = 0, bytes]) => found.live.get(start) !== bytes);
  expect(missed).toEqual([]);
});
