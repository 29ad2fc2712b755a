import { expect, it } from "vitest";
import { bytesSource } from "../../src/bytes/index.ts";
import { frameCore, Machine, type SegmentToWrite, writeNotes } from "../../src/elf/index.ts";
import { openCore } from "../../src/image/index.ts";

const PAGE = 4096;
const auxiliary = new Uint8Array(new BigUint64Array([6n, 4096n, 31n, 0x1234n, 0n, 0n]).buffer);
const status = {
  pid: 4711,
  ppid: 7,
  uid: 1000,
  gid: 70_000,
  state: "S",
  name: "worker",
  arguments: "x".repeat(200),
};

function notes(machine: 62 | 183) {
  return writeNotes({
    machine,
    pageBytes: PAGE,
    process: status,
    threads: [
      {
        pid: 4711,
        ppid: 7,
        registers: {
          pc: 0x401000n,
          sp: 2n ** 47n - 8n,
          threadPointer: 0x7f00n,
          call: [230n, 1n, 2n, 3n, 4n, 5n, 6n],
        },
      },
      { pid: 4712, ppid: 7, registers: null },
      { pid: 4713, ppid: 7, registers: { pc: 1n, sp: 2n, threadPointer: null, call: null } },
    ],
    auxiliary,
    mappings: [
      { start: 0x400000, end: 0x402000, fileOffset: 0, path: "/bin/w" },
      { start: 0x402000, end: 0x403000, fileOffset: 0x2000, path: "/bin/w\xc3\xa9 (deleted)" },
    ],
  });
}

function build(machine: 62 | 183, segments: readonly SegmentToWrite[], tailOffset: number) {
  const { head, tail } = frameCore(machine, segments, notes(machine), tailOffset, PAGE);
  const bytes = new Uint8Array(tailOffset + tail.length);
  bytes.set(head);
  bytes.set(tail, tailOffset);
  const core = openCore(bytesSource("made", bytes));
  if (core === null) throw new Error("it is no core");
  return { core, bytes };
}

it.each([Machine.X86_64, Machine.AARCH64])("what is written for machine %i is read", (machine) => {
  const { core } = build(
    machine,
    [{ start: PAGE, end: 3 * PAGE, flags: 6, offset: PAGE, savedBytes: PAGE }],
    2 * PAGE,
  );
  expect(core.warnings.list()).toEqual([]);
  expect(core.missingBytes).toBe(0n);
  expect(core.notes.process).toEqual({ ...status, arguments: "x".repeat(79) });
  const fs = machine === Machine.X86_64 ? 0x7f00n : null;
  const call = machine === Machine.X86_64 ? [230n, 1n, 2n, 3n, 4n, 5n, 6n] : null;
  expect(core.notes.threads).toEqual([
    { pid: 4711, signal: 0, pc: 0x401000n, sp: 2n ** 47n - 8n, threadPointer: fs, call },
    { pid: 4712, signal: 0, pc: null, sp: null, threadPointer: null, call: null },
    { pid: 4713, signal: 0, pc: 1n, sp: 2n, threadPointer: fs === null ? null : 0n, call: null },
  ]);
  expect(core.notes.auxiliary).toMatchObject({ pageBytes: 4096, execName: 0x1234n });
  expect(core.notes.mappings).toEqual([
    { start: 0x400000n, end: 0x402000n, fileOffset: 0n, path: "/bin/w", deleted: false },
    { start: 0x402000n, end: 0x403000n, fileOffset: 0x2000n, path: "/bin/wé", deleted: true },
  ]);
  expect(core.image.segment(0)).toMatchObject({
    start: BigInt(PAGE),
    end: BigInt(3 * PAGE),
    permissions: "rw-",
  });
  expect(core.image.segment(0).extent).toEqual({ offset: PAGE, bytes: PAGE });
});

it("more segments than the header has room for are counted in a section header", () => {
  const segments = Array.from({ length: 70_000 }, (_, index) => ({
    ...{ start: (index + 1) * PAGE, end: (index + 2) * PAGE, flags: 4, offset: 0, savedBytes: 0 },
  }));
  const { core, bytes } = build(Machine.X86_64, segments, PAGE);
  expect(new DataView(bytes.buffer).getUint16(56, true)).toBe(0xffff);
  expect(core.warnings.list()).toEqual([]);
  expect(core.image.segmentCount).toBe(70_000);
  expect(core.missingBytes).toBe(0n);
});
