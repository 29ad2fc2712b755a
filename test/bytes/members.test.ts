import { execFileSync } from "node:child_process";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Compress, compressedMembers, gzipMember, zstdFrame } from "../../src/bytes/index.ts";

const MEMBER = 2 ** 22;

async function compressed(chunks: (Uint8Array | number)[], compress: Compress = gzipMember): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of compressedMembers(chunks, compress)) parts.push(part);
  return Buffer.concat(parts);
}

it("is what was put in, zeros where only their number was", async () => {
  const chunk = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 9 }));
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { minLength: 1, maxLength: 20 }), async (chunks) => {
      const plain = Buffer.concat(
        chunks.map((each) => (typeof each === "number" ? Buffer.alloc(each) : each)),
      );
      return gunzipSync(await compressed(chunks)).equals(plain);
    }),
  );
});

it("has whole members of zeros, and bytes that run over their borders, in their order", async () => {
  const bytes = Buffer.alloc(MEMBER + 5, 7);
  const plain = gunzipSync(await compressed([bytes, 3 * MEMBER + 11, bytes, 2 * MEMBER]));
  const expected = Buffer.concat([bytes, Buffer.alloc(3 * MEMBER + 11), bytes, Buffer.alloc(2 * MEMBER)]);
  expect(plain.equals(expected)).toBe(true);
});

it.skipIf(zstdFrame === null)("is what zstd reads, where this Node has zstd", async () => {
  const bytes = Buffer.alloc(MEMBER + 5, 7);
  const file = await compressed([bytes, 2 * MEMBER + 11], zstdFrame ?? gzipMember);
  const plain = execFileSync("zstd", ["-dc"], { input: file, maxBuffer: 2 ** 26 });
  expect(plain.equals(Buffer.concat([bytes, Buffer.alloc(2 * MEMBER + 11)]))).toBe(true);
});
