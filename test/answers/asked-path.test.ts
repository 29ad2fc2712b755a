import { describe, expect, it } from "vitest";
import { answerChain, answerOwners, answerWhatis } from "../../src/answers/index.ts";
import { openTarget, type Target } from "../../src/image/index.ts";
import { type AnswerEvent, address } from "../../src/terms/index.ts";
import { pathOf } from "../runtimes/read-core.ts";

const OPTIONS = { modules: false, threads: 1 };

async function withCore(version: string, use: (target: Target) => Promise<void>): Promise<void> {
  const target = await openTarget(pathOf(`cores/py-${version}.core.xz`));
  try {
    await use(target);
  } finally {
    await target.close();
  }
}

/** Owners' addresses by their path; what lies in blocks of native memory goes by the path of these, and is left out. */
async function ownersByPath(target: Target): Promise<Map<string, string[]>> {
  const { rows } = await answerOwners(target, { ...OPTIONS, limit: Number.POSITIVE_INFINITY });
  const byPath = new Map<string, string[]>();
  for (const { path, type, address: at } of rows)
    if (path !== null && at !== null && type !== "native memory")
      byPath.set(path, [...(byPath.get(path) ?? []), at]);
  return byPath;
}

// 3.8 has frames as objects, 3.11 values in front of instances, 3.14 behind them.
describe.each(["3.8", "3.11", "3.14", "3.15"])("in a core of CPython %s", (version) => {
  it("the path of an owner leads to where it is", async () => {
    await withCore(version, async (target) => {
      const owners = [...(await ownersByPath(target))];
      // Of all that look alike to a path, such as the keys of a dict, the first are told.
      // What nothing names at one step, `.<?>`, leads nowhere from there.
      const some = owners.filter(
        ([path, { length }], index) => index % 4 === 0 && length <= 3 && !path.includes("<?>"),
      );
      expect(some.length).toBeGreaterThan(3000);
      const { rows } = await answerWhatis(
        target,
        some.map(([path]) => path),
        OPTIONS,
      );
      const found = new Set(rows.map((row) => row.address));
      const lost = some.filter(([, all]) => !all.every((at) => found.has(at)));
      expect(lost).toEqual([]);
      // Few paths are those of several.
      expect(rows.length).toBeLessThan(1.2 * some.length);
      const [path = "", [at = ""] = []] = some.find(([each]) => each.startsWith("__main__.")) ?? [];
      const chain = await answerChain(target, path, OPTIONS);
      expect(chain.rows[0]).toMatchObject({ path, address: at });
      expect(chain.rows).toEqual((await answerChain(target, address(BigInt(at)), OPTIONS)).rows);
    });
  });
});

it("what several hold together is asked for by one of them", async () => {
  await withCore("3.11", async (target) => {
    const [[path = ""] = []] = await ownersByPath(target);
    await expect(answerChain(target, `${path} and ${path}`, OPTIONS)).rejects.toThrow(
      /is what several hold together, each by a path of its own: ask for one, as /,
    );
  });
});

it("of a path that many have the first are told, and how many there are", async () => {
  await withCore("3.11", async (target) => {
    const events: AnswerEvent[] = [];
    const { rows } = await answerWhatis(target, ["builtins.<key>"], OPTIONS, (event) => events.push(event));
    expect(rows).toHaveLength(10);
    expect(events.filter(({ kind }) => kind === "note")).toEqual([
      {
        kind: "note",
        target: target.name,
        text: expect.stringMatching(/^builtins\.<key> is the path of \d+ objects: the first 10 are told$/),
      },
    ]);
    await expect(answerChain(target, "builtins.<key>", OPTIONS)).rejects.toThrow(
      /^builtins\.<key> is the path of \d+ objects, give one's address: 0x[0-9a-f]+ builtins\.str, .* \d+ more$/,
    );
  });
});
