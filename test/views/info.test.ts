import { expect, test } from "vitest";
import { type InfoRow, NOT_LOOKED_FOR } from "../../src/answers/results/index.ts";
import { checkFrame } from "./frame-check.ts";
import { render as renderResult, UNSAFE } from "./word-results.ts";

const ID = "571d98e01096ab5a1f0b6b1b0f1e3c6d5a4b3c2d";

const module = (index: number, more: Partial<InfoRow["modules"][number]> = {}) => ({
  path: `/usr/lib/x86_64-linux-gnu/lib${index}.so`,
  start: `0x7f${index.toString(16).padStart(10, "0")}`,
  end: `0x7f${(index + 1).toString(16).padStart(10, "0")}`,
  buildId: ID,
  loadBias: "0x0",
  deleted: false,
  found: true,
  matches: true as boolean | null,
  how: "build ID" as InfoRow["modules"][number]["how"],
  reason: "build ID",
  debugFile: null,
  ...more,
});

const thread = (pid: number) => ({
  pid,
  signal: 0,
  pc: "0x7f908d66d503",
  sp: "0x7fffd782dcf8",
  symbol: "clock_nanosleep+0x23",
});

const ROW: InfoRow = {
  file: {
    bytes: 431082424,
    kind: "elf-core",
    class: 64,
    endian: "little",
    machine: "x86-64",
    truncated: false,
    missingBytes: 0,
  },
  process: {
    pid: 2315,
    ppid: 1,
    uid: 1000,
    gid: 1000,
    state: "S",
    name: "python3",
    commandLine: "/usr/bin/python3 app.py",
    executable: "/usr/bin/python3",
    signal: 11,
    signalName: "SIGSEGV",
    faultAddress: "0x18",
  },
  python: null,
  objects: null,
  threads: [thread(2315)],
  segments: [
    { start: "0x400000", bytes: 4096, savedBytes: 0, offset: 0, permissions: "r-x" },
    { start: "0x401000", bytes: 8192, savedBytes: 8192, offset: 4096, permissions: "rw-" },
  ],
  modules: [module(0)],
  allocator: { name: "jemalloc", path: "/usr/lib/libjemalloc.so.2" },
  notSavedBytes: 4096,
  notSaved: [{ kind: "file", bytes: 4096 }],
  betterFilter: "0x3f",
  warnings: [],
};

function render(format: string, row: InfoRow, compression: string | null = null): string {
  return renderResult(format, {
    schema: "coregram/info@1",
    input: { path: "core.1", bytes: row.file.bytes, compression },
    totals: { savedBytes: 8192, notSavedBytes: row.notSavedBytes },
    rows: [row],
  });
}

const linesOf = (row: InfoRow) => render("plain", row).split("\n").slice(0, -1);

test("the file on a screen", () => {
  expect(
    render("plain", ROW, "zstd"),
  ).toBe(`file      ELF core, 64-bit little-endian x86-64, 411.1 MiB (431,082,424 bytes, from zstd), complete
process   /usr/bin/python3 app.py (pid 2315, uid 1000)
signal    SIGSEGV (11) at 0x18
threads   1
          2315  pc 0x7f908d66d503  sp 0x7fffd782dcf8  clock_nanosleep+0x23
memory    8.0 KiB saved in 2 segments, 4.0 KiB mapped but not saved
          rw-  8.0 KiB in 1
          r-x  0 B in 1
allocator jemalloc, /usr/lib/libjemalloc.so.2
not saved 4.0 KiB: file 4.0 KiB
          echo 0x3f > /proc/PID/coredump_filter, before the next dump, saves more
modules   1: 1 with their files
          0x7f0000000000  571d98e01096  /usr/lib/x86_64-linux-gnu/lib0.so  matches
`);
});

test("200 threads and 300 modules fit it too, the ones with something wrong before others", () => {
  const modules = Array.from({ length: 300 }, (_, index) => module(index));
  modules[200] = module(200, { found: false, matches: null, how: null, reason: "is not found" });
  modules[250] = module(250, {
    matches: false,
    how: null,
    reason: `has the build ID ${ID}, the module in memory has ${ID.replace("5", "6")}`,
    path: `/usr/lib/${"deep/".repeat(30)}own.so`,
    deleted: true,
  });
  const lines = linesOf({ ...ROW, threads: Array.from({ length: 200 }, (_, pid) => thread(pid)), modules });
  expect(lines.length).toBeLessThanOrEqual(36);
  expect(lines).toContain("modules   300: 298 with their files");
  expect(lines).toContain("          … and 288 more: --format json has all");
  expect(lines).toContain("          … and 192 more: --format json has all");
  const wrong = lines.filter((line) => /is not found|not used/.test(line));
  expect(wrong).toHaveLength(2);
  expect(wrong[1]).toMatch(
    /own\.so \(deleted\) {2}not used: it has the build ID 571d98e01096, the module in memory has 671d98e01096$/,
  );
  expect(lines.filter((line) => line.length > 100 && !line.includes("not used"))).toEqual([]);
});

test("csv and tsv have all threads and modules, one a row", () => {
  const guess = module(250, {
    found: true,
    matches: null,
    how: "layout",
    reason: "layout, not proven",
    buildId: null,
  });
  const modules = Array.from({ length: 300 }, (_, index) => (index === 250 ? guess : module(index)));
  const row = { ...ROW, threads: Array.from({ length: 200 }, (_, pid) => thread(pid)), modules };
  const [header = "", ...lines] = render("tsv", row).trimEnd().split("\n");
  const keys = header.split("\t");
  const records = lines.map((line) => new Map(line.split("\t").map((cell, i) => [keys[i], cell])));
  const shown = records.filter((record) => record.get("part") === "module");
  expect(shown.map((record) => [record.get("path"), record.get("start"), record.get("end")])).toEqual(
    modules.map(({ path, start, end }) => [path, start, end]),
  );
  expect(shown[250]?.get("matches")).toBe("");
  expect(shown[250]?.get("text")).toBe("layout, not proven");
  expect(shown[251]?.get("matches")).toBe("true");
  expect(records.filter((record) => /^\d+ {2}pc /.test(record.get("text") ?? ""))).toHaveLength(200);
});

test("long command lines, names and paths are shortened, what is printed as escapes too", () => {
  const long = "x".repeat(300);
  const escapes = "\x9b".repeat(80);
  for (const text of [long, escapes]) {
    const lines = linesOf({
      ...ROW,
      python: null,
      process: ROW.process && { ...ROW.process, commandLine: text },
      threads: [{ ...thread(1), symbol: text }],
      modules: [module(0, { path: `/${text}` })],
    });
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(lines.filter((line) => line.includes("…"))).toHaveLength(3);
  }
});

test("what is cut short, and by how much", () => {
  const cut = { ...ROW.file, truncated: true, missingBytes: 1 << 20 };
  expect(linesOf({ ...ROW, file: cut })[1]).toBe("          cut short: at least 1.0 MiB are missing");
  expect(linesOf({ ...ROW, file: { ...cut, missingBytes: null } })[1]).toMatch(/very many bytes/);
});

test("modules that were not looked for have no verdict, and data files no line", () => {
  const none = { found: false, matches: null, debugFile: null };
  const lines = linesOf({
    ...ROW,
    modules: [
      module(0, { ...none, reason: NOT_LOOKED_FOR }),
      module(1, { ...none, reason: "is no ELF file" }),
    ],
  });
  expect(lines).toContain("modules   1; and 1 mapped file of another kind");
  expect(lines.at(-1)).toBe("          0x7f0000000000  571d98e01096  /usr/lib/x86_64-linux-gnu/lib0.so");
});

test("json keeps the contract, whatever the names are", () => {
  const hostile = "evil\x1b[31m\u202e\n\ud800";
  const row: InfoRow = {
    ...ROW,
    process: ROW.process && { ...ROW.process, commandLine: hostile, name: hostile },
    threads: [{ ...thread(1), symbol: hostile }],
    modules: [module(0, { path: hostile, reason: hostile, matches: false })],
    warnings: [hostile],
  };
  expect(checkFrame(JSON.parse(render("json", row)))).toEqual([]);
  expect(JSON.parse(render("json", row)).rows[0].modules[0].path).toBe(hostile);
  for (const format of ["plain", "table", "csv", "tsv", "json", "ndjson"])
    expect(render(format, row).replaceAll("\t", " ")).not.toMatch(UNSAFE);
});

test("the check of the contract can fail", () => {
  const frame = JSON.parse(render("json", ROW));
  for (const change of [
    { threads: [{}] },
    { segments: [{ ...ROW.segments[0], permissions: "rwxp" }] },
    { modules: [{ ...module(0), start: "0x007f" }] },
    { betterFilter: "63" },
    { notSavedBytes: 2 ** 53 },
  ])
    expect(checkFrame({ ...frame, rows: [{ ...frame.rows[0], ...change }] })).toHaveLength(1);
});

test("what objects have of the system's, and the rest counted", () => {
  const file = (fd: number | null, path: string | null) => ({
    fd,
    path,
    mode: "rb",
    type: "_io.BufferedReader",
    address: "0x7f0000000010",
  });
  const socket = (fd: number | null, timeoutMillis: number | null) => ({
    ...{ fd, timeoutMillis, family: "AF_INET", kind: "SOCK_STREAM", type: "socket.socket" },
    address: "0x7f0000000020",
  });
  const loop = { type: "asyncio.unix_events._UnixSelectorEventLoop", address: "0x7f0000000030" };
  const counts = { open: 0, closed: 0, isCut: false };
  const long = `/srv/${"long/".repeat(40)}name\x1b[31m.csv`;
  const objects = {
    files: {
      ...{ open: 12, closed: 3, isCut: false },
      list: [
        file(3, "/srv/data.csv"),
        file(4, long),
        ...new Array(9).fill(file(5, null)),
        file(null, "gone"),
      ],
    },
    sockets: { ...counts, open: 3, list: [socket(7, null), socket(8, 0), socket(9, 12_500)] },
    loops: {
      ...{ open: 2, closed: 0, isCut: true },
      list: [
        { ...loop, state: "running" as const, ready: 1, scheduled: 2000, thread: 4711 },
        { ...loop, state: null, ready: null, scheduled: null, thread: null },
      ],
    },
    uncollectable: { count: 1003, types: [{ type: "app.Node", count: 1003 }] },
  };
  const lines = linesOf({ ...ROW, objects });
  const first = lines.findIndex((line) => line.startsWith("files "));
  const end = lines.findIndex((line) => line.startsWith("modules "));
  expect(lines.slice(first, end)).toEqual([
    "files     12 open, 3 closed and still there",
    "          fd 3    rb   _io.BufferedReader  /srv/data.csv",
    expect.stringMatching(/^ {10}fd 4 {4}rb {3}_io.BufferedReader {2}….*name\\x1b\[31m.csv$/),
    ...new Array(6).fill("          fd 5    rb   _io.BufferedReader"),
    "          … and 7 more",
    "sockets   3 open",
    "          fd 7    AF_INET SOCK_STREAM, blocking  socket.socket",
    "          fd 8    AF_INET SOCK_STREAM, non-blocking  socket.socket",
    "          fd 9    AF_INET SOCK_STREAM, timeout 12,500 ms  socket.socket",
    "loops     2 open, and more",
    "          running in thread 4711, 1 ready, 2,000 scheduled  asyncio.unix_events._UnixSelectorEventL…",
    "          state unknown  asyncio.unix_events._UnixSelectorEventLoop",
    "garbage   1,003 that the collector keeps: 1,003 app.Node",
  ]);
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
  const all = render("csv", { ...ROW, objects }).split("\n");
  expect(all.filter((line) => line.includes("_io.BufferedReader"))).toHaveLength(12);
  expect(linesOf({ ...ROW, objects: { ...objects, files: { ...counts, list: [] } } })).toContain(
    "files     none",
  );
});
