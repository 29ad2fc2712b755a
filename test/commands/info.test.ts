import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { Frame } from "../../src/answers/index.ts";
import { buildElf, buildFileNote, buildNotes } from "../elf/build-elf.ts";
import { CORES, readCoreBytes } from "../elf/memory-bytes.ts";
import { findPythons } from "../runtimes/pythons.ts";
import { pathOf } from "../runtimes/read-core.ts";
import { checkFrame } from "../views/frame-check.ts";
import { canDump, dump, tool, Workshop } from "./live.ts";
import { coregram, Scratch, sample, start, until } from "./program.ts";

const scratch = new Scratch();
const LAYOUT = { class: 64, endian: "little" } as const;
const madeCore = (name: string) => fileURLToPath(new URL(`../elf/cores/${name}.core.gz`, import.meta.url));

interface Info {
  readonly file: { bytes: number; truncated: boolean; missingBytes: number; class: number; machine: string };
  readonly process: { pid: number; commandLine: string; signal: number } | null;
  readonly threads: { pid: number; pc: string; sp: string; symbol: string | null }[];
  readonly segments: {
    start: string;
    bytes: number;
    savedBytes: number;
    offset: number;
    permissions: string;
  }[];
  readonly modules: { path: string; start: string; end: string; buildId: string | null; found: boolean }[];
  readonly notSaved: { kind: string; bytes: number }[];
  readonly notSavedBytes: number;
  readonly warnings: string[];
}

async function infoOf(path: string, ...args: readonly string[]): Promise<Info> {
  const run = await coregram(["info", path, "-f", "json", ...args]);
  expect(run.status).toBe(0);
  const frame = JSON.parse(run.stdout) as { rows: Info[] };
  expect(checkFrame(frame)).toEqual([]);
  const [row] = frame.rows;
  if (!row) throw new Error("no row");
  return row;
}

const utf8 = (text: string) => Buffer.from(text, "latin1").toString();

/** Lines that fit a screen. */
async function screenOf(path: string, ...args: readonly string[]): Promise<string[]> {
  const run = await coregram(["info", path, ...args]);
  expect(run.status).toBe(0);
  const lines = utf8(run.stdout).split("\n").slice(0, -1);
  expect(lines.length).toBeLessThanOrEqual(40);
  expect(lines.filter((line) => line.length > 100 && !line.startsWith("warning"))).toEqual([]);
  return lines;
}

/** The load segments as `readelf -lW` has them: `Type Offset VirtAddr PhysAddr FileSiz MemSiz Flg Align`. */
function readelfSegments(path: string): object[] {
  return [...(tool("readelf", "-lW", path) ?? "").matchAll(/^ {2}LOAD +(.*)$/gm)].map(([, rest = ""]) => {
    const [offset = "", start = "", , saved = "", bytes = ""] = rest.split(/ +/);
    const flags = /0x[0-9a-f]+ ([R ][W ][E ]) 0x/.exec(rest)?.[1] ?? "";
    return {
      start: `0x${BigInt(start).toString(16)}`,
      bytes: Number(bytes),
      savedBytes: Number(saved),
      offset: Number(saved) > 0 ? Number(offset) : 0,
      permissions: `${flags[0] === "R" ? "r" : "-"}${flags[1] === "W" ? "w" : "-"}${flags[2] === "E" ? "x" : "-"}`,
    };
  });
}

/** Start, end and path of the mappings in `eu-readelf -n`; readelf reads them on some machines only. */
function elfutilsMappings(path: string): [start: string, end: string, file: string][] {
  const notes = tool("eu-readelf", "-n", path) ?? "";
  return [...notes.matchAll(/^ +([0-9a-f]+)-([0-9a-f]+) [0-9a-f]+ \d+ +(\S.*)$/gm)].map(
    ([, start = "", end = "", file = ""]) => [start, end, file.replace(/ \(deleted\)$/, "")],
  );
}

const hasReadelf = tool("readelf", "--version") !== null;
const hasElfutils = tool("eu-readelf", "--version") !== null;

/** Holds info to what other programs say of the same core. */
async function compare(path: string): Promise<Info> {
  const info = await infoOf(path);
  expect(
    info.segments.map((segment) => ({ ...segment, offset: segment.savedBytes ? segment.offset : 0 })),
  ).toEqual(readelfSegments(path));
  for (const [start, end, file] of elfutilsMappings(path)) {
    const found = info.modules.some(
      (module) =>
        module.path === file &&
        BigInt(module.start) <= BigInt(`0x${start}`) &&
        BigInt(module.end) >= BigInt(`0x${end}`),
    );
    expect(found, `${start} ${file}`).toBe(true);
  }
  if (hasElfutils) {
    const notes = tool("eu-readelf", "-n", path) ?? "";
    const pids = [...notes.matchAll(/pid: (\d+), ppid: \d+, pgrp/g)].map(([, pid]) => Number(pid));
    const inStatus = [...notes.matchAll(/PRSTATUS\n(?:.*\n)*?.*\bpid: (\d+)/g)].map(([, pid]) => Number(pid));
    expect(info.threads.map(({ pid }) => pid)).toEqual(inStatus.length > 0 ? inStatus : pids);
    const [, command] = /fname: .*, psargs: (.*)$/m.exec(notes) ?? [];
    if (command !== undefined) expect(info.process?.commandLine).toBe(command.trimEnd());
    if (info.file.machine === "x86-64") {
      const pcs = [...notes.matchAll(/rip: +(0x[0-9a-f]+)/g)].map(
        ([, pc]) => `0x${BigInt(pc ?? 0).toString(16)}`,
      );
      expect(info.threads.map(({ pc }) => pc)).toEqual(pcs);
    }
  }
  return info;
}

describe.each(CORES)("a core: %s", (name) => {
  let path = "";
  beforeAll(() => {
    path = scratch.put(`${name}.core`, readCoreBytes(name));
  });

  it.skipIf(!hasReadelf)("is what readelf and eu-readelf say", async () => {
    const info = await compare(path);
    expect(info.threads).toHaveLength(1);
    expect(info.file.truncated).toBe(false);
    expect(info.notSaved.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(info.notSavedBytes);
  });

  it("fits a screen, and is the same from a compressed file and from a pipe", async () => {
    const lines = await screenOf(path);
    const size = readCoreBytes(name).length.toLocaleString("en");
    const packed = await coregram(["info", madeCore(name)]);
    expect(utf8(packed.stdout).replace(`${size} bytes, from gzip)`, `${size} bytes)`)).toBe(
      `${lines.join("\n")}\n`,
    );
    expect((await coregram(["info", "-"], { input: readFileSync(path) })).stdout).toBe(
      packed.stdout.replace(", from gzip", ""),
    );
    for (const format of ["table", "csv", "tsv"])
      expect((await coregram(["info", path, "-f", format])).status).toBe(0);
  });

  it("says what is missing where it was cut short, with 1 only for --check", async () => {
    const bytes = readCoreBytes(name);
    const all = bytes.length;
    for (const length of [3, 4, 63, 64, 100, 5000, all >> 1, all - 4096, all - 1]) {
      const cut = scratch.put("cut.core", bytes.subarray(0, length));
      const [plain, checked] = await Promise.all([
        coregram(["info", cut]),
        coregram(["info", cut, "--check"]),
      ]);
      expect(plain.status).toBe(0);
      if (length < 4) expect(plain.stdout).toMatch(/^file {6}no ELF core: .*\n$/);
      else if (length < 52)
        expect(plain.stdout).toMatch(/^file {6}no ELF core: .*\nwarning +ELF header needs/);
      else if (length >= 64) expect(plain.stdout).toMatch(/^file .*\n +cut short: at least .* are missing\n/);
      expect(checked).toEqual({ ...plain, status: 1 });
    }
    expect((await coregram(["info", path, "--check"])).status).toBe(0);
  });
});

describe.skipIf(!canDump)("a core made on the spot", () => {
  const shop = new Workshop(scratch.sub("shop"));

  it("is what readelf and eu-readelf say, with the names of where its threads are", async () => {
    writeFileSync(
      shop.path("threads.c"),
      `#include <pthread.h>
      #include <stdio.h>
      #include <unistd.h>
      static void *stay(void *x) { for (;;) pause(); return x; }
      int main(void) {
        pthread_t one;
        for (int i = 0; i < 200; i++) pthread_create(&one, 0, stay, 0);
        usleep(200000); puts("ready"); fflush(stdout); stay(0);
      }`,
    );
    shop.build("-pthread", "-o", "threads", "threads.c");
    const { core, pid } = await dump(shop.path("threads"), [], shop.path("threads.core"));
    const info = await compare(core);
    expect(info.threads).toHaveLength(201);
    expect(info.process?.pid).toBe(pid);
    expect(new Set(info.threads.map(({ symbol }) => symbol?.replace(/\+.*/, "")))).toEqual(
      new Set([expect.stringMatching(/pause/)]),
    );
    const lines = await screenOf(core);
    expect(lines).toContain("          … and 193 more: --format json has all");
    const bare = await infoOf(core, "--no-modules");
    expect(bare.modules.every(({ found }) => !found)).toBe(true);
    expect(bare.threads.every(({ symbol }) => symbol === null)).toBe(true);
    expect(bare.modules.map(({ path, buildId }) => [path, buildId])).toEqual(
      info.modules.map(({ path, buildId }) => [path, buildId]),
    );
  });
});

describe("what is no core", () => {
  it("is said to be plain bytes", async () => {
    const run = await coregram(["info", scratch.put("raw", new Uint8Array(1000))]);
    expect(run).toMatchObject({
      status: 0,
      stderr: "",
      stdout: "file      no ELF core: plain bytes, 1000 B (1,000 bytes)\n",
    });
    const row = await infoOf(scratch.path("raw"));
    expect(row).toMatchObject({ process: null, threads: [], segments: [], modules: [] });
    expect((await infoOf(process.execPath)).file).toMatchObject({ class: null });
    for (const [path, status] of [
      [scratch.path("raw"), 1],
      [scratch.put("empty", ""), 1],
      ["/etc/passwd", 1],
    ] as const)
      expect((await coregram(["info", path, "--check"])).status, path).toBe(status);
  });

  it("cannot be read, or is not named", async () => {
    expect((await coregram(["info", scratch.path("missing")])).status).toBe(1);
    expect((await coregram(["info", scratch.folder])).status).toBe(1);
    expect((await coregram(["info"])).status).toBe(2);
    expect((await coregram(["info", "a", "b"])).status).toBe(2);
  });
});

describe("hostile cores", () => {
  const big = 1n << 63n;
  const PLANS: Readonly<Record<string, Uint8Array>> = {
    "sizes of 2^63": buildElf({
      ...LAYOUT,
      segments: [
        { type: 1, start: big, memoryBytes: big, fileBytes: big },
        { type: 1, start: 0n, memoryBytes: big, fileBytes: (1n << 64n) - 1n, offset: (1n << 64n) - 1n },
        { type: 4, fileBytes: big, offset: 0n },
      ],
    }),
    "segments over each other": buildElf({
      ...LAYOUT,
      segments: Array.from({ length: 500 }, () => ({
        type: 1,
        start: 0x1000n,
        data: new Uint8Array(64),
        memoryBytes: 1n << 62n,
        flags: 7,
      })),
    }),
    "all eight permissions, and none": buildElf({
      ...LAYOUT,
      segments: Array.from({ length: 9 }, (_, index) => ({
        type: 1,
        start: BigInt(0x1000 * index),
        flags: index,
        memoryBytes: 1n,
      })),
    }),
    "notes that run over": buildElf({
      ...LAYOUT,
      segments: [
        {
          type: 4,
          data: buildNotes(LAYOUT, [{ owner: "CORE", type: 1, descriptor: new Uint8Array(336) }]),
          fileBytes: 4000n,
        },
        { type: 4, data: Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 1, 0, 0, 0) },
      ],
    }),
    "names that write on the terminal": buildElf({
      ...LAYOUT,
      segments: [
        {
          type: 4,
          data: buildNotes(LAYOUT, [
            {
              owner: "CORE",
              type: 0x46494c45,
              descriptor: buildFileNote(LAYOUT, [
                { start: 0x1000n, end: 0x2000n, path: `/tmp/\x1b[31m\u202e${"long".repeat(1000)}` },
              ]),
            },
            {
              owner: "CORE",
              type: 3,
              descriptor: new TextEncoder()
                .encode(`${"\0".repeat(40)}\x1b]0;title\x07${"\x9b".repeat(40)}`.padEnd(120, "\r"))
                .subarray(0, 136),
            },
          ]),
        },
      ],
    }),
  };

  it.each(Object.entries(PLANS))("%s", async (_, bytes) => {
    const path = scratch.put("hostile.core", bytes);
    const row = await infoOf(path);
    expect(row.segments.length).toBeLessThan(600);
    await screenOf(path);
    for (const format of ["plain", "table", "json", "csv"]) {
      const run = await coregram(["info", path, "-f", format, "--color", "never"]);
      expect(run.stdout + run.stderr).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]/);
    }
  });

  it("half a million files in NT_FILE", async () => {
    const mappings = Array.from({ length: 20_000 }, (_, index) => ({
      start: BigInt(0x1000 * (index + 1)),
      end: BigInt(0x1000 * (index + 2)),
      path: `/none/${index}`,
    }));
    const note = { owner: "CORE", type: 0x46494c45, descriptor: buildFileNote(LAYOUT, mappings) };
    const path = scratch.put(
      "files.core",
      buildElf({ ...LAYOUT, segments: [{ type: 4, data: buildNotes(LAYOUT, [note]) }] }),
    );
    const row = await infoOf(path);
    expect(row.modules).toHaveLength(1 << 14);
    expect(row.warnings).toEqual([expect.stringMatching(/^mapped files are more than 16384/)]);
    await screenOf(path);
  });

  it("70,000 segments", async () => {
    // Written by hand: PN_XNUM, with the number in section header 0.
    const count = 70_000;
    const bytes = Buffer.alloc(64 + 56 * count + 64 + 4096);
    buildElf({ ...LAYOUT, segments: [], extended: true })
      .subarray(0, 64)
      .forEach((byte, at) => {
        bytes[at] = byte;
      });
    const end = 64 + 56 * count;
    bytes.writeBigUInt64LE(64n, 32);
    bytes.writeBigUInt64LE(BigInt(end), 40);
    bytes.writeUInt32LE(count, end + 44);
    for (let index = 0; index < count; index += 1) {
      const at = 64 + 56 * index;
      bytes.writeUInt32LE(1, at);
      bytes.writeUInt32LE(6, at + 4);
      bytes.writeBigUInt64LE(BigInt(end + 64), at + 8);
      bytes.writeBigUInt64LE(BigInt(0x10000 * (index + 1)), at + 16);
      bytes.writeBigUInt64LE(index === 69_999 ? 4096n : 0n, at + 32);
      bytes.writeBigUInt64LE(4096n, at + 40);
    }
    bytes.fill(0x11, end + 64);
    const path = scratch.put("many.core", bytes);
    const row = await infoOf(path);
    expect(row.segments).toHaveLength(count);
    expect(row.file.truncated).toBe(false);
    await screenOf(path);
    const last = 0x10000 * count;
    const whatis = await coregram(["whatis", path, last.toString(16), "-f", "json", "--scope", "memory"]);
    expect(JSON.parse(whatis.stdout).rows[0]).toMatchObject({
      memory: "saved",
      bytes: "11".repeat(64),
      count: 0,
    });
    const histogram = await coregram([path, "--scope", "writable"]);
    expect(histogram.stdout).toBe("    512 1111111111111111\n");
  });

  it("sparse, of 64 GiB", async () => {
    const path = scratch.put(
      "sparse.core",
      buildElf({
        ...LAYOUT,
        segments: [
          {
            type: 1,
            start: 0x1000n,
            data: new Uint8Array(0),
            fileBytes: 1n << 36n,
            memoryBytes: 1n << 36n,
            offset: 4096n,
          },
        ],
      }),
    );
    truncateSync(path, 2 ** 36 + 4096);
    expect(await infoOf(path)).toMatchObject({
      file: { truncated: false, bytes: 2 ** 36 + 4096 },
      segments: [{ savedBytes: 2 ** 36 }],
    });
    await screenOf(path);
  });
});

describe("the committed sample", () => {
  it("fits a screen, and takes nothing of this machine with --no-modules", async () => {
    const lines = await screenOf(sample("downstream-after.core.gz"), "--no-modules");
    expect(lines[0]).toBe(
      "file      ELF core, 64-bit little-endian x86-64, 20.8 MiB (21,819,680 bytes, from gzip), complete",
    );
    expect(lines.some((line) => /^modules {3}\d+/.test(line))).toBe(true);
  });
});

it("says what Python the process was to itself", async () => {
  const { status, stdout } = await coregram(["info", sample("downstream-after.core.gz")]);
  expect(status).toBe(0);
  const lines = stdout.split("\n");
  const first = lines.findIndex((line) => line.startsWith("python "));
  expect(lines.slice(first, first + 6)).toEqual([
    "python    CPython 3.11, 3.11.2 (main, Apr 28 2025, 14:11:48) [GCC 12.2.0]",
    "          argv: /tmp/downstream/downstream/__main__.py",
    expect.stringMatching(/^ {10}path: \/tmp\/downstream:\/usr\/lib\/python311\.zip:/),
    "          flags: dont_write_bytecode 1, no_user_site 1, no_site 1",
    "          collector: on, thresholds 700 10 10, counts 120 0 10, 0 full collections",
    "          modules: 133: 34 built in, 94 of the standard library, 5 of the program",
  ]);
  const json = async (...more: readonly string[]): Promise<Frame<"coregram/info@1">> =>
    JSON.parse((await coregram(["info", sample("downstream-after.core.gz"), "-f", "json", ...more])).stdout);
  const frame = await json("--values");
  expect(checkFrame(frame)).toEqual([]);
  expect(frame.rows[0]?.python?.environment?.map(({ name }) => name)).toContain("PYTHONHASHSEED");
  expect((await json()).rows[0]?.python?.environment).toBeNull();
});

const PYTHON = findPythons().at(-1);

it.skipIf(PYTHON === undefined)(
  "says of a living process what files, sockets and loops its objects have",
  { timeout: 120_000 },
  async () => {
    const truthPath = scratch.path("resources.json");
    const running = start(PYTHON ?? "", ["-B", pathOf("programs/resources.py"), truthPath, "4711"]);
    try {
      let said = "";
      running.stdout.on("data", (text: string) => {
        said += text;
      });
      await until(() => said.includes("ready"));
      const truth = JSON.parse(readFileSync(truthPath, "utf8"));
      const info = (...args: readonly string[]) =>
        coregram(["info", "--pid", String(running.pid), "--objects", ...args]);
      const asked = await info("-f", "json");
      expect(asked.status, asked.stderr).toBe(0);
      const frame: Frame<"coregram/info@1"> = JSON.parse(utf8(asked.stdout));
      expect(checkFrame(frame)).toEqual([]);
      const { files, sockets, loops, uncollectable } = frame.rows[0]?.objects ?? {};
      const addresses = (rows: readonly { address: string }[] = []) =>
        rows.map(({ address }) => address).sort();
      expect(addresses(files?.list)).toEqual(addresses(truth.files));
      expect(addresses(sockets?.list)).toEqual(addresses(truth.sockets));
      expect(addresses(loops?.list)).toEqual(addresses(truth.loops));
      expect(uncollectable?.count).toBe(
        Object.values<number>(truth.garbage).reduce((sum, count) => sum + count, 0),
      );

      const lines = utf8((await info()).stdout).split("\n");
      expect(lines.filter((line) => line.length > 100 && !line.startsWith("warning"))).toEqual([]);
      expect(lines).toContain(`files     ${files?.open} open, ${files?.closed} closed and still there`);
      expect(lines).toContain("          fd 1    wb   _io.TextIOWrapper  <stdout>");
      expect(
        lines.filter((line) => / … and \d+ more: --format json has all/.test(line)).length,
      ).toBeGreaterThan(1);
      expect(lines.find((line) => line.startsWith("loops "))).toMatch(/^loops {5}\d+ open/);
      expect(
        lines.find((line) => / running in thread \d+, \d+ ready, \d+ scheduled {2}/.test(line)),
      ).toBeDefined();

      const redacted = utf8((await info("--redact", "-f", "csv")).stdout);
      expect(redacted).not.toContain("resources.json-files");
      expect(redacted).toContain("_io.TextIOWrapper");
    } finally {
      running.kill("SIGKILL");
    }
  },
);

it("says of what is no Python that it has no such objects, and of a sample what it has", async () => {
  const none = await coregram(["info", madeCore(CORES[0] ?? ""), "--objects"]);
  expect(none.status).toBe(0);
  expect(none.stdout).toMatch(/^warning {3}/m);
  const { stdout } = await coregram(["info", sample("downstream-after.core.gz"), "--objects", "-q"]);
  expect(stdout).toMatch(/^files {5}\d+ open/m);
  expect(stdout).toMatch(/^garbage {3}nothing that cannot be collected$/m);
});
