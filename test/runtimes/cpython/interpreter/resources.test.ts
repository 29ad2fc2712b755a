import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { answerInfo, type Frame } from "../../../../src/answers/index.ts";
import { openTarget } from "../../../../src/image/index.ts";
import { dumpProgram, findPythons } from "../../pythons.ts";
import { pathOf } from "../../read-core.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-resources-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

type Info = Frame<"coregram/info@1">["rows"][number];
type Objects = NonNullable<Info["objects"]>;

interface Truth {
  readonly files: Objects["files"]["list"];
  readonly sockets: Objects["sockets"]["list"];
  readonly loops: Objects["loops"]["list"];
  readonly garbage: Readonly<Record<string, number>>;
  readonly links: Readonly<Record<string, string>>;
}

async function infoOf(path: string, objects: boolean): Promise<Info> {
  const target = await openTarget(path);
  try {
    const { rows } = await answerInfo(target, { objects });
    if (rows[0] === undefined) throw new Error("no row");
    return rows[0];
  } finally {
    await target.close();
  }
}

function byAddress<Row extends { readonly address: string }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => (a.address < b.address ? -1 : 1));
}

describe.each(findPythons().filter((path) => !path.endsWith("/python3.6")))("%s", (python) => {
  const seed = Math.floor(Math.random() * 2 ** 31);

  it(`has the files, sockets, loops and garbage that it says, drawn by ${seed}`, {
    timeout: 120_000,
  }, async () => {
    const made = await dumpProgram(python, "resources.py", scratch, {}, [String(seed)]);
    if (made === null) throw new Error("gcore may not trace it");
    const truth: Truth = JSON.parse(readFileSync(made.truth, "utf8"));
    const { objects } = await infoOf(made.core, true);
    rmSync(made.core);
    if (objects === null) throw new Error("no objects");
    const { files, sockets, loops, uncollectable } = objects;
    expect(byAddress(files.list)).toEqual(byAddress(truth.files));
    expect(byAddress(sockets.list)).toEqual(byAddress(truth.sockets));
    // 3.7 does not say its thread's number.
    const isTold = truth.loops.some(({ thread }) => thread !== null);
    expect(byAddress(loops.list).map((loop) => (isTold ? loop : { ...loop, thread: null }))).toEqual(
      byAddress(truth.loops),
    );
    for (const { open, closed, list, isCut } of [files, sockets]) {
      expect([open + closed, isCut]).toEqual([list.length, false]);
      const fds = list.map(({ fd }) => fd);
      expect(fds.filter((fd) => fd !== null)).toHaveLength(open);
      expect(fds.slice(0, open)).toEqual(fds.filter((fd) => fd !== null).sort((a, b) => a - b));
    }
    expect(loops.closed).toBe(truth.loops.filter(({ state }) => state === "closed").length);
    expect(files.open).toBeGreaterThan(5);
    expect(loops.list[0]).toMatchObject({ state: "running" });

    // The kernel's word for it.
    for (const { fd, path } of files.list)
      if (fd !== null && path?.startsWith("/") && !/[\ud800-\udfff]/.test(path))
        expect(truth.links[fd]).toBe(path);
    for (const { fd } of sockets.list) if (fd !== null) expect(truth.links[fd]).toMatch(/^socket:/);

    // Before 3.8 where the collector's state is is not known.
    if (python.endsWith("/python3.7")) return expect(uncollectable).toBeNull();
    expect(Object.fromEntries(uncollectable?.types.map(({ type, count }) => [type, count]) ?? [])).toEqual(
      truth.garbage,
    );
    expect(uncollectable?.count).toBe(Object.values(truth.garbage).reduce((sum, count) => sum + count, 0));
  });
});

describe.each(["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"])(
  "the committed core of %s",
  (version) => {
    it("has its standard files, and no garbage", async () => {
      const path = pathOf(`cores/py-${version}.core.xz`);
      const { objects } = await infoOf(path, true);
      expect(objects?.files.list.filter(({ fd }) => fd !== null && fd < 3)).toMatchObject([
        { fd: 0, path: "<stdin>", mode: "rb", type: "_io.TextIOWrapper" },
        { fd: 1, path: "<stdout>", mode: "wb", type: "_io.TextIOWrapper" },
        { fd: 2, path: "<stderr>", mode: "wb", type: "_io.TextIOWrapper" },
      ]);
      expect(objects?.uncollectable).toEqual({ count: 0, types: [] });
      expect((await infoOf(path, false)).objects).toBeNull();
    });
  },
);
