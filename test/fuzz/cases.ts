import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { answerInfo } from "../../src/answers/index.ts";
import {
  type Core,
  openCore,
  readModules,
  savedExtents,
  Target,
  writableExtents,
} from "../../src/image/index.ts";
import { Names, readModuleSymbols, readSymbolMap } from "../../src/symbols/index.ts";
import { CoregramError } from "../../src/terms/index.ts";
import { buildElf, buildFileNote, buildNotes, LAYOUTS } from "../elf/build-elf.ts";
import { buildSymbols } from "../elf/build-module.ts";
import { ByteWriter } from "../elf/byte-writer.ts";
import { CORES, memoryBytes, readCoreBytes } from "../elf/memory-bytes.ts";
import { isInRanges } from "../symbols/in-ranges.ts";
import { checkFrame } from "../views/frame-check.ts";
import { render } from "../views/word-results.ts";
import { mutate, random } from "./mutate.ts";

/** No case may ask its file for more bytes than this; with bounded work a byte, it ends. */
const MOST_ASKED = 64 << 20;
/** So many of a map are looked up. */
const MOST_SYMBOLS = 3;
const BASE = 0x7f0000000000n;
const PAGE = 4096;

/** How a case ended; all but `refused` read what there was. Anything else throws. */
export type Outcome = "read" | "warned" | "refused" | "not a core" | "named";

/** Reads all that a core and its modules' files under `root` say, as the commands do. @throws where that is wrong */
async function readAll(bytes: Uint8Array, root: string): Promise<Outcome> {
  const source = memoryBytes(bytes);
  try {
    const core = openCore(source);
    if (core === null) return "not a core";
    const target = new Target({ source, core, image: core.image, broken: null, cut: null }, null);
    const { input, totals, rows } = await answerInfo(target, { sysroot: root });
    const [row] = rows;
    if (row === undefined) throw new Error("info has no row");
    for (const name of ["plain", "json"]) {
      const text = render(name, { schema: "coregram/info@1", input, totals, rows: [row] });
      if (/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/.test(text)) throw new Error(`${name} has controls`);
      const problems = name === "json" ? checkFrame(JSON.parse(text)) : [];
      if (problems.length > 0) throw new Error(problems.join("; "));
    }
    checkScopes(core, source.size);
    const named = await readNames(core, root);
    if (source.asked > MOST_ASKED) throw new Error(`${source.asked} bytes were asked for`);
    if (named) return "named";
    return row.warnings.length > 0 ? "warned" : "read";
  } catch (error) {
    if (error instanceof CoregramError && error.code !== "usage") return "refused";
    throw error;
  }
}

function checkScopes(core: Core, size: number): void {
  for (const scope of [savedExtents(core.image), writableExtents(core.image)]) {
    const { notMemory, notWritable, shared } = scope.leftOut;
    if (scope.bytes + notMemory + notWritable + shared !== size) throw new Error("scope does not add up");
    for (const { offset, bytes } of scope.extents)
      if (offset < 0 || offset + bytes > size) throw new Error("extent leaves the file");
  }
}

/** Whether the modules' files name anything. What covers a word must say of it what the whole tables say. */
async function readNames(core: Core, root: string): Promise<boolean> {
  const modules = readModules(core);
  const words = modules.slice(0, 1).map(({ start }) => start + (core.missingBytes > 0n ? 0x1021n : 0x1008n));
  let named = false;
  for (const word of words) {
    const all = await readModuleSymbols(core, modules, { root, words: [word] });
    const few = await readModuleSymbols(core, modules, { root, words: [word], covering: true });
    const name = new Names([all.table], false).find(word);
    const short = new Names([few.table], false).find(word);
    if (short !== name) throw new Error(`${word}: ${short} is not ${name}`);
    if (name !== null) named = true;
    for (const note of [...all.notes, ...few.notes])
      if (/[\x00-\x1f\x7f-\x9f]/.test(note)) throw new Error("note has controls");
  }
  return named;
}

/** Reads a symbol map, twice. What covers a word must say of it what all of the map says. @throws where that is wrong */
async function readMap(bytes: Uint8Array): Promise<Outcome> {
  try {
    const [map, again] = [
      await readSymbolMap([bytes.slice()], "map"),
      await readSymbolMap([bytes.slice()], "map"),
    ];
    const names = new Names([map.table], false);
    const ranges = names.namedRanges();
    let seen = 0;
    for (const { address, size } of map.table.symbols()) {
      if (++seen > MOST_SYMBOLS) break;
      for (const word of [address, address + size, address - 1n].map((at) => BigInt.asUintN(64, at))) {
        const name = names.find(word);
        if (isInRanges(ranges, word) !== (name !== null))
          throw new Error(`${word}: not in the ranges as named`);
        const short = new Names([again.tableFor([word])], false).find(word);
        if (short !== name) throw new Error(`${word}: ${short} is not ${name}`);
      }
    }
    return map.skippedLines > 0 ? "warned" : "read";
  } catch (error) {
    if (error instanceof CoregramError && error.code !== "usage") return "refused";
    throw error;
  }
}

/** A small library with a build ID, both symbol tables, a link to a debug file, and debug data that is no xz. */
function buildLibrary(layout: (typeof LAYOUTS)[number], machine: number): Uint8Array {
  const id = buildNotes(layout, [{ owner: "GNU", type: 3, descriptor: new Uint8Array(20).fill(0xab) }]);
  const table = buildSymbols(
    layout,
    Array.from({ length: 24 }, (_, index) => ({
      name: index % 5 === 0 ? `evil\x1b[3${index}m` : `name_${index}`,
      value: BigInt(PAGE + 8 * (index % 16)),
      size: BigInt((index * 7) % 64),
      type: index % 4,
      binding: index % 3,
      section: index % 7 === 0 ? 0 : 2,
    })),
  );
  const entryBytes = layout.class === 64 ? 24n : 16n;
  return buildElf({
    ...layout,
    type: 3,
    machine,
    segments: [
      { type: 1, start: 0n, offset: 0n, fileBytes: BigInt(PAGE), memoryBytes: BigInt(PAGE), flags: 4 },
      { type: 1, start: BigInt(PAGE), offset: 0n, fileBytes: 512n, memoryBytes: BigInt(PAGE), flags: 6 },
      { type: 4, data: id, alignment: 4n },
    ],
    sections: [
      { name: ".note.gnu.build-id", type: 7, data: id, alignment: 4n },
      { name: ".data", type: 1, flags: 3n, start: BigInt(PAGE), data: new Uint8Array(512) },
      { name: ".symtab", type: 2, data: table.table, link: 4, entryBytes },
      { name: ".strtab", type: 3, data: table.names },
      { name: ".dynsym", type: 11, data: table.table, link: 4, entryBytes },
      {
        name: ".gnu_debuglink",
        type: 1,
        data: new ByteWriter(layout).text("lib.debug").align(4).u32(0).done(),
      },
      { name: ".gnu_debugdata", type: 1, data: Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4) },
    ],
  });
}

/** A core that maps that library, its first page saved or not. */
function buildProcess(layout: (typeof LAYOUTS)[number], machine: number, library: Uint8Array): Uint8Array {
  const base = layout.class === 64 ? BASE : 0x70000000n;
  const mappings = [0, 1].map((page) => ({
    start: base + BigInt(PAGE * page),
    end: base + BigInt(PAGE * (page + 1)),
    page: 0,
    path: "/lib.so",
  }));
  const page = new Uint8Array(PAGE);
  page.set(library.subarray(0, PAGE));
  return buildElf({
    ...layout,
    machine,
    segments: [
      {
        type: 4,
        data: buildNotes(layout, [
          { owner: "CORE", type: 1, descriptor: new Uint8Array(336).fill(7) },
          { owner: "CORE", type: 0x46494c45, descriptor: buildFileNote(layout, mappings) },
        ]),
      },
      { type: 1, start: base, data: page, flags: 4 },
      { type: 1, start: base + BigInt(PAGE), memoryBytes: BigInt(PAGE), flags: 6 },
    ],
  });
}

/** Beside the cores' folder and this one alike: `scripts/fuzz.mjs` moves it. */
const MAPS = new URL("../symbols/maps/", import.meta.url);
/** A piece of a map has lines of all kinds. */
const MOST_MAP_BYTES = 2048;

/** Mutated cores, modules and symbol maps, the same for the same seed. */
export class Fuzzer {
  readonly #root = mkdtempSync(join(tmpdir(), "coregram-fuzz-"));
  readonly #cores = CORES.map((name) => readCoreBytes(name));
  readonly #maps = readdirSync(MAPS)
    .filter((name) => name.endsWith(".txt"))
    .map((name) => readFileSync(new URL(name, MAPS)));
  readonly #pairs = LAYOUTS.map((layout) => {
    const machine = layout.class === 64 ? 62 : 40;
    const library = buildLibrary(layout, machine);
    return { library, core: buildProcess(layout, machine, library) };
  });

  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** One case. What is wrong is thrown with its seed. */
  async run(seed: number): Promise<Outcome> {
    const next = random(seed);
    try {
      // Beside the core or the module; not each time, for all formats' readers are made for a map.
      if (next(16) === 0) await this.#mutatedMap(next);
      return next(2) === 0 ? await this.#mutatedCore(next) : await this.#mutatedModule(next);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }

  async #mutatedCore(next: (below: number) => number): Promise<Outcome> {
    const bytes = this.#cores[next(this.#cores.length)] ?? new Uint8Array(0);
    const mutated = mutate(bytes, next, [64, 64 + 56 * 8, 8192, bytes.length]);
    try {
      return await readAll(mutated.bytes, join(this.#root, "nothing"));
    } finally {
      mutated.undo();
    }
  }

  async #mutatedMap(next: (below: number) => number): Promise<Outcome> {
    const bytes = this.#maps[next(this.#maps.length)] ?? new Uint8Array(0);
    const start = next(bytes.length);
    return readMap(
      mutate(Uint8Array.from(bytes.subarray(start, start + MOST_MAP_BYTES)), next, [64, 4096]).bytes,
    );
  }

  /** The library's file, the debug file that it links to, and now and then the core that names them. */
  async #mutatedModule(next: (below: number) => number): Promise<Outcome> {
    const pair = this.#pairs[next(this.#pairs.length)];
    if (!pair) throw new Error("no pair");
    const tables = pair.library.length - 700;
    const reaches = [64, 64 + 56 * 3, pair.library.length, pair.library.length];
    this.#put("/lib.so", mutate(pair.library.slice(), next, [...reaches, tables]).bytes);
    if (next(4) === 0) this.#put("/lib.debug", mutate(pair.library.slice(), next, reaches).bytes);
    if (next(4) === 0) {
      const path = `/usr/lib/debug/.build-id/ab/${"ab".repeat(19)}.debug`;
      this.#put(path, mutate(pair.library.slice(), next, reaches).bytes);
    }
    const core = pair.core.slice();
    const reach = [64, 64 + 56 * 3, core.length];
    return readAll(next(4) === 0 ? mutate(core, next, reach).bytes : core, this.#root);
  }

  #put(path: string, bytes: Uint8Array): void {
    mkdirSync(dirname(join(this.#root, path)), { recursive: true });
    writeFileSync(join(this.#root, path), bytes);
  }
}
