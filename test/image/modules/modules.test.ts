import { describe, expect, it } from "vitest";
import { readHeader, readSections, readSymbols, Warnings } from "../../../src/elf/index.ts";
import { type Core, findModule, Image, memorySource, readModules } from "../../../src/image/index.ts";
import { buildElf, buildNotes, LAYOUTS, type SegmentPlan } from "../../elf/build-elf.ts";
import { ByteWriter } from "../../elf/byte-writer.ts";
import { symbolSections } from "../../elf/symbol-sections.ts";
import { filled, openMade, openPlan } from "../open-plan.ts";

/** The same core as an older kernel would have written it, without NT_FILE. */
function withoutFileNote(core: Core): Core {
  return {
    ...core,
    notes: { ...core.notes, mappings: null },
    image: new Image(core.image.saved, core.header),
  };
}

const LITTLE = { class: 64, endian: "little" } as const;
const ID = Uint8Array.of(0xfe, 0xed);

/** The first page of a library with three pages of memory and a build ID. */
function firstPage(layout: (typeof LAYOUTS)[number] = LITTLE): Uint8Array {
  const note = buildNotes(layout, [{ owner: "GNU", type: 3, descriptor: ID }]);
  const bytes = buildElf({
    ...layout,
    type: 3,
    segments: [
      { type: 1, offset: 0n, fileBytes: 0x1000n, memoryBytes: 0x1000n },
      { type: 1, start: 0x1000n, offset: 0x1000n, fileBytes: 0x1000n, memoryBytes: 0x2000n },
      { type: 4, data: note },
    ],
  });
  const page = new Uint8Array(0x1000);
  page.set(bytes);
  return page;
}

describe("readModules", () => {
  it("finds the modules of a kernel's and of gcore's core, deleted and mapped twice among them", () => {
    for (const name of ["kernel-x86-64", "gcore-x86-64"] as const) {
      const modules = readModules(openMade(name));
      const told = modules.map(({ path, deleted, isElf, buildId, mappings }) => [
        path,
        deleted,
        isElf,
        buildId,
        mappings.length,
      ]);
      expect(told).toEqual([
        ["/tmp/tiny/tiny", false, true, "feedfacecafebeef", 5],
        ["/usr/lib/x86_64-linux-gnu/libc.so.6", false, true, expect.stringMatching(/^[0-9a-f]{40}$/), 5],
        ["/tmp/tiny/tiny", false, true, "feedfacecafebeef", 1],
        ["/SYSV00007e57", true, false, null, 1],
        ["/dev/shm/coregram-tiny", true, false, null, 1],
        ["/memfd:tiny", true, false, null, 1],
        ["/dev/zero", true, false, null, 1],
        ["/tmp/tiny/libtiny.so", true, true, "0123456789abcdef", 5],
        ["[vdso]", false, true, expect.stringMatching(/^[0-9a-f]{40}$/), 0],
        [
          "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
          false,
          true,
          expect.stringMatching(/^[0-9a-f]{40}$/),
          5,
        ],
      ]);
      for (const { isLoaded, loadBias, start } of modules) expect(loadBias).toBe(isLoaded ? start : null);
      // The program's own file once more, as data.
      expect(modules.map(({ isLoaded }) => isLoaded)).toEqual([
        ...[true, true, false, false, false, false, false, true, true, true],
      ]);
    }
  });

  it("finds a static program at its fixed address, 32 bit", () => {
    const modules = readModules(openMade("kernel-i386"));
    expect(modules.map(({ path, loadBias, isElf }) => [path, loadBias, isElf])).toEqual([
      ["/tmp/tiny/tiny-i386", 0n, true],
      ["[vdso]", expect.anything(), true],
    ]);
  });

  it("finds the same through the link map where there is no NT_FILE", () => {
    for (const name of ["kernel-x86-64", "gcore-x86-64"] as const) {
      const core = openMade(name);
      const known = readModules(core);
      const linked = readModules(withoutFileNote(core));
      expect(linked.map(({ path }) => path)).toEqual([
        "./tiny",
        "/lib/x86_64-linux-gnu/libc.so.6",
        expect.stringContaining("libtiny.so"),
        "[vdso]",
        "/lib64/ld-linux-x86-64.so.2",
      ]);
      for (const { start, end, buildId, loadBias, isElf } of linked) {
        expect(known.find((module) => module.start === start)).toMatchObject({
          start,
          end,
          buildId,
          loadBias,
          isElf,
        });
      }
    }
  });

  it.each(LAYOUTS)("reads the first page of a module, class $class, $endian endian", (layout) => {
    const core = openPlan([{ type: 1, start: 0x10000n, data: firstPage(layout), memoryBytes: 0x1000n }], {
      ...layout,
      mappings: [
        { start: 0x10000n, end: 0x11000n, path: "/lib/x.so" },
        { start: 0x11000n, end: 0x12000n, page: 1, path: "/lib/x.so" },
        { start: 0x40000n, end: 0x41000n, page: 1, path: "/lib/x.so" },
      ],
    });
    expect(
      readModules(core).map(({ start, end, buildId, loadBias }) => ({ start, end, buildId, loadBias })),
    ).toEqual([
      { start: 0x10000n, end: 0x13000n, buildId: "feed", loadBias: 0x10000n },
      { start: 0x40000n, end: 0x41000n, buildId: null, loadBias: null },
    ]);
  });

  it("joins mappings with a gap and another file between them, and starts anew at the file's start", () => {
    const gap = 0x1000_0000n;
    const core = openPlan([], {
      mappings: [
        { start: 0x10000n, end: 0x11000n, path: "/lib/x.so" },
        { start: 0x12000n, end: 0x13000n, path: "/lib/y.so" },
        { start: 0x10000n + gap, end: 0x11000n + gap, page: 4, path: "/lib/x.so" },
        { start: 0x10000n + 2n * gap, end: 0x11000n + 2n * gap, path: "/lib/x.so" },
        { start: 0x20000n + 2n * gap, end: 0x21000n + 2n * gap, page: 9, path: "/lib/x.so (deleted)" },
      ],
    });
    expect(
      readModules(core).map(({ path, deleted, mappings, isElf }) => [path, deleted, mappings.length, isElf]),
    ).toEqual([
      ["/lib/x.so", false, 2, null],
      ["/lib/y.so", false, 1, null],
      ["/lib/x.so", false, 1, null],
      ["/lib/x.so", true, 1, null],
    ]);
  });

  it("does not believe a first page beyond where the next file begins", () => {
    const page = firstPage();
    new DataView(page.buffer).setBigUint64(64 + 56 + 40, 1n << 60n, true);
    const core = openPlan([{ type: 1, start: 0x10000n, data: page }], {
      mappings: [
        { start: 0x10000n, end: 0x11000n, path: "/lib/x.so" },
        { start: 0x11000n, end: 0x12000n, page: 1, path: "/lib/x.so" },
        { start: 0x20000n, end: 0x21000n, path: "/lib/y.so" },
      ],
    });
    expect(readModules(core)[0]?.end).toBe(0x20000n);
  });

  it("knows modules above 2^47", () => {
    const start = 0xff00_0000_0000_0000n;
    const core = openPlan([{ type: 1, start, data: firstPage() }], {
      mappings: [
        { start, end: start + 0x1000n, path: "/x" },
        { start: start + 0x1000n, end: start + 0x2000n, page: 1, path: "/x" },
      ],
    });
    expect(readModules(core)[0]).toMatchObject({ start, loadBias: start, buildId: "feed" });
  });

  it("ends no module above 2^64, whatever its headers claim", () => {
    const start = (1n << 64n) - 0x3000n;
    const page = firstPage();
    new DataView(page.buffer).setBigUint64(64 + 56 + 40, 1n << 60n, true);
    const core = openPlan([{ type: 1, start, data: page }], {
      mappings: [
        { start, end: start + 0x1000n, path: "/x" },
        { start: start + 0x1000n, end: start + 0x2000n, page: 1, path: "/x" },
      ],
    });
    expect(readModules(core).map(({ end, isLoaded }) => ({ end, isLoaded }))).toEqual([
      { end: 1n << 64n, isLoaded: true },
    ]);
  });

  it("reads a build ID where it is loaded, behind the first mapping; where that is not saved it is unknown", () => {
    const note = buildNotes(LITTLE, [{ owner: "GNU", type: 3, descriptor: ID }]);
    const page = new Uint8Array(0x1000);
    const loads = [0n, 0x1000n].map((start) => ({
      ...{ type: 1, start, offset: start },
      ...{ fileBytes: 0x1000n, memoryBytes: 0x1000n },
    }));
    // patchelf's: in the file at 0x8010, where no mapping shows it by that offset.
    const moved = { type: 4, start: 0x1010n, offset: 0x8010n, fileBytes: BigInt(note.length) };
    page.set(buildElf({ ...LITTLE, type: 3, segments: [...loads, { ...moved, memoryBytes: 0n }] }));
    const second = new Uint8Array(0x1000);
    second.set(note, 0x10);
    const mappings = [0n, 1n].map((index) => ({
      start: 0x10000n + index * 0x1000n,
      end: 0x11000n + index * 0x1000n,
      page: Number(index),
      path: "/x.so",
    }));
    const first = { type: 1, start: 0x10000n, data: page };
    const idOf = (segment: SegmentPlan) => {
      const [module] = readModules(openPlan([first, segment], { mappings }));
      return { buildId: module?.buildId, lacksBuildId: module?.lacksBuildId };
    };
    const at = { type: 1, start: 0x11000n, memoryBytes: 0x1000n };
    expect(idOf({ ...at, data: second })).toEqual({ buildId: "feed", lacksBuildId: false });
    expect(idOf({ ...at, data: second.subarray(0, 0x18) })).toEqual({ buildId: null, lacksBuildId: false });
    expect(idOf({ ...at, data: new Uint8Array(0x1000) })).toEqual({ buildId: null, lacksBuildId: true });
  });

  it("has none where nothing tells", () => {
    expect(readModules(openPlan([filled(0x1000n, 16, 1)]))).toEqual([]);
  });

  it("walks a link map that loops or breaks off no further", () => {
    const writer = new ByteWriter(LITTLE);
    // At 0x1000: PT_PHDR and PT_DYNAMIC; 0x1100: the dynamic section; 0x1200: r_debug; 0x1300: link_maps.
    writer.u32(6).u32(4).u64(0).u64(0x1000).u64(0).u64(0).u64(0).u64(0);
    writer
      .u32(2)
      .u32(4)
      .u64(0)
      .u64(0x1100)
      .u64(0)
      .u64(0)
      .u64(0)
      .u64(0)
      .zeros(0x100 - writer.length);
    writer
      .u64(21)
      .u64(0x1200)
      .u64(0)
      .u64(0)
      .zeros(0x200 - writer.length);
    writer
      .u64(1)
      .u64(0x1300)
      .zeros(0x300 - writer.length);
    writer.u64(0).u64(0x1340).u64(0x1100).u64(0x1320);
    writer.u64(0).u64(0x1340).u64(0x1100).u64(0x1300).text("libloop.so");
    const auxiliary = new ByteWriter(LITTLE).u64(3).u64(0x1000).u64(4).u64(56).u64(5).u64(2).done();
    const data = writer.done();
    const looping = openPlan([{ type: 1, start: 0x1000n, data }], { auxiliary });
    expect(readModules(looping).map(({ path }) => path)).toEqual(["libloop.so", "libloop.so"]);
    new DataView(data.buffer).setBigUint64(0x338, 0x9000n, true);
    const broken = openPlan([{ type: 1, start: 0x1000n, data }], { auxiliary });
    expect(readModules(broken).length).toBe(2);
    expect(broken.warnings.list()).toEqual(["link map breaks off at 2 objects: 0x9000 is not saved"]);
  });

  it("opens the vdso, which is whole in memory, as the file that it is", () => {
    for (const [name, symbol] of [
      ["kernel-x86-64", "__vdso_clock_gettime"],
      ["kernel-i386", "__kernel_vsyscall"],
    ] as const) {
      const core = openMade(name);
      const vdso = readModules(core).find(({ path }) => path === "[vdso]");
      if (vdso === undefined) throw new Error("no vdso");
      const source = memorySource(core.image, vdso, vdso.path);
      const warnings = new Warnings();
      const header = readHeader(source, warnings);
      if (header === null) throw new Error("vdso is not ELF");
      const sections = readSections(source, header, warnings);
      const names = symbolSections(sections).flatMap((section) => {
        const symbols = readSymbols(source, header, sections, section, warnings);
        return Array.from(symbols.nameOffsets, (offset) => symbols.names.textAt(offset));
      });
      expect(names).toContain(symbol);
    }
  });
});

describe("findModule", () => {
  it("prefers the module that maps an address to one that spans it", () => {
    const gap = 0x100_0000n;
    const modules = readModules(
      openPlan([], {
        mappings: [
          { start: 0x10000n, end: 0x11000n, path: "/lib/x.so" },
          { start: 0x20000n, end: 0x21000n, path: "/lib/y.so" },
          { start: 0x10000n + gap, end: 0x11000n + gap, page: 4, path: "/lib/x.so" },
        ],
      }),
    );
    const find = (at: bigint) => findModule(modules, at)?.path ?? null;
    expect(
      [0xffffn, 0x10000n, 0x11000n, 0x20fffn, 0x21000n, 0x10fffn + gap, 0x11000n + gap].map(find),
    ).toEqual([null, "/lib/x.so", "/lib/x.so", "/lib/y.so", "/lib/x.so", "/lib/x.so", null]);
  });
});
