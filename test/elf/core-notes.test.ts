import { describe, expect, it } from "vitest";
import {
  ELF_LIMITS,
  type ElfLayout,
  readCoreNotes,
  readHeader,
  readSegments,
  Warnings,
} from "../../src/elf/index.ts";
import { buildElf, buildFileNote, buildNotes, type NotePlan } from "./build-elf.ts";
import { ByteWriter } from "./byte-writer.ts";
import { CORES, memoryBytes, readCoreBytes } from "./memory-bytes.ts";

const LITTLE = { class: 64, endian: "little" } as const;
const NT_FILE = 0x46494c45;
const NT_SIGINFO = 0x53494749;

function read(bytes: Uint8Array, limits = ELF_LIMITS) {
  const warnings = new Warnings();
  const source = memoryBytes(bytes);
  const header = readHeader(source, warnings);
  if (header === null) throw new Error("not ELF");
  const notes = readCoreNotes(source, header, readSegments(source, header, warnings), warnings, limits);
  return { ...notes, warnings: warnings.list() };
}

function readNotesOf(notes: NotePlan[], layout: ElfLayout = LITTLE, machine = 62, limits = ELF_LIMITS) {
  return read(
    buildElf({ ...layout, machine, segments: [{ type: 4, data: buildNotes(layout, notes) }] }),
    limits,
  );
}

const core = (type: number, descriptor: Uint8Array): NotePlan => ({ owner: "CORE", type, descriptor });

describe("readCoreNotes", () => {
  // What eu-readelf -n says of the committed cores.
  it.each([
    ["kernel-x86-64", "tiny", 6, 0x7fa07ca01eecn, 0x7ffcf3f05cf0n],
    ["gcore-x86-64", "tiny", 0, 0x7fae3b3afdd0n, 0x7ffe77bf1ab8n],
    ["kernel-i386", "tiny-i386", 6, 0xf7fd15e9n, 0xffeb1a80n],
    ["qemu-aarch64", "tiny-aarch64", 6, 0x40eb00n, 0x5500020c40n],
    ["qemu-arm", "tiny-arm", 6, 0x10a26n, 0x40020d80n],
    ["qemu-ppc64", "tiny-ppc64", 6, 0x10015da4n, 0x40000208a0n],
    ["qemu-s390x", "tiny-s390x", 6, 0x101090an, 0x40000209e0n],
  ] as const)("reads the thread and the process of %s", (name, command, signal, pc, sp) => {
    const { threads, process, warnings } = read(readCoreBytes(name));
    expect(warnings).toEqual([]);
    expect(threads.length).toBe(1);
    expect(threads[0]).toMatchObject({ signal, pid: process?.pid, pc, sp });
    expect(process).toMatchObject({ uid: 0, gid: 0, name: command, arguments: `./${command}` });
  });

  it.each([
    ["x86-64", 62, { class: 64, endian: "little" }, 112, 8, 16, 19, 21],
    ["x32", 62, { class: 32, endian: "little" }, 72, 8, 16, 19, 21],
    ["i386", 3, { class: 32, endian: "little" }, 72, 4, 12, 15, null],
    ["aarch64", 183, { class: 64, endian: "little" }, 112, 8, 32, 31, null],
    ["arm", 40, { class: 32, endian: "little" }, 72, 4, 15, 13, null],
    ["ppc", 20, { class: 32, endian: "big" }, 72, 4, 32, 1, null],
    ["ppc64", 21, { class: 64, endian: "big" }, 112, 8, 32, 1, null],
    ["s390x", 22, { class: 64, endian: "big" }, 112, 8, 1, 17, null],
    ["riscv64", 243, { class: 64, endian: "little" }, 112, 8, 0, 2, null],
  ] as const)(
    "finds pc, sp and the thread pointer of %s",
    (_, machine, layout, start, bytes, pc, sp, pointer) => {
      const writer = new ByteWriter(layout).u32(0).u32(0).u32(0).u16(11).zeros(2).word(0).word(0);
      writer.u32(4711).zeros(start - writer.length);
      for (let register = 0; register < 33; register += 1) writer.number(0x1000 + register, bytes);
      const { threads } = readNotesOf([core(1, writer.done())], layout, machine);
      const threadPointer = pointer === null ? null : BigInt(0x1000 + pointer);
      // orig_rax, rdi, rsi, rdx, r10, r8, r9 in user_regs_struct.
      const places = machine === 62 ? [15, 14, 13, 12, 7, 9, 8] : null;
      const call = places?.map((place) => BigInt(0x1000 + place)) ?? null;
      expect(threads).toEqual([
        { pid: 4711, signal: 11, pc: BigInt(0x1000 + pc), sp: BigInt(0x1000 + sp), threadPointer, call },
      ]);
    },
  );

  it("knows the threads of a machine whose registers it does not know", () => {
    const { threads } = readNotesOf([core(1, new Uint8Array(336).fill(1, 32, 33))], LITTLE, 8);
    expect(threads).toEqual([{ pid: 1, signal: 0, pc: null, sp: null, threadPointer: null, call: null }]);
  });

  it.each([
    [136, { class: 64, endian: "big" }, 4],
    [128, { class: 32, endian: "big" }, 4],
    [124, { class: 32, endian: "little" }, 2],
  ] as const)("reads a prpsinfo of %i bytes", (length, layout, idBytes) => {
    const writer = new ByteWriter(layout).u8(1).bytes(new TextEncoder().encode("S")).u8(0).u8(0);
    writer
      .align(layout.class / 8)
      .word(0)
      .number(1001, idBytes)
      .number(1002, idBytes);
    writer.u32(7).u32(5).u32(0).u32(0).text("name", 16).text("name -x 'a b'", 80);
    expect(writer.length).toBe(length);
    expect(readNotesOf([core(3, writer.done())], layout).process).toEqual({
      pid: 7,
      ppid: 5,
      uid: 1001,
      gid: 1002,
      state: "S",
      name: "name",
      arguments: "name -x 'a b'",
    });
  });

  it.each([
    ["a fault", 11, 1, 0xdead0000n, 0xdead0000n],
    ["a fault at zero", 11, 1, 0n, 0n],
    ["kill -SEGV", 11, 0, 0xdead0000n, null],
    ["a general protection fault", 11, 0x80, 0n, null],
    ["an abort", 6, -6, 0xdead0000n, null],
  ])("reads the siginfo of %s", (_, signal, code, at, faultAddress) => {
    const descriptor = new ByteWriter(LITTLE)
      .u32(signal)
      .u32(0)
      .number(code, 4)
      .zeros(4)
      .u64(at)
      .zeros(104)
      .done();
    expect(readNotesOf([core(NT_SIGINFO, descriptor)]).signal).toEqual({ signal, code, faultAddress });
  });

  it("reads the auxiliary vector", () => {
    const descriptor = new ByteWriter(LITTLE)
      .u64(3)
      .u64(0x400040)
      .u64(6)
      .u64(4096)
      .u64(33)
      .u64(0)
      .u64(0)
      .u64(0)
      .u64(9)
      .u64(1);
    const { auxiliary } = readNotesOf([core(6, descriptor.done())]);
    expect(auxiliary).toMatchObject({
      programHeaders: 0x400040n,
      pageBytes: 4096,
      vdso: null,
    });
    expect(auxiliary?.entries.length).toBe(3);
  });

  it("reads the mappings, sorted, with what was deleted", () => {
    const descriptor = buildFileNote(LITTLE, [
      { start: 0x5000n, end: 0x6000n, path: "/lib/b.so (deleted)" },
      { start: 0x1000n, end: 0x2000n, page: 3, path: "/lib/a.so" },
      { start: 0x9000n, end: 0x9000n, path: "/empty" },
    ]);
    const { mappings, warnings } = readNotesOf([core(NT_FILE, descriptor)]);
    expect(mappings).toEqual([
      { start: 0x1000n, end: 0x2000n, fileOffset: 12288n, path: "/lib/a.so", deleted: false },
      { start: 0x5000n, end: 0x6000n, fileOffset: 0n, path: "/lib/b.so", deleted: true },
    ]);
    expect(warnings).toEqual(["NT_FILE mapping 2 starts at 0x9000 and ends at 0x9000"]);
  });

  it("keeps the mappings whose paths are there", () => {
    const descriptor = buildFileNote(LITTLE, [
      { start: 0x1000n, end: 0x2000n, path: "/a" },
      { start: 0x5000n, end: 0x6000n, path: "/long-enough" },
    ]);
    const { mappings, warnings } = readNotesOf([core(NT_FILE, descriptor.slice(0, -5))]);
    expect(mappings?.map(({ path }) => path)).toEqual(["/a"]);
    expect(warnings).toEqual(["NT_FILE has 1 paths for 2 mappings"]);
  });

  it.each([
    [
      "a count of 2^63",
      new ByteWriter(LITTLE)
        .u64(1n << 63n)
        .u64(1)
        .zeros(100)
        .done(),
      "claims 9223372036854775808 mappings",
    ],
    ["four bytes", new Uint8Array(4), "has only 4 bytes"],
  ])("survives an NT_FILE of %s", (_, descriptor, message) => {
    const { mappings, warnings } = readNotesOf([core(NT_FILE, descriptor)]);
    expect(mappings).toEqual([]);
    expect(warnings.join()).toContain(message);
  });

  it("believes the first of what should be there once, and no other owner", () => {
    const auxiliary = (page: number) => new ByteWriter(LITTLE).u64(6).u64(page).done();
    const notes = [
      { owner: "LINUX", type: 6, descriptor: auxiliary(1 << 20) },
      core(6, auxiliary(4096)),
      core(6, auxiliary(8192)),
    ];
    expect(readNotesOf(notes).auxiliary?.pageBytes).toBe(4096);
  });

  it("says what it does not read past its limits", () => {
    const thread = core(1, new Uint8Array(336));
    const limits = { ...ELF_LIMITS, threads: 1, noteBytes: 10 };
    const { threads, mappings, warnings } = readNotesOf(
      [thread, thread, core(NT_FILE, new Uint8Array(16))],
      LITTLE,
      62,
      limits,
    );
    expect([threads.length, mappings]).toEqual([1, null]);
    expect(warnings).toEqual([
      "threads are more than 1; the rest are not read",
      "NT_FILE has 16 bytes, more than 10, and is not read",
    ]);
  });

  it("reads little more than the notes of a core", () => {
    for (const name of CORES) {
      const source = memoryBytes(readCoreBytes(name));
      const warnings = new Warnings();
      const header = readHeader(source, warnings);
      if (header) readCoreNotes(source, header, readSegments(source, header, warnings), warnings);
      expect(source.asked).toBeLessThan(160_000);
    }
  });
});
