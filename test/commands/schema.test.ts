import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { coregram } from "./program.ts";

const published = fileURLToPath(new URL("../../dist/schemas/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "coregram-schema-"));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (file: string) => readFileSync(join(published, file), "latin1");

describe("coregram schema", () => {
  it("prints what is published, of the frame and of a row", async () => {
    const files = readdirSync(published).filter((file) => !file.endsWith(".row.json"));
    expect(files).toHaveLength(17);
    for (const file of files) {
      const name = file.replace(".json", "");
      expect(await coregram(["schema", name])).toMatchObject({ status: 0, stdout: read(file), stderr: "" });
    }
    const row = await coregram(["schema", "types", "--row"]);
    expect(row).toMatchObject({ status: 0, stdout: read("types@1.row.json"), stderr: "" });
  });

  it("takes the name as a frame has it, and without its version", async () => {
    for (const name of ["types", "coregram/types@1"])
      expect((await coregram(["schema", name])).stdout).toBe(read("types@1.json"));
  });

  it("of a table is that of its rows, as it has no frame", async () => {
    for (const args of [["objects"], ["objects", "--row"]])
      expect((await coregram(["schema", ...args])).stdout).toBe(read("objects@1.row.json"));
    // A table is found by its name as well, where no result is called so.
    expect((await coregram(["schema", "frames"])).stdout).toBe(read("stacks@1.row.json"));
    expect((await coregram(["schema", "strings"])).stdout).toBe(read("strings@1.json"));
  });

  it("writes a file", async () => {
    const path = join(folder, "types.json");
    expect(await coregram(["schema", "types", "-o", path])).toMatchObject({ status: 0, stdout: "" });
    expect(readFileSync(path, "latin1")).toBe(read("types@1.json"));
  });

  it("says which there are where none is named, or one that is not", async () => {
    const all =
      "words, info, stacks, tasks, generators, whatis, types, strings, containers, arenas, owners, holds, diagnose, diff, trend, traces, watch, segments, modules, objects, references, texts, threads, summary, words-part, frames";
    const none = await coregram(["schema"]);
    expect(none).toMatchObject({ status: 2, stdout: "" });
    expect(none.stderr).toContain(`coregram: no NAME given: coregram schema takes one of ${all}\n`);
    const other = await coregram(["schema", "types@2"]);
    expect(other).toMatchObject({ status: 2, stdout: "" });
    expect(other.stderr).toContain(
      `coregram: types@2 is no schema (did you mean types?): coregram schema takes one of ${all}\n`,
    );
  });
});
