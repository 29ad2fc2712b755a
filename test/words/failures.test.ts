import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Chunks } from "../../src/kernel/index.ts";
import { failureOf } from "../bytes/scratch.ts";
import { countIn, LITTLE, makeCounter } from "./counting.ts";
import { spread } from "./distributions.ts";

const { folder, count } = makeCounter();
const MIB = 2 ** 20;

describe("a file that becomes shorter while it is read", () => {
  it.each([
    [1, 10],
    [3, 10],
    [1, Number.POSITIVE_INFINITY],
    [3, Number.POSITIVE_INFINITY],
  ])("is an error with the place: %d threads, limit %d", async (threads, limit) => {
    const path = join(folder, "shrinking");
    writeFileSync(path, spread("small", 2 * MIB, 1));
    const fd = openSync(path, "r+");
    const chunks = new Chunks(
      { name: "shrinking\x1b", fd },
      [{ offset: 0, bytes: 16 * MIB }],
      LITTLE,
      65_536,
    );
    let ticks = 0;
    const failure = await failureOf(() =>
      countIn(chunks, {
        limit,
        filtered: limit > 5000,
        threads,
        workerBytes: 0,
        progress: () => {
          if (++ticks === 2) ftruncateSync(fd, 1000);
        },
      }),
    );
    closeSync(fd);
    expect(failure.code).toBe("changed");
    expect(failure.message).toMatch(
      /^shrinking\\x1b: became shorter while it was read: nothing at 0x[0-9a-f]+$/,
    );
  });

  it("is one before the first pass too", async () => {
    const failure = await failureOf(() =>
      count({ bytes: Buffer.alloc(100), extents: [{ offset: 0, bytes: 101 }] }),
    );
    expect(failure).toMatchObject({ code: "changed", message: expect.stringContaining("nothing at 0x64") });
  });
});

it("a descriptor that cannot be read is an error with the reason", async () => {
  const fd = openSync(join(folder, "write-only"), "w");
  const chunks = new Chunks({ name: "core.1", fd }, [{ offset: 0, bytes: 4096 }], LITTLE);
  const failure = await failureOf(() => countIn(chunks, {}));
  closeSync(fd);
  expect(failure.code).toBe("io");
  expect(failure.message).toMatch(/^core\.1: cannot be read at 0x[0-9a-f]+: EBADF/);
});

describe("nowhere to spill to:", () => {
  const bytes = spread("distinct", 2 ** 19, 2);

  it("a folder that is not there", async () => {
    const failure = await failureOf(() =>
      count({ bytes, filtered: true, memory: 9 * MIB, temporaryFolder: "/nonexistent" }),
    );
    expect(failure).toMatchObject({ code: "io", message: expect.stringContaining("/nonexistent") });
  });

  it("a full disk", async (context) => {
    const disk = mkdtempSync(join(tmpdir(), "coregram-full-"));
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=512k", "none", disk]);
    try {
      if (mounted.status !== 0) return context.skip("only root can mount a small disk");
      for (const threads of [1, 3]) {
        const failure = await failureOf(() =>
          count({
            bytes: threads === 1 ? bytes : spread("distinct", 8 * MIB, 3),
            filtered: true,
            threads,
            workerBytes: 0,
            memory: (threads === 1 ? 9 : 48) * MIB,
            temporaryFolder: disk,
          }),
        );
        expect(failure.code).toBe("limit");
        expect(failure.message).toMatch(/^temporary file of \d+ bytes does not fit in .*ENOSPC.*set TMPDIR/);
      }
    } finally {
      if (mounted.status === 0) spawnSync("umount", ["-l", disk]);
      rmSync(disk, { recursive: true, force: true });
    }
  });
});

it("too little memory is said, with how much it takes", async () => {
  const bytes = spread("distinct", 2 ** 19, 4);
  for (const memory of [0, 1, 4 * MIB, 6 * MIB]) {
    const failure = await failureOf(() => count({ bytes, filtered: true, memory }));
    expect(failure.code).toBe("limit");
    expect(failure.message).toContain("--memory");
  }
});
