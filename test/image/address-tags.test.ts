import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { answerWhatis, answerWords, type WordsOptions } from "../../src/answers/index.ts";
import { AddressTags, openTarget } from "../../src/image/index.ts";
import { type AnswerEvent, address } from "../../src/terms/index.ts";
import { openPlan } from "./open-plan.ts";

const X86_64 = 62;
const AARCH64 = 183;
const RISCV = 243;
const at = (name: string) => fileURLToPath(new URL(`./tags/${name}`, import.meta.url));
/** Where nm says that the symbols of tagged.c are. */
const PLACES = new Map(
  [...readFileSync(at("tagged.txt"), "utf8").matchAll(/^([0-9a-f]+) \w (\w+)$/gm)].map(
    ([, value = "0", name = ""]) => [name, BigInt(`0x${value}`)] as const,
  ),
);
const placeOf = (name: string) => PLACES.get(name) ?? 0n;
const hex = (word: bigint) => word.toString(16).padStart(16, "0");

async function rows(options: WordsOptions) {
  const target = await openTarget(at("tagged.core.gz"));
  try {
    const result = await answerWords(target, { symbols: [at("tagged.txt")], nearest: true, ...options });
    try {
      const text = result.plainChunks
        ? Buffer.concat([...result.plainChunks()].map((chunk) => chunk.slice()))
        : "";
      return { rows: [...result.rows], text: text.toString(), totals: { ...result.totals } };
    } finally {
      await result.close();
    }
  } finally {
    target.close();
  }
}

it("words with a tag are named by the address below it, and say so", async () => {
  const { rows: top } = await rows({ limit: 5 });
  const named = new Map(top.map(({ word, symbol, count }) => [word, `${count} ${symbol}`]));
  expect(named.get(hex(placeOf("text") + 32n))).toBe("512 text+0x20");
  expect(named.get(hex((0xb4n << 56n) + placeOf("text") + 16n))).toBe("512 text+0x10 (tag 0xb4)");
  expect(named.get("b400700000000010")).toBe("512 null");
  const signed = top.find(({ symbol }) => symbol?.startsWith("target"));
  expect(signed?.count).toBe(512);
  const upper = BigInt(`0x${signed?.word}`) >> 48n;
  expect(signed).toMatchObject({
    word: hex((upper << 48n) + placeOf("target")),
    symbol: `target (PAC 0x${upper.toString(16)})`,
  });
  expect(upper).not.toBe(0n);
});

it("words with a tag are among the resolved, in rows and in all of them as text", async () => {
  const tagged = `    512 ${hex((0xb4n << 56n) + placeOf("text") + 16n)}  text+0x10 (tag 0xb4)\n`;
  const all = await rows({ limit: Number.POSITIVE_INFINITY });
  expect(all.text).toContain(tagged);
  expect(all.text).toMatch(/^ {4}512 b400700000000010$/m);
  const resolved = await rows({ limit: Number.POSITIVE_INFINITY, resolved: true });
  expect(resolved.text).toContain(tagged);
  expect(resolved.text).not.toMatch(/b400700000000010/);
  expect(resolved.text.split("\n").length - 1).toBe(resolved.rows.length);
});

it("whatis tells of the address, and how often the word occurs", async () => {
  const target = await openTarget(at("tagged.core.gz"));
  const events: AnswerEvent[] = [];
  const asked = address((0xb4n << 56n) + placeOf("text") + 16n);
  const { rows: found } = await answerWhatis(target, [asked], { symbols: [at("tagged.txt")] }, (event) =>
    events.push(event),
  );
  target.close();
  const [row] = [...found];
  expect(row).toMatchObject({
    address: `0x${(placeOf("text") + 16n).toString(16)}`,
    count: 512,
    memory: "saved",
  });
  expect(Buffer.from(row?.bytes ?? "", "hex").toString()).toMatch(/^s lead to/);
  expect(events.flatMap((event) => (event.kind === "note" ? [event.text] : []))).toEqual([
    `0x${asked.toString(16)} is ${row?.address} with the tag 0xb4: that is told`,
  ]);
});

const SEGMENTS = [
  { type: 1, flags: 6, start: 0x7000_0000_0000n, data: new Uint8Array(16) },
  { type: 1, flags: 6, start: (1n << 56n) - 4096n, data: new Uint8Array(16) },
  { type: 1, flags: 6, start: 0xffff_8000_0000_0000n, data: new Uint8Array(16) },
];

it.each([
  [X86_64, true, 0x0200_7000_0000_0008n, "LAM tag 0x1"],
  [X86_64, true, 0x7e0f_7000_0000_0008n, "LAM tag 0x7e0f"],
  [X86_64, true, (63n << 57n) + (1n << 56n) - 4090n, "LAM tag 0x3f"],
  [X86_64, false, 0x0200_7000_0000_0008n, null],
  [RISCV, true, 0xfe00_7000_0000_0008n, "pointer mask 0x7f"],
  [RISCV, false, 0xfe00_7000_0000_0008n, null],
  [AARCH64, false, 0xff00_7000_0000_0008n, "tag 0xff"],
  [AARCH64, false, 0xb400_0000_0000_0008n, null],
  // Addresses as they stand, of 57 bits and of a kernel.
  [AARCH64, true, (1n << 56n) - 4090n, null],
  [X86_64, true, 0xffff_8000_0000_0008n, null],
  [X86_64, true, 0x7000_0000_0008n, null],
])("on machine %i, asked %s, %s has %s", (machine, isAsked, word, tag) => {
  const core = openPlan(SEGMENTS, { machine });
  const tagged = new AddressTags(core, isAsked).strip(word);
  expect(tagged?.tag ?? null).toBe(tag);
  if (tagged !== null) expect(core.image.segmentAt(tagged.address)).not.toBeNull();
});
