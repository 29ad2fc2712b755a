import { expect, it } from "vitest";
import { parseMappings } from "../../../src/image/live/mappings.ts";
import { parseSyscall } from "../../../src/image/live/threads.ts";

const SMAPS = `00400000-0041f000 r--p 00000000 fe:00 260811                             /usr/bin/py thon
Size:                124 kB
Rss:                 100 kB
Anonymous:             0 kB
Swap:                  0 kB
VmFlags: rd mr mw me sd 
7fa7e4000000-7fa7e4021000 rw-p 00001000 00:00 0                          [heap]
Size:                132 kB
Rss:                  12 kB
Anonymous:             8 kB
Swap:                  4 kB
Private_Hugetlb:    2048 kB
VmFlags: rd wr mr mw me ac sd 
7fa7f1a00000-7fa7f1e00000 rw-s 00000000 00:01 3934                       /dev/zero (deleted)
Rss:                   4 kB
VmFlags: rd wr sh mr mw me ms sd 
7fa7f1e00000-7fa7f1e01000 r--p 00000000 00:00 0                          [vvar]
VmFlags: rd mr pf io de dd sd 
7fa7f1f00000-7fa7f1f01000 rwxs 00000000 00:05 7                          /tmp/a\\012b
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
`;

it("reads mappings, and what was touched of them", () => {
  const mappings = parseMappings(SMAPS);
  expect(mappings.map(({ path }) => path)).toEqual([
    "/usr/bin/py thon",
    "[heap]",
    "/dev/zero (deleted)",
    "[vvar]",
    "/tmp/a\nb",
  ]);
  expect(mappings[0]).toEqual({
    start: 0x400000,
    end: 0x41f000,
    flags: 4,
    isShared: false,
    fileOffset: 0,
    path: "/usr/bin/py thon",
    isFile: true,
    touchedBytes: 100 * 1024,
    ownBytes: 0,
    isExcluded: false,
  });
  const kib = 1024;
  expect(mappings[1]).toMatchObject({ flags: 6, fileOffset: 0x1000, isFile: false });
  expect(mappings[1]).toMatchObject({ touchedBytes: (16 + 2048) * kib, ownBytes: (12 + 2048) * kib });
  expect(mappings.map(({ isShared }) => isShared)).toEqual([false, false, true, false, true]);
  expect(mappings.map(({ isExcluded }) => isExcluded)).toEqual([false, false, false, true, false]);
  expect(mappings[4]?.flags).toBe(7);
});

it("of what is no list of mappings makes none", () => {
  for (const text of ["", "\n", "abc", "1-2", "zz-0 rw-p 0 0:0 0"]) expect(parseMappings(text)).toEqual([]);
});

it("reads what a thread waits in", () => {
  expect(parseSyscall("230 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffc5d4a4fc0 0x7fa7fa774545\n")).toEqual({
    sp: 0x7ffc5d4a4fc0n,
    pc: 0x7fa7fa774545n,
    call: [230n, 1n, 2n, 3n, 4n, 5n, 6n],
  });
  expect(parseSyscall("-1 0x10 0x20\n")).toEqual({ sp: 16n, pc: 32n, call: null });
  for (const text of ["running\n", "", "-1", "-1 0x10"]) expect(parseSyscall(text)).toBeNull();
});
