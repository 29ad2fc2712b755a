import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findResult, type JsonObject } from "../../src/answers/results/index.ts";
import { mappedObject, metadataOf, readParquet, withNulls } from "../views/parquet-file.ts";
import { tool } from "./live.ts";
import { coregram, distinctWords, Scratch, sample, shell, words } from "./program.ts";

const scratch = new Scratch();
const after = sample("downstream-after.core.gz");
const before = sample("downstream-before.core.gz");
const python = "/usr/bin/python3";

/** The same question, as JSON and as a Parquet file. */
async function bothOf(args: readonly string[]) {
  const json = await coregram([...args, "-q", "-f", "json"]);
  expect(json.status, json.stderr).toBe(0);
  const frame = JSON.parse(Buffer.from(json.stdout, "latin1").toString("utf8"));
  const parquet = await coregram([...args, "-q", "-f", "parquet"]);
  expect(parquet).toMatchObject({ status: 0, stderr: "" });
  return { frame, ...(await readParquet(Buffer.from(parquet.stdout, "latin1"))) };
}

describe("--format parquet", () => {
  it.each([
    [[after, "--all", "--resolved"]],
    [["types", after, "--all"]],
    [["owners", after, "--suspects"]],
    [["whatis", after, "9587e0", "ffffffffffffffff"]],
    [["info", after]],
    [["diff", before, after, "--by", "owner"]],
    [["traces", sample("traced-after.core.xz"), "--by", "traceback"]],
  ])("of %j is what JSON says", async (args) => {
    const { frame, rows, metadata } = await bothOf(args);
    const row = findResult(frame.schema)?.row ?? {};
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(withNulls)).toEqual(frame.rows.map((each: JsonObject) => mappedObject(each, row)));
    const {
      "coregram.input": input,
      "coregram.totals": totals,
      "coregram.cores": cores,
    } = metadataOf(metadata);
    expect(JSON.parse(input ?? "")).toEqual(frame.input);
    expect(JSON.parse(totals ?? "")).toEqual(frame.totals);
    expect(JSON.parse(cores ?? "").map(({ path }: { path: string }) => path)).toEqual(
      args[0] === "diff" ? [before, after] : [args.find((each) => each.startsWith("/"))],
    );
  });

  it("goes into a file, and nothing stays beside it", async () => {
    const folder = scratch.sub("file");
    const run = await coregram(["types", after, "-q", "-f", "parquet", "-o", `${folder}/types.parquet`]);
    expect(run).toEqual({ status: 0, signal: null, stdout: "", stderr: "" });
    expect(readdirSync(folder)).toEqual(["types.parquet"]);
    expect((await readParquet(readFileSync(`${folder}/types.parquet`))).rows).toHaveLength(10);
  });

  it("leaves no part of a file where the file may not be as large", async () => {
    const folder = scratch.sub("full");
    const core = scratch.put("words", words(distinctWords(100_000)));
    const run = await shell(`ulimit -f 64; $CG ${core} --all -f parquet -o ${folder}/words.parquet`);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toMatch(/words\.parquet cannot be written: file too large \(EFBIG\)\n$/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.skipIf(tool(python, "--version") === null)(
    "is refused to a terminal, before anything is read",
    async () => {
      const spawn = `import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)`;
      const run = await shell(`${python} -c '${spawn}' $CG nowhere -f parquet`);
      expect(run.stdout).toMatch(
        /^coregram: --format parquet is not for a terminal: -o FILE writes it to a file, \| to a program\r\nusage: /,
      );
      expect(run.status).toBe(2);
    },
  );
});
