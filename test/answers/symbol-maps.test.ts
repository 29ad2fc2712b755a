import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { readSymbolMaps } from "../../src/answers/symbol-maps.ts";
import type { AnswerEvent } from "../../src/terms/index.ts";
import { makeScratch } from "../bytes/scratch.ts";
import { buildModule } from "../elf/build-module.ts";

const scratch = makeScratch();
const TEXT = Buffer.from("0000000000401000 T one\n0000000000402000 T two\n");
const MODULE = buildModule({
  class: 64,
  endian: "little",
  buildId: new Uint8Array(20).fill(7),
  symbols: [{ name: "exported", value: 0x1000n, size: 16n, type: 2, binding: 1, section: 1 }],
});

async function read(...inputs: Parameters<typeof readSymbolMaps>[0]) {
  const events: AnswerEvent[] = [];
  const maps = await readSymbolMaps(inputs, "core.1", (event) => events.push(event));
  const said = events.map((event) => (event.kind === "progress" ? event.stage : event.text));
  return { formats: maps.map(({ format, symbols }) => `${symbols} ${format}`), said };
}

async function* pieces(bytes: Uint8Array) {
  for (const byte of bytes) yield Uint8Array.of(byte);
}

it("reads a map that is compressed, from a file and as it comes", async () => {
  const compressed = gzipSync(TEXT);
  const path = scratch.put("map.gz", compressed);
  expect(
    await read(path, { name: "-", text: pieces(compressed) }, { name: "-", text: pieces(TEXT) }),
  ).toEqual({
    formats: ["2 nm", "2 nm", "2 nm"],
    said: [],
  });
});

it("says where a compressed map breaks off", async () => {
  const path = scratch.put("cut.gz", gzipSync(TEXT).subarray(0, 30));
  await expect(read(path)).rejects.toThrow(/gzip data ends early at byte 30/);
});

it("reads an ELF file that is compressed, and says what is broken in it", async () => {
  const broken = MODULE.slice();
  new DataView(broken.buffer).setUint16(60, 40, true);
  const path = scratch.put("lib.so.gz", gzipSync(broken));
  const { said } = await read(path);
  expect(said[0]).toMatch(/^symbol map \S+lib\.so\.gz: \d of 40 section headers read/);
});
