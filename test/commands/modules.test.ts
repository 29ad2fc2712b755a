import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { buildElf, buildFileNote, buildNotes } from "../elf/build-elf.ts";
import { canDump, type Dump, dump, OWN_NAMES, Workshop } from "./live.ts";
import { coregram, Scratch } from "./program.ts";

const scratch = new Scratch();

interface Whatis {
  readonly symbol: string | null;
  readonly count: number;
  readonly module: string | null;
}

/** The rows of `whatis` for what the process said, and what was said on stderr. */
async function explain(
  { core, said }: Dump,
  ...args: readonly string[]
): Promise<{ names: (string | null)[]; rows: Whatis[]; stderr: string }> {
  const run = await coregram(["whatis", core, ...said, "-f", "json", ...args]);
  expect(run.status).toBe(0);
  const { rows } = JSON.parse(run.stdout) as { rows: Whatis[] };
  return { names: rows.map(({ symbol }) => symbol), rows, stderr: run.stderr };
}

describe.skipIf(!canDump)("names without gdb", () => {
  const shop = new Workshop(scratch.sub("shop"));
  const here = shop.folder;

  beforeAll(() => {
    shop.build("-g", "-fPIC", "-shared", "-Wl,--build-id", "-o", "libown.so", "own.c");
  });

  const KINDS: Readonly<Record<string, readonly string[]>> = {
    "a PIE and its library": ["-pie", "-fPIE", "main.c", "-L.", "-lown", `-Wl,-rpath,${here}`],
    "a program at a fixed place and its library": ["-no-pie", "main.c", "-L.", "-lown", `-Wl,-rpath,${here}`],
    "a static program": ["-no-pie", "-static", "main.c", "own.c"],
    "a static PIE": ["-static-pie", "main.c", "own.c"],
    "a program linked elsewhere": ["-no-pie", "-Wl,-Ttext-segment=0x10000000", "main.c", "own.c"],
    "a program without a build ID": ["-pie", "-fPIE", "-Wl,--build-id=none", "main.c", "own.c"],
  };

  /** What is said of the program: nothing where its build ID proves that it is the file that was loaded. */
  const REMARKS: Readonly<Record<string, RegExp>> = {
    "a program without a build ID":
      /^coregram: warning: names of .*a-program-without-a-build-ID are a guess: .*\n$/,
  };

  it.each(Object.entries(KINDS))("of %s", async (kind, args) => {
    const program = kind.replaceAll(" ", "-");
    shop.build("-o", program, ...args);
    const dumped = await dump(shop.path(program), [], shop.path(`core.${program}`));
    const { names, rows, stderr } = await explain(dumped);
    expect(names).toEqual(OWN_NAMES);
    expect(stderr).toMatch(REMARKS[kind] ?? /^$/);
    expect(rows[0]?.count).toBeGreaterThanOrEqual(499);
    expect((await explain(dumped, "--no-modules")).names).toEqual(OWN_NAMES.map(() => null));
    expect((await explain(dumped, "--no-names")).names).toEqual(OWN_NAMES.map(() => null));
  });

  it("of a library that was prelinked to a place of its own", async () => {
    shop.build("-fPIC", "-shared", "-Wl,-Ttext-segment=0x6660000000", "-o", "libplaced.so", "own.c");
    shop.build("-pie", "-fPIE", "-o", "placed", "main.c", "-L.", "-lplaced", `-Wl,-rpath,${here}`);
    expect((await explain(await dump(shop.path("placed"), [], shop.path("core.placed")))).names).toEqual(
      OWN_NAMES,
    );
  });

  describe("where the symbols are elsewhere", () => {
    const full = ["-pie", "-fPIE", "main.c", "own.c", "-g"];
    // What a stripped program has no name for; exported names stay.
    const stripped = OWN_NAMES.map(() => null);

    /** A stripped program of that name, its core, and its full symbols in NAME.full. */
    async function strippedProgram(name: string, ...link: readonly string[]): Promise<Dump> {
      shop.build("-o", `${name}.full`, ...full, ...link);
      shop.run("strip", "-o", name, `${name}.full`);
      return dump(shop.path(name), [], shop.path(`core.${name}`));
    }

    it("a stripped program has none", async () => {
      const dumped = await strippedProgram("bare");
      const { names, rows } = await explain(dumped);
      expect(names).toEqual(stripped);
      expect(rows.every(({ module }) => module === shop.path("bare"))).toBe(true);
    });

    it("a debug file by build ID", async () => {
      const dumped = await strippedProgram("byid");
      const [, id = ""] = /Build ID: ([0-9a-f]+)/.exec(shop.run("readelf", "-n", "byid")) ?? [];
      const root = shop.path("root-byid");
      const debug = join(root, "usr/lib/debug/.build-id", id.slice(0, 2), `${id.slice(2)}.debug`);
      mkdirSync(dirname(debug), { recursive: true });
      shop.run("objcopy", "--only-keep-debug", "byid.full", debug);
      // Without the program itself: the build ID in memory is enough.
      expect((await explain(dumped, "--sysroot", root)).names).toEqual(OWN_NAMES);
    });

    it("a debug file by .gnu_debuglink, if its checksum fits", async () => {
      const dumped = await (async () => {
        shop.build("-o", "linked.full", ...full, "-Wl,--build-id=none");
        shop.run("objcopy", "--only-keep-debug", "linked.full", "linked.debug");
        shop.run("strip", "-o", "linked", "linked.full");
        shop.run("objcopy", "--add-gnu-debuglink=linked.debug", "linked");
        return dump(shop.path("linked"), [], shop.path("core.linked"));
      })();
      expect((await explain(dumped)).names).toEqual(OWN_NAMES);
      appendFileSync(shop.path("linked.debug"), "x");
      expect((await explain(dumped)).names).toEqual(stripped);
    });

    it(".gnu_debugdata", async () => {
      shop.build("-o", "mini.full", ...full);
      shop.run("strip", "-o", "mini", "mini.full");
      shop.run("strip", "--strip-debug", "-o", "mini.symbols", "mini.full");
      shop.run("xz", "-kf", "mini.symbols");
      shop.run("objcopy", "--add-section=.gnu_debugdata=mini.symbols.xz", "mini");
      const dumped = await dump(shop.path("mini"), [], shop.path("core.mini"));
      expect((await explain(dumped)).names).toEqual(OWN_NAMES);
    });
  });

  describe("where files changed, or are elsewhere", () => {
    const program = "changing";
    let dumped: Dump;
    const root = join(scratch.folder, "changing-root");

    beforeAll(async () => {
      shop.build("-fPIC", "-shared", "-Wl,--build-id", "-o", "libchange.so", "own.c");
      shop.build("-pie", "-fPIE", "-o", program, "main.c", "-L.", "-lchange", `-Wl,-rpath,${here}`);
      dumped = await dump(shop.path(program), [], shop.path("core.changing"), async (pid) => {
        // The user names it, so it may be in /proc.
        const { names } = await explain(
          { core: shop.path("core.changing"), said: await said(pid), pid },
          "--sysroot",
          `/proc/${pid}/root`,
        );
        expect(names).toEqual(OWN_NAMES);
      });
      // The same place in a root, behind absolute links.
      mkdirSync(join(root, "stored"), { recursive: true });
      mkdirSync(join(root, dirname(here)), { recursive: true });
      for (const name of [program, "libchange.so"]) copyFileSync(shop.path(name), join(root, "stored", name));
      symlinkSync("/stored", join(root, here));
    });

    /** The addresses that the program printed: they stand in its own memory. */
    async function said(pid: number): Promise<string[]> {
      const maps = readFileSync(`/proc/${pid}/maps`, "latin1");
      const symbols = shop.run("nm", program) + shop.run("nm", "libchange.so");
      const base = (path: string) =>
        BigInt(`0x${new RegExp(`^([0-9a-f]+)-\\S+ \\S+ 0+ .*/${path}$`, "m").exec(maps)?.[1]}`);
      const value = (name: string) =>
        BigInt(`0x${new RegExp(`^([0-9a-f]+) . ${name}$`, "m").exec(symbols)?.[1]}`);
      const at = (path: string, name: string, offset = 0n) =>
        `0x${(base(path) + value(name) + offset).toString(16)}`;
      return [
        at("libchange.so", "own_function"),
        at("libchange.so", "hidden_table"),
        at(program, "own_counter"),
        at(program, "shape_data", 8n),
        at(program, "zeroed", 32n),
        at(program, "hidden_function"),
      ];
    }

    it("absolute links lead nowhere but into the sysroot", async () => {
      const { names, stderr } = await explain(dumped, "--sysroot", root);
      expect(names).toEqual(OWN_NAMES);
      expect(stderr).toBe("");
      expect((await explain(dumped, "--sysroot", `${root}/stored/`)).names).toEqual(
        OWN_NAMES.map(() => null),
      );
    });

    it("a replaced file is not used, and that is said", async () => {
      shop.build(
        "-fPIC",
        "-shared",
        "-DOTHER",
        "-Wl,--build-id=0x0102030405",
        "-o",
        "libchange.so.new",
        "own.c",
      );
      execFileSync("mv", ["libchange.so.new", "libchange.so"], { cwd: here });
      const { names, stderr } = await explain(dumped);
      expect(names).toEqual([null, null, ...OWN_NAMES.slice(2)]);
      expect(stderr).toMatch(
        /^coregram: warning: \S+\/libchange\.so has the build ID 0102030405, the module in memory has [0-9a-f]{12}: its symbols are not used\n$/,
      );
      expect((await coregram(["whatis", dumped.core, "-q", ...dumped.said])).stderr).toBe("");
      const info = await coregram(["info", dumped.core]);
      expect(info.stdout).toMatch(/libchange\.so {2}not used: it has the build ID 0102030405, the module/);
    });

    it("a deleted file is not found, and what has its name now is not taken for it", async () => {
      shop.build("-fPIC", "-shared", "-Wl,--build-id", "-o", "libgone.so", "own.c");
      shop.build("-pie", "-fPIE", "-o", "gone", "main.c", "-L.", "-lgone", `-Wl,-rpath,${here}`);
      const kept = readFileSync(shop.path("libgone.so"));
      const late = shop.path("core.gone");
      let gone: Dump | null = null;
      await dump(shop.path("gone"), [], late, async (pid) => {
        execFileSync("rm", [shop.path("libgone.so")]);
        execFileSync("gcore", ["-o", late, String(pid)], { stdio: "ignore" });
        gone = { core: `${late}.${pid}`, said: [], pid };
      }).then(({ said: addresses }) => {
        if (gone) gone = { ...gone, said: addresses };
      });
      if (gone === null) throw new Error("no core");
      expect((await explain(gone)).names).toEqual([null, null, ...OWN_NAMES.slice(2)]);
      // Put back, it is the same file by its build ID.
      writeFileSync(shop.path("libgone.so"), kept);
      const found = await explain(gone);
      expect(found.names).toEqual(OWN_NAMES);
    });
  });
});

describe("paths that a core names", () => {
  it("are opened only where they are regular files", async () => {
    const fifo = scratch.fifo("fifo.so");
    const paths = [
      fifo,
      "/dev/zero",
      "/dev/stdin",
      "/proc/self/mem",
      "/proc/self/exe",
      "/proc/1/environ",
      "/sys/kernel/notes",
      "relative.so",
      "",
      "/",
      "/etc/../dev/full",
      `${scratch.folder}/missing.so`,
      "/tmp/\x1b[31mred\u202e",
      `/${"usr/../".repeat(500)}etc/passwd`,
    ];
    const mappings = paths.map((path, index) => ({
      start: BigInt(0x10000 * (index + 1)),
      end: BigInt(0x10000 * (index + 1) + 0x8000),
      path,
    }));
    const layout = { class: 64, endian: "little" } as const;
    const note = { owner: "CORE", type: 0x46494c45, descriptor: buildFileNote(layout, mappings) };
    const core = scratch.put(
      "named.core",
      buildElf({
        ...layout,
        segments: [
          { type: 4, data: buildNotes(layout, [note]) },
          ...mappings.map(({ start }) => ({ type: 1, start, memoryBytes: 0x8000n })),
        ],
      }),
    );
    const info = await coregram(["info", core, "-f", "json"]);
    expect(info.status).toBe(0);
    expect(info.stdout).not.toMatch(/\x1b|\u202e/);
    const [row] = (JSON.parse(info.stdout) as { rows: { modules: { path: string; found: boolean }[] }[] })
      .rows;
    // Only the last is a file, and that is no ELF file.
    expect(row?.modules.filter(({ found }) => found).map(({ path }) => path)).toEqual(paths.slice(-1));
    const runs = await Promise.all([
      coregram(["whatis", core, ...mappings.map(({ start }) => start.toString(16))]),
      coregram(["info", core]),
      coregram([core, "--resolved"]),
      coregram(["symbols", core]),
    ]);
    expect(runs.map(({ status }) => status)).toEqual([0, 0, 2, 1]);
    expect(runs.every(({ stdout, stderr }) => !/\x1b/.test(stdout + stderr))).toBe(true);
  });
});
