import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { buildElf, buildFileNote, buildNotes } from "../elf/build-elf.ts";
import { canDump, type Dump, dump, OWN_NAMES, tool, Workshop } from "./live.ts";
import { coregram, Scratch, shell } from "./program.ts";

const scratch = new Scratch();

describe.skipIf(!canDump)("the symbols of a core made on the spot", () => {
  const shop = new Workshop(scratch.sub("shop"));
  let dumped: Dump;
  let map = "";

  beforeAll(async () => {
    shop.build("-fPIC", "-shared", "-o", "libown.so", "own.c");
    shop.build("-pie", "-fPIE", "-o", "main", "main.c", "-L.", "-lown", `-Wl,-rpath,${shop.folder}`);
    dumped = await dump(shop.path("main"), [], shop.path("core"));
    const run = await coregram(["symbols", dumped.core]);
    expect(run).toMatchObject({ status: 0, stderr: "" });
    map = run.stdout;
  });

  it("are a map that --symbols reads, and names what the modules do", async () => {
    expect(map).toMatch(/^([0-9a-f]{16} [0-9a-f]+ \S.*\n)+$/);
    const starts = map.match(/^[0-9a-f]{16}/gm) ?? [];
    expect(starts).toEqual([...starts].sort());
    const file = scratch.put("core.map", Buffer.from(map, "latin1"));
    const args = ["whatis", dumped.core, ...dumped.said, "-f", "json"];
    const [mapped, direct] = await Promise.all([
      coregram([...args, "--no-modules", "--symbols", file]),
      coregram(args),
    ]);
    const names = ({ stdout }: { stdout: string }) =>
      (JSON.parse(stdout) as { rows: { symbol: string }[] }).rows.map(({ symbol }) => symbol);
    expect(names(mapped)).toEqual(OWN_NAMES);
    expect(names(direct)).toEqual(OWN_NAMES);
    const rows = [dumped.core, "--scope", "writable", "-n", "200"];
    const [byMap, byModules] = await Promise.all([
      coregram([...rows, "--no-modules", "--symbols", file]),
      coregram(rows),
    ]);
    expect(byMap).toEqual(byModules);
  });

  it("come by a pipe too", async () => {
    const run = await shell(`$CG symbols ${dumped.core} | $CG ${dumped.core} --symbols - --no-modules -n 50`);
    expect(run.stdout).toBe((await coregram([dumped.core, "-n", "50"])).stdout);
  });

  it("of a library alone, at its place", async () => {
    const info = JSON.parse((await coregram(["info", dumped.core, "-f", "json"])).stdout) as {
      rows: { modules: { path: string; loadBias: string }[] }[];
    };
    const library = info.rows[0]?.modules.find(({ path }) => path.endsWith("libown.so"));
    const run = await coregram([
      ...["whatis", dumped.core, ...dumped.said.slice(0, 3), "--no-modules", "-f", "json"],
      ...["--symbols", `${library?.path}@${library?.loadBias}`],
    ]);
    const { rows } = JSON.parse(run.stdout) as { rows: { symbol: string }[] };
    // own_counter is copied into the program, where the library's symbol does not point.
    expect(rows.map(({ symbol }) => symbol)).toEqual([...OWN_NAMES.slice(0, 2), null]);
  });

  it("are asked of gdb in one pipe, which answers what the modules say", async () => {
    const { core } = dumped;
    const script = await coregram(["symbols", core, "--gdb", "--scope", "writable", "-n", "100"]);
    expect(script.stdout).toMatch(/^set trace-commands on\n(info symbol 0x[0-9a-f]+\n){100}$/);
    const asked = scratch.put("ask.gdb", script.stdout);
    const line = `gdb -nx -batch -iex 'set debuginfod enabled off' -ex 'set print demangle off' -x ${asked} ${shop.path("main")} ${core} 2>/dev/null | $CG ${core} --symbols - --no-modules --scope writable -n 100 -q`;
    const theirs = (await shell(line)).stdout.split("\n");
    const ours = (await coregram([core, "--scope", "writable", "-n", "100", "-q"])).stdout.split("\n");
    const nearest = (
      await coregram([core, "--scope", "writable", "-n", "100", "-q", "--nearest"])
    ).stdout.split("\n");
    expect(theirs).toHaveLength(101);
    let named = 0;
    for (const [index, line] of theirs.entries()) {
      if (line === ours[index]) {
        if (/ {2}\S+$/.test(line)) named += 1;
        continue;
      }
      // What gdb makes up for linkage tables is no symbol of a file; what follows a label of unknown size is a guess.
      if (/@(plt|got)/.test(line)) continue;
      expect(nearest[index]).toBe(line);
      expect(line.startsWith(ours[index] ?? "?")).toBe(true);
    }
    // About twenty: which of the equally frequent words are among the hundred depends on where all was loaded.
    expect(named).toBeGreaterThan(10);
  }, 60_000);

  it("are under the sysroot, or nowhere", async () => {
    const run = await coregram(["symbols", dumped.core, "--sysroot", scratch.sub("nothing")]);
    // The vdso needs no file.
    expect(run.stdout).not.toMatch(/own_function/);
    expect(run.stdout).toMatch(/^([0-9a-f]{16} [0-9a-f]+ \w+\n)+$/);
  });
});

describe("what has no symbols", () => {
  it("is no core, or has no modules", async () => {
    const raw = await coregram(["symbols", scratch.put("raw", new Uint8Array(8))]);
    expect(raw).toMatchObject({ status: 1, stdout: "" });
    expect(raw.stderr).toMatch(/^coregram: (\S+) is no ELF core: coregram \1 counts its words\n$/);
    const none = await coregram([
      "symbols",
      scratch.put("bare.core", buildElf({ class: 64, endian: "little" })),
    ]);
    expect(none).toMatchObject({ status: 1, stdout: "" });
    expect(none.stderr).toMatch(/^coregram: no symbols: /m);
    expect((await coregram(["symbols"])).status).toBe(2);
  });

  it("gives a script all the same", async () => {
    const raw = scratch.put("words", new Uint8Array(BigUint64Array.of(5n, 5n, 2n ** 64n - 1n).buffer));
    expect((await coregram(["symbols", raw, "--gdb"])).stdout).toBe(
      "set trace-commands on\ninfo symbol 0x5\ninfo symbol 0xffffffffffffffff\n",
    );
  });
});

describe("names that write on the terminal", () => {
  it.skipIf(!canDump)("are printed without that, and read back as one name", async () => {
    const shop = new Workshop(scratch.sub("names"));
    const hostile = "evil\x1b[31m\u202e name";
    shop.build("-fPIC", "-shared", "-o", "plain.so", "own.c");
    const redefined = `own_function=${hostile}`;
    execFileSync("objcopy", ["--redefine-sym", redefined, "plain.so", "libnamed.so"], { cwd: shop.folder });
    const at = shop.run("nm", "libnamed.so").match(/^([0-9a-f]+) T evil/m)?.[1] ?? "";
    const path = shop.path("libnamed.so");
    const layout = { class: 64, endian: "little" } as const;
    const mappings = [
      ...(tool("readelf", "-lW", path) ?? "").matchAll(/LOAD +(0x\S+) (0x\S+) \S+ (0x\S+)/g),
    ].map(([, offset = "0", start = "0", bytes = "0"]) => ({
      start: 0x10000000n + (BigInt(start) & ~0xfffn),
      end: 0x10000000n + ((BigInt(start) + BigInt(bytes) + 0xfffn) & ~0xfffn),
      page: Number(BigInt(offset) >> 12n),
      path,
    }));
    const note = { owner: "CORE", type: 0x46494c45, descriptor: buildFileNote(layout, mappings) };
    const core = scratch.put(
      "names.core",
      buildElf({ ...layout, segments: [{ type: 4, data: buildNotes(layout, [note]) }] }),
    );
    const address = (0x10000000n + BigInt(`0x${at}`)).toString(16);
    const map = await coregram(["symbols", core]);
    expect(map.stdout).not.toMatch(/\x1b/);
    const line = map.stdout.split("\n").find((text) => text.includes("evil"));
    expect(line).toMatch(/^0000000010\w+ \w+ evil\\x1b\[31m\\u202e name$/);
    const file = scratch.put("names.map", map.stdout);
    const run = await coregram(["whatis", core, address, "--no-modules", "--symbols", file]);
    expect(run.stdout).toMatch(/symbol {4}evil\\x1b\[31m\\u202e name\n/);
  });
});
