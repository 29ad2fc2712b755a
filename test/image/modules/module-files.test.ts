import { mkdirSync, readdirSync, readlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Core, ModuleFiles, readModules } from "../../../src/image/index.ts";
import { makeScratch } from "../../bytes/scratch.ts";
import { buildElf, buildNotes } from "../../elf/build-elf.ts";
import { openPlan } from "../open-plan.ts";

const LITTLE = { class: 64, endian: "little" } as const;
const PAGE = 0x1000;
const BASE = 0x7f00_0000_0000n;
const PATH = "/lib/made.so";
const { folder, put } = makeScratch();
mkdirSync(join(folder, "lib"));

/** A library of a page of headers and one of text, the last 16 bytes of which the file has not. */
function library(id: number): Uint8Array {
  const bytes = new Uint8Array(2 * PAGE - 16).fill(0x22);
  const note = buildNotes(LITTLE, [{ owner: "GNU", type: 3, descriptor: Uint8Array.of(0xfe, id) }]);
  bytes.fill(0, 0, PAGE);
  bytes.set(
    buildElf({
      ...LITTLE,
      type: 3,
      segments: [
        { type: 1, offset: 0n, fileBytes: BigInt(bytes.length), memoryBytes: BigInt(2 * PAGE) },
        { type: 4, data: note },
      ],
    }),
  );
  bytes.set(new TextEncoder().encode("text\0"), PAGE);
  return bytes;
}

/** A core whose library has its first page saved, changed at its end, and `savedText` bytes of its second. */
function openWith(savedText: number): Core {
  const first = library(1).slice(0, PAGE);
  first[PAGE - 1] = 0x33;
  const text = new Uint8Array(savedText).fill(0x44);
  return openPlan(
    [
      { type: 1, flags: 4, start: BASE, data: first },
      { type: 1, flags: 5, start: BASE + BigInt(PAGE), data: text, memoryBytes: BigInt(PAGE) },
    ],
    { mappings: [{ start: BASE, end: BASE + BigInt(2 * PAGE), path: PATH }] },
  );
}

function over(core: Core, root: string | null) {
  const files = new ModuleFiles(core, readModules(core), root);
  return { files, image: core.image.over(files) };
}

function readAt(image: Core["image"], at: bigint, bytes: number): number[] {
  const into = new Uint8Array(bytes);
  return [...into.subarray(0, image.read(at, into))];
}

const openFiles = () =>
  readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false;
    }
  }).length;

it("a module's file has what is not saved, below what is, up to its own end", () => {
  put(PATH, library(1));
  const { files, image } = over(openWith(2), folder);
  const text = BASE + BigInt(PAGE);
  expect(readAt(image, text - 1n, 5)).toEqual([0x33, 0x44, 0x44, 0x78, 0x74]);
  expect(image.readText(text + 2n)).toBe("xt");
  expect(image.originAt(text - 1n)).toEqual({ kind: "saved" });
  expect(image.originAt(text + 2n)).toEqual({ kind: "file", path: join(folder, PATH), offset: PAGE + 2 });
  const end = BASE + BigInt(2 * PAGE - 16);
  expect(readAt(image, end - 2n, 100)).toEqual([0x22, 0x22]);
  expect(image.originAt(end)).toBeNull();
  expect(image.faultAt(end)?.reason).toBe("not saved");
  expect(files.nextFrom(0n, BASE)).toBe(BASE);
  expect(files.nextFrom(0n, 1n << 63n)).toBe(BASE);
  expect(files.nextFrom(end, 1n << 63n)).toBe(1n << 63n);
  files.close();
});

it("a file that is another one, or is not looked for, has nothing", () => {
  put(PATH, library(2));
  for (const root of [folder, null, join(folder, "nowhere")]) {
    const { files, image } = over(openWith(0), root);
    const text = BASE + BigInt(PAGE);
    expect(readAt(image, text, 4)).toEqual([]);
    expect(image.readText(text)).toBeNull();
    expect(image.faultAt(text)?.reason).toBe("not saved");
    expect(files.nextFrom(BASE, text)).toBe(text);
    files.close();
  }
});

it("files are opened when they are asked for, once, and closed with the layer, which is empty then", () => {
  put(PATH, library(1));
  const { files, image } = over(openWith(0), folder);
  const text = BASE + BigInt(PAGE);
  expect(readAt(image, BASE, 4)).toEqual([0x7f, 0x45, 0x4c, 0x46]);
  expect(openFiles()).toBe(0);
  expect(image.readText(text)).toBe("text");
  expect(image.readText(text + 1n)).toBe("ext");
  expect(openFiles()).toBe(1);
  files.close();
  expect(openFiles()).toBe(0);
  expect(image.readText(text)).toBeNull();
  expect(image.faultAt(text)?.reason).toBe("not saved");
  expect(openFiles()).toBe(0);
  files.close();
});

it("a file that does not match is not kept open", () => {
  put(PATH, library(2));
  const { files, image } = over(openWith(0), folder);
  expect(image.originAt(BASE + BigInt(PAGE))).toBeNull();
  expect(openFiles()).toBe(0);
  files.close();
});

it("a file that becomes shorter while it is open is an error with its name", () => {
  put(PATH, library(1));
  const { files, image } = over(openWith(0), folder);
  expect(image.originAt(BASE + BigInt(PAGE))).not.toBeNull();
  truncateSync(join(folder, PATH), 100);
  expect(() => image.readText(BASE + BigInt(PAGE))).toThrow(/made\.so: became shorter/);
  files.close();
});
