import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { OpenOptions } from "../../src/bytes/index.ts";
import { failureOf, makeScratch, memoryLike, openAll } from "./scratch.ts";

const { folder, put } = makeScratch();
const temporaryFolder = join(folder, "spool");
mkdirSync(temporaryFolder);
const options: OpenOptions = { temporaryFolder, stdin: 0 };
const text = Buffer.from("0000000000000000 00007f01104e0c70");
const member = gzipSync(text);

const open = (bytes: Uint8Array) => openAll(put("core.gz", bytes), options);

describe("gzip", () => {
  test("members follow one another, on either side of a chunk's end", async () => {
    const large = memoryLike(700_000);
    for (const between of [0, 1, 262_143, 262_144]) {
      const first = gzipSync(large.subarray(0, between), { level: 0 });
      const packed = Buffer.concat([first, member, gzipSync(large), gzipSync(""), member]);
      const expected = Buffer.concat([large.subarray(0, between), text, large, text]);
      expect((await open(packed)).equals(expected)).toBe(true);
    }
  });

  test("zero padding after the last member is skipped, however long", async () => {
    for (const zeros of [1, 511, 5_000_000]) {
      expect(await open(Buffer.concat([member, Buffer.alloc(zeros)]))).toEqual(text);
    }
  });

  test("anything else after it is an error at its place", async () => {
    for (const zeros of [0, 3, 1_000_000]) {
      for (const rest of [Buffer.from("garbage, garbage"), member.subarray(1), Buffer.from([1])]) {
        const failure = await failureOf(() => open(Buffer.concat([member, Buffer.alloc(zeros), rest])));
        expect(failure.code).toBe("format");
        expect(failure.message).toMatch(
          /core\.gz: gzip data (is corrupt after byte \d+: |ends early at byte \d+$)/,
        );
      }
    }
    const failure = await failureOf(() => open(Buffer.concat([member, Buffer.alloc(9), member])));
    expect(failure.message).toMatch(
      new RegExp(`corrupt after byte ${member.length}: what follows its padding is not gzip$`),
    );
  });

  test("cut anywhere it ends early, and says where", async () => {
    for (let length = 3; length < member.length; length++) {
      const failure = await failureOf(() => open(member.subarray(0, length)));
      expect(failure.code).toBe("format");
      expect(failure.message).toMatch(new RegExp(`: gzip data ends early at byte ${length}$`));
    }
  });

  test("with any bit changed it is corrupt, or the bit meant nothing", async () => {
    let meaningless = 0;
    for (let at = 3; at < member.length; at++) {
      const packed = Buffer.from(member);
      packed[at] = (packed[at] ?? 0) ^ 0x10;
      const outcome = await open(packed).catch((error: unknown) => error);
      if (Buffer.isBuffer(outcome)) {
        expect(outcome).toEqual(text);
        meaningless++;
      } else expect(outcome).toMatchObject({ code: "format" });
    }
    // The header's time, level and system, and the bits that fill up deflate's last byte.
    expect(meaningless).toBeLessThanOrEqual(8);
  });
});
