import { expect, it } from "vitest";
import type { ByteSource } from "../../../src/bytes/index.ts";
import { openFile } from "../../../src/bytes/index.ts";
import { CoregramError } from "../../../src/terms/index.ts";
import { makeScratch, readAll } from "../../bytes/scratch.ts";
import { openCoreFile, pathOf, readCore, readSource } from "../read-core.ts";

const scratch = makeScratch();
const original = await coreBytes();

async function coreBytes(): Promise<Buffer> {
  const source = await openCoreFile(pathOf("cores/py-3.11.core.xz"));
  try {
    return readAll(source);
  } finally {
    source.close();
  }
}

/** A small generator of numbers below a limit, the same every time. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Reads mutated bytes: a result, a reason, or a CoregramError; anything else fails the test. */
async function survive(bytes: Buffer, name: string): Promise<string> {
  const source: ByteSource = openFile(scratch.put(name, bytes));
  try {
    const reading = await readSource(source, { root: null });
    if ("reason" in reading) return reading.reason;
    const { parts } = reading.python.balance;
    expect(Object.entries(parts).filter(([part, size]) => part !== "unknown" && !(size >= 0))).toEqual([]);
    for (const { count, bytes: size } of reading.totals) {
      expect(count).toBeGreaterThanOrEqual(0);
      expect(Number.isSafeInteger(size)).toBe(true);
    }
    return "read";
  } catch (error) {
    if (error instanceof CoregramError) return error.message;
    throw error;
  } finally {
    source.close();
  }
}

/** Of so many rounds of damage that a reader should survive, some must still be read: else nothing was tested. */
function expectSomeRead(outcomes: readonly string[], least: number): void {
  expect(outcomes.filter((outcome) => outcome === "read").length, outcomes.join("\n")).toBeGreaterThanOrEqual(
    least,
  );
}

it("survives words overwritten with numbers that mean most harm", async () => {
  const next = numbers(1);
  const outcomes: string[] = [];
  const harm = [0n, 1n, 7n, 8n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 47n, 2n ** 63n, 2n ** 64n - 1n];
  for (let round = 0; round < 8; round += 1) {
    const bytes = Buffer.from(original);
    for (let change = 0; change < 3000; change += 1) {
      const at = 4096 + 8 * next((bytes.length - 4096) / 8 - 1);
      bytes.writeBigUInt64LE(harm[next(harm.length)] ?? 0n, at);
    }
    outcomes.push(await survive(bytes, `words-${round}`));
  }
  expectSomeRead(outcomes, 6);
});

it("survives pointers that lead to other pointers' targets, and to themselves", async () => {
  const next = numbers(2);
  const outcomes: string[] = [];
  for (let round = 0; round < 6; round += 1) {
    const bytes = Buffer.from(original);
    for (let change = 0; change < 20_000; change += 1) {
      const to = 4096 + 8 * next((bytes.length - 4096) / 8 - 1);
      const from = 4096 + 8 * next((bytes.length - 4096) / 8 - 1);
      bytes.copy(bytes, to, from, from + 8);
    }
    outcomes.push(await survive(bytes, `pointers-${round}`));
  }
  expectSomeRead(outcomes, 4);
});

it("survives a core that was cut short anywhere", async () => {
  const outcomes: string[] = [];
  for (const part of [0.2, 0.5, 0.8, 0.95]) {
    const bytes = original.subarray(0, Math.floor(original.length * part));
    outcomes.push(await survive(bytes, `cut-${part}`));
  }
  expectSomeRead(outcomes, 4);
});

it("loses a torn pool and says so, and keeps all others", async () => {
  const bytes = Buffer.from(original);
  // Any pool's header: used, then the rest of it as it proves itself.
  let torn = 0;
  for (let at = 0; at + 48 < bytes.length && torn < 3; at += 8) {
    const blockBytes = 16 * (bytes.readUInt32LE(at + 36) + 1);
    const isPool =
      blockBytes <= 512 &&
      bytes.readUInt32LE(at + 44) === 16_384 - blockBytes &&
      bytes.readUInt32LE(at) > 0 &&
      (bytes.readUInt32LE(at + 40) - 48) % blockBytes === 0;
    if (!isPool) continue;
    bytes.writeUInt32LE(bytes.readUInt32LE(at) + 1, at);
    torn += 1;
  }
  expect(torn).toBe(3);
  const whole = await readCore(pathOf("cores/py-3.11.core.xz"), { root: null });
  const damaged = await readCore(scratch.put("torn", bytes), { root: null });
  expect(damaged.python.survey.pools).toBe(whole.python.survey.pools - 3);
  expect(damaged.python.remarks).toEqual(["3 pools were being changed, or are damaged: left out"]);
  expect(damaged.objects.count).toBeGreaterThan(whole.objects.count * 0.9);
});

it("says of memory without a Python that there is none", async () => {
  const bytes = Buffer.from(original);
  // Without the word that `type` is its own type by, nothing leads to any type.
  const root = (await readCore(pathOf("cores/py-3.11.core.xz"), { root: null })).python.types.find(
    ({ type }) => type.type === type.address,
  );
  const word = Buffer.alloc(8);
  word.writeBigUInt64LE(BigInt(root?.type.address ?? 0));
  for (let at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + 8)) bytes.fill(0, at, at + 8);
  expect(await survive(bytes, "none")).toBe("no CPython type objects in its writable memory");
});

it("says where _PyRuntime and what was found disagree", async () => {
  const path = pathOf("cores/py-3.13.core.xz");
  const source = await openCoreFile(path);
  const bytes = readAll(source);
  source.close();
  const at = bytes.indexOf("xdebugpy");
  expect(at).toBeGreaterThan(0);
  // 3.14.0, whose table has one more offset before that of the modules.
  bytes.writeUInt32LE(0x030e00f0, at + 8);
  const other = await readCore(scratch.put("other-version", bytes), { root: null });
  expect(other.python.remarks[0]).toBe("its types are those of CPython 3.13, _PyRuntime says 3.14.0");
  bytes.writeUInt32LE(0x030d00f0, at + 8);
  bytes.writeUInt32LE(bytes.readUInt32LE(at + 88) + 8, at + 88);
  const moved = await readCore(scratch.put("moved", bytes), { root: null });
  expect(moved.python.remarks).toHaveLength(1);
  expect(moved.python.remarks[0]).toMatch(
    /^_PyRuntime has sys.modules at 0x[0-9a-f]+, where no dict was found$/,
  );
});
