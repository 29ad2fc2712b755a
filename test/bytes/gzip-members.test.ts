import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { gzipMembers } from "../../src/bytes/index.ts";

const MEMBER = 2 ** 22;

async function compressed(chunks: (Uint8Array | number)[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of gzipMembers(chunks)) parts.push(part);
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
