import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { makeScratch, openAll } from "./scratch.ts";

// Decoders compiled to WebAssembly keep state in their memory: two streams at once must each have their own.
const scratch = makeScratch();
const OPTIONS = { temporaryFolder: scratch.folder, stdin: -1 };
const cores = fileURLToPath(new URL("../runtimes/cores/", import.meta.url));
const streams = fileURLToPath(new URL("./streams/", import.meta.url));

const digest = async (path: string) =>
  createHash("sha256")
    .update(await openAll(path, OPTIONS))
    .digest("hex");

it.each([
  ["xz", cores, /\.core\.xz$/],
  ["zstd", streams, /\.zst$/],
  ["any compression", streams, /\.(?:xz|zst|gz|lz4)$/],
])("streams of %s are decoded at the same time as they are one by one", async (_name, folder, pattern) => {
  const files = readdirSync(folder)
    .filter((name) => pattern.test(name))
    .slice(0, 8)
    .map((name) => join(folder, name));
  expect(files.length).toBeGreaterThan(1);
  const alone: string[] = [];
  for (const file of files) alone.push(await digest(file));
  // Each of them twice, so that the same one is at work twice as well.
  const together = await Promise.all([...files, ...files].map(digest));
  expect(together).toEqual([...alone, ...alone]);
});

it("a stream that breaks off leaves the other one whole", async () => {
  const file = join(cores, readdirSync(cores).find((name) => name.endsWith(".core.xz")) ?? "");
  const alone = await digest(file);
  const cut = scratch.put("cut.xz", readFileSync(file).subarray(0, 20_000));
  const [whole, broken] = await Promise.allSettled([digest(file), digest(cut)]);
  expect(whole).toEqual({ status: "fulfilled", value: alone });
  expect(broken).toMatchObject({ status: "rejected", reason: { code: "format" } });
});
