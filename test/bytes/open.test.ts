import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { isFileSource, type OpenOptions, openSource, type SpoolProgress } from "../../src/bytes/index.ts";
import { failureOf, makeScratch, memoryLike, openAll, readAll } from "./scratch.ts";

const { folder, put } = makeScratch();
const temporaryFolder = join(folder, "spool");
mkdirSync(temporaryFolder);
const options: OpenOptions = { temporaryFolder, stdin: 0 };
const bytes = memoryLike(3_000_001);

function makeFifo(name: string): string {
  const path = join(folder, name);
  execFileSync("mkfifo", [path]);
  return path;
}

/** Starts a shell that writes, and gives its end. */
async function writing(script: string): Promise<void> {
  const child = spawn("sh", ["-c", script], { cwd: folder, stdio: "ignore" });
  await once(child, "exit");
}

describe("a path", () => {
  test("to a plain file is read in place", async () => {
    const path = put("plain", bytes);
    const source = await openSource(path, { ...options, onSpool: () => expect.unreachable() });
    expect(readlinkSync(`/proc/self/fd/${isFileSource(source) ? source.fd : -1}`)).toBe(path);
    expect(readAll(source).equals(bytes)).toBe(true);
    source.close();
  });

  test("to a file shorter than a magic, or empty, is read in place", async () => {
    for (const length of [0, 1, 2, 5]) {
      const path = put(`short${length}`, bytes.subarray(100, 100 + length));
      expect(await openAll(path, options)).toEqual(bytes.subarray(100, 100 + length));
    }
  });

  test("to a compressed file is spooled, with progress of both sizes", async () => {
    const packed = gzipSync(bytes);
    const steps: SpoolProgress[] = [];
    const notes: unknown[] = [];
    const source = await openSource(put("packed.core", packed), {
      ...options,
      onProgress: (step) => steps.push(step),
      onSpool: (note) => notes.push(note),
    });
    expect(readAll(source).equals(bytes)).toBe(true);
    expect(notes).toEqual([{ bytes: bytes.length, folder: temporaryFolder, compression: "gzip", cut: null }]);
    expect(steps.at(-1)).toEqual({ bytes: bytes.length, read: packed.length, inputSize: packed.length });
    expect(steps.length).toBeGreaterThan(1);
    steps.reduce((before, after) => {
      expect(after.bytes).toBeGreaterThan(before.bytes);
      expect(after.read).toBeGreaterThanOrEqual(before.read);
      return after;
    });
    expect(readlinkSync(`/proc/self/fd/${isFileSource(source) ? source.fd : -1}`)).toMatch(/\(deleted\)$/);
    source.close();
    expect(readdirSync(temporaryFolder)).toEqual([]);
  });

  test("to a compressed file inside another is unpacked once", async () => {
    const inner = gzipSync(bytes);
    expect((await openAll(put("twice.gz", gzipSync(inner)), options)).equals(inner)).toBe(true);
  });

  test("to a compressed file that cannot fit is refused before it is unpacked", async () => {
    const path = put("large.gz", gzipSync(bytes));
    const failure = await failureOf(() => openSource(path, { ...options, freeBytes: async () => 2_000_000 }));
    expect(failure.code).toBe("limit");
    expect(failure.message).toMatch(
      /^temporary files need at least 2\.9 MiB, .* has 1\.9 MiB free; set TMPDIR/,
    );
  });

  test("to a FIFO waits for its writer and is spooled", async () => {
    const path = makeFifo("fifo");
    put("plain", bytes);
    const done = writing(`sleep 0.2; cat plain > ${path}`);
    expect((await openAll(path, options)).equals(bytes)).toBe(true);
    await done;
  });

  test("to a FIFO whose compressed bytes come one by one", async () => {
    const path = makeFifo("fifo.gz");
    put("piece.gz", gzipSync("a core"));
    const script = `exec 3> ${path}; for i in 1 2 3 4 5; do dd bs=1 count=1 status=none >&3; sleep 0.02; done; cat >&3`;
    const done = writing(`(${script}) < piece.gz`);
    expect((await openAll(path, options)).toString()).toBe("a core");
    await done;
  });

  test("to a file under /proc, whose size is said to be 0, is spooled", async () => {
    expect((await openAll("/proc/version", options)).toString()).toMatch(/^Linux version/);
  });

  test("to anything else is refused", async () => {
    for (const [path, message] of [
      [folder, `${folder} is a directory`],
      ["/dev/zero", "/dev/zero is a character device"],
      [join(folder, "missing"), `${folder}/missing: no such file`],
    ] as const) {
      expect(await failureOf(() => openSource(path, options))).toMatchObject({ code: "io", message });
    }
  });

  test("leaves no descriptor open when it fails", async () => {
    const before = readdirSync("/proc/self/fd").length;
    const broken = put("broken.gz", gzipSync(bytes).subarray(0, 50_000));
    for (let round = 0; round < 5; round++) {
      expect((await failureOf(() => openSource(broken, options))).code).toBe("format");
      await failureOf(() =>
        openSource(broken, { ...options, freeBytes: async () => 0, temporaryFolder: "/missing" }),
      );
    }
    expect(readdirSync("/proc/self/fd").length).toBeLessThanOrEqual(before);
    expect(readdirSync(temporaryFolder)).toEqual([]);
  });
});

describe("stdin", () => {
  test("that is a file is read in place, and stays open", async () => {
    const fd = openSync(put("plain", bytes), "r");
    const source = await openSource("-", { ...options, stdin: fd, onSpool: () => expect.unreachable() });
    expect(isFileSource(source) && source.fd).toBe(fd);
    expect(readAll(source).equals(bytes)).toBe(true);
    source.close();
    expect(fstatSync(fd).size).toBe(bytes.length);
    closeSync(fd);
  });

  test("that is a file read up to some point begins there", async () => {
    const fd = openSync(put("plain", bytes), "r");
    readSync(fd, Buffer.alloc(1_000));
    const steps: SpoolProgress[] = [];
    const source = await openSource("-", { ...options, stdin: fd, onProgress: (step) => steps.push(step) });
    expect(readAll(source).equals(bytes.subarray(1_000))).toBe(true);
    expect(steps.at(-1)?.inputSize).toBe(bytes.length - 1_000);
    source.close();
    closeSync(fd);
  });

  test("that is a pipe is spooled, compressed or not", async () => {
    const packed = put("stdin.gz", gzipSync(bytes));
    const plain = put("plain", bytes);
    for (const path of [packed, plain]) {
      const fifo = makeFifo(`pipe${path === packed}`);
      const done = writing(`cat ${path} > ${fifo}`);
      const fd = openSync(fifo, "r");
      const steps: SpoolProgress[] = [];
      const source = await openSource("-", { ...options, stdin: fd, onProgress: (step) => steps.push(step) });
      expect(source.name).toBe("-");
      expect(readAll(source).equals(bytes)).toBe(true);
      expect(steps.at(-1)).toMatchObject({ bytes: bytes.length, inputSize: null });
      source.close();
      await done;
    }
  });

  test("that becomes shorter while it is spooled is an error", async () => {
    const path = put("plain", bytes);
    const fd = openSync(path, "r");
    readSync(fd, Buffer.alloc(8));
    const onProgress = () => truncateSync(path, 1_000_000);
    const failure = await failureOf(() => openSource("-", { ...options, stdin: fd, onProgress }));
    expect(failure.code).toBe("changed");
    expect(failure.message).toMatch(
      /^standard input: became shorter while it was read: nothing at 0x[0-9a-f]+$/,
    );
    closeSync(fd);
  });

  test("that is a directory or closed is refused; /dev/null is empty", async () => {
    const directory = openSync(folder, "r");
    expect(await failureOf(() => openSource("-", { ...options, stdin: directory }))).toMatchObject({
      code: "io",
      message: "standard input is a directory",
    });
    closeSync(directory);
    expect(await failureOf(() => openSource("-", { ...options, stdin: directory }))).toMatchObject({
      code: "io",
    });
    const nothing = openSync("/dev/null", "r");
    expect((await openSource("-", { ...options, stdin: nothing })).size).toBe(0);
    closeSync(nothing);
  });
});

describe("a process that opens", () => {
  /** A program around `openSource`, as it is shipped: bundled. */
  function bundle(name: string, body: string): string {
    const script = join(folder, `${name}.ts`);
    const room = JSON.stringify(join(import.meta.dirname, "../../src/bytes/index.ts"));
    const options = JSON.stringify({ temporaryFolder, stdin: 0 });
    writeFileSync(script, `import { openSource } from ${room}; const options = ${options}; ${body}`);
    const bundled = join(folder, `${name}.mjs`);
    const esbuild = join(import.meta.dirname, "../../node_modules/.bin/esbuild");
    const flags = [
      "--bundle",
      "--platform=node",
      "--format=esm",
      "--log-level=error",
      `--outfile=${bundled}`,
    ];
    execFileSync(esbuild, [script, ...flags]);
    return bundled;
  }

  test("on a full disk says how far it came", async () => {
    // A limit on the size of files ends the same write(2) as a full disk does, with EFBIG for ENOSPC.
    const body = `try { await openSource("-", options); } catch (error) { console.log(error.code, error.message); }`;
    put("plain", bytes);
    const command = `ulimit -f 2048; cat plain | ${process.execPath} ${bundle("full", body)}`;
    const said = execFileSync("sh", ["-c", command], { cwd: folder }).toString();
    expect(said).toMatch(
      /^limit \S+ takes no larger file \(see ulimit -f\) after (1048576|2097152) bytes of a temporary file; set TMPDIR to another folder\n$/,
    );
    expect(readdirSync(temporaryFolder)).toEqual([]);
  });

  test("a silent FIFO can still exit, and be ended by a signal", async () => {
    const body = `openSource(process.argv[2], options); setTimeout(() => process.argv[3] ? process.exit(7) : console.log("waiting"), 50);`;
    const program = bundle("silent", body);
    const fifo = makeFifo("silent");
    // `timeout` ends a process that does not exit with 124.
    const exit = spawnSync("timeout", ["20", process.execPath, program, fifo, "exit"]);
    expect(exit.status).toBe(7);
    const child = spawn(process.execPath, [program, fifo], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    child.kill("SIGINT");
    expect((await once(child, "exit"))[1]).toBe("SIGINT");
    expect(readdirSync(temporaryFolder)).toEqual([]);
  });
});
