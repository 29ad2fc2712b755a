import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { decompressed } from "../../src/bytes/index.ts";
import { failureOf } from "./scratch.ts";

// What report.py beside it puts into the report.
const report = readFileSync(new URL("./streams/report.crash", import.meta.url));
const numbers = Array.from({ length: 100 }, (_, index) => `${index + 1}\n`).join("");
const content = Buffer.concat([
  Buffer.from("0000000000000000 00007f01104e0c70\n".repeat(5000)).subarray(0, 150_000),
  Buffer.from(numbers),
]);

/** What came until it ended or failed. */
async function read(bytes: Uint8Array, pieceBytes = 1000) {
  async function* cut() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  const got: Buffer[] = [];
  const { compression, pieces, isCut } = await decompressed("x.crash", cut());
  let failure: string | null = null;
  try {
    for await (const piece of pieces) got.push(Buffer.from(piece));
  } catch (error) {
    failure = (await failureOf(() => Promise.reject(error))).message;
  }
  return { compression, failure, isCut: isCut(), got: Buffer.concat(got) };
}

it("gives the core of a report, in whatever pieces it comes", async () => {
  for (const pieceBytes of [1, 3, 64, report.length]) {
    const { got, ...rest } = await read(report, pieceBytes);
    expect(rest).toEqual({ compression: "apport", failure: null, isCut: false });
    expect(got.equals(content)).toBe(true);
  }
});

it("cut gives what comes before, and says where in the report", async () => {
  const start = report.indexOf("CoreDump: base64\n") + 40;
  const end = report.indexOf("\nUname");
  for (let length = start; length < end; length += 7) {
    const { failure, isCut, got } = await read(report.subarray(0, length));
    expect({ failure, isCut }).toEqual({
      failure: `x.crash: apport data ends early at byte ${length}`,
      isCut: true,
    });
    expect(content.subarray(0, got.length).equals(got)).toBe(true);
  }
});

it("says that there is no core in it, or none that is compressed", async () => {
  const none = await read(Buffer.from("ProblemType: Crash\nSignal: 6\n"));
  expect(none.failure).toBe(
    "x.crash: apport data has no core (no field CoreDump); decompress it with its own tool first",
  );
  const odd = await read(Buffer.from("ProblemType: Crash\nCoreDump: base64\n AAAAAAAA\n"));
  expect(odd.failure).toMatch(/apport data is corrupt at byte \d+: its core is neither gzip nor zstd/);
  const itself = Buffer.from("ProblemType: Crash\n").toString("base64");
  const nested = await read(Buffer.from(`ProblemType: Crash\nCoreDump: base64\n ${itself}\n`));
  expect(nested.failure).toMatch(/is neither gzip nor zstd/);
});
