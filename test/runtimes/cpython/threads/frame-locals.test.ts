import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { answerStacks, type Frame } from "../../../../src/answers/index.ts";
import { openTarget } from "../../../../src/image/index.ts";
import { dumpProgram, findPythons } from "../../pythons.ts";

const scratch = mkdtempSync(join(tmpdir(), "coregram-locals-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Truth {
  readonly function: string;
  readonly arguments: readonly string[];
  readonly cells: readonly string[];
  readonly free: readonly string[];
  readonly locals: Readonly<
    Record<string, readonly [type: string, at: string, bytes: number, text: string | null]>
  >;
}

async function stacksOf(path: string, locals: boolean): Promise<Frame<"coregram/stacks@1">> {
  const target = await openTarget(path);
  try {
    return await answerStacks(target, { locals });
  } finally {
    await target.close();
  }
}

describe.each(findPythons())("%s", (python) => {
  it("has each variable of each frame as the program has it", { timeout: 120_000 }, async () => {
    const made = await dumpProgram(python, "locals.py", scratch);
    if (made === null) throw new Error("gcore may not trace it");
    const truth: Record<string, Truth[]> = JSON.parse(readFileSync(made.truth, "utf8"));
    const { totals, rows } = await stacksOf(made.core, true);
    const folded = await stacksOf(made.core, false);
    rmSync(made.core);
    expect(folded.rows.every(({ locals }) => locals === null)).toBe(true);
    const wrong: unknown[] = [];
    let seen = 0;
    for (const thread of totals.threads) {
      const frames = truth[String(Number(thread.ident))];
      if (frames === undefined) continue;
      const own = rows.filter(({ stack }) => stack === thread.stack);
      expect(own).toHaveLength(frames.length);
      frames.forEach((frame, depth) => {
        const locals = own[depth]?.locals ?? [];
        expect(locals.map(({ name }) => name).sort()).toEqual(Object.keys(frame.locals).sort());
        for (const { name, kind, address, type, bytes, value } of locals) {
          seen += 1;
          const [known, at, size, text] = frame.locals[name ?? ""] ?? [];
          if (known !== type || at !== address || size !== bytes || (text !== null && text !== value))
            wrong.push([frame.function, name, { type, address, bytes, value }, [known, at, size, text]]);
          const isOf = (names: readonly string[]) => names.includes(name ?? "");
          const kinds = [
            ...(isOf(frame.arguments) ? ["argument"] : []),
            ...(isOf(frame.cells) ? ["cell"] : []),
            ...(isOf(frame.free) ? ["free"] : []),
          ];
          expect(kinds.length === 0 ? ["local"] : kinds).toContain(kind);
        }
      });
    }
    expect(wrong).toEqual([]);
    expect(seen).toBeGreaterThan(340);
    const method = rows.find(({ locals }) => locals?.some(({ name }) => name === "wide"));
    const values = new Map(method?.locals?.map(({ name, value }) => [name, value]));
    expect(["self", "args", "more", "items", "numbers", "kind"].map((name) => values.get(name))).toEqual([
      "x=1",
      "2 items: 2, 3",
      "1 item: 'other': 'x'",
      "3 items: 1, 'two', <builtins.list, 1 item>",
      "1 item: 7",
      "__main__.Point",
    ]);
  });
});
