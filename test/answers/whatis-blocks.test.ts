import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { WhatisBlock } from "../../src/answers/results/index.ts";
import { answerWhatis } from "../../src/answers/whatis.ts";
import { openTarget } from "../../src/image/index.ts";
import { address } from "../../src/terms/index.ts";
import { dump } from "../commands/live.ts";
import { Scratch } from "../commands/program.ts";
import { PYTHONS } from "./patterns/processes.ts";

const scratch = new Scratch();
const draw = (least: number, most: number) => least + Math.floor(Math.random() * (most - least));
const LENGTH = draw(20_000, 60_000);
/** Too much for pymalloc, and too little to be mapped on its own; none as large as another. */
const [HELD, LOST, FREED] = [draw(5000, 9000), draw(10_000, 19_000), draw(20_000, 29_000)];

// Where blocks are, by the interpreter itself: ob_item of a list, `table` of a set (Include/cpython/listobject.h, setobject.h).
const PROGRAM = `import ctypes, time
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
def word(of, offset):
    return ctypes.c_void_p.from_address(id(of) + offset).value
class Shop:
    orders = [None] * ${LENGTH}
    seen = set(range(${LENGTH}))
    page = bytearray(${LENGTH})
buffer = ctypes.addressof(ctypes.c_char.from_buffer(Shop.page))
pointers = (ctypes.c_void_p * 4)()
kept = libc.malloc(${HELD})
ctypes.memset(kept, 0, ${HELD})
pointers[0] = kept
lost = libc.malloc(${LOST})
ctypes.memset(lost, 0, ${LOST})
freed = libc.malloc(${FREED})
above = libc.malloc(64)
libc.free(freed)
print("ready", word(Shop.orders, 24), word(Shop.seen, 40), buffer, kept, lost, freed, flush=True)
time.sleep(600)
`;

describe.skipIf(PYTHONS.length === 0).each(PYTHONS)("%s: a block that no object is in", (python) => {
  it("is told with whose it is, from any address in it", { timeout: 120_000 }, async () => {
    const program = scratch.path("program.py");
    writeFileSync(program, PROGRAM);
    const { core, said } = await dump(python, [program], scratch.put("program.core", ""));
    const starts = said.slice(1).map(Number);
    const target = await openTarget(core);
    try {
      const offset = draw(0, 4000);
      const asked = starts.map((start) => address(BigInt(start + offset)));
      const { rows } = await answerWhatis(target, asked);
      const blocks = rows.map(({ object, block }) => {
        expect(object).toBeNull();
        return block as WhatisBlock;
      });
      const [orders, seen, page, held, lost, freed] = blocks;
      blocks.forEach((block, index) => {
        expect(Number(block.address) + block.offset).toBe((starts[index] ?? 0) + offset);
      });
      // Where it begins is where the program has it, but of a buffer that begins inside of its block.
      for (const index of [0, 1, 3, 4]) expect(blocks[index]?.offset).toBe(offset);
      const own = (name: string, type: string) => ({
        state: "in use",
        part: true,
        path: `__main__.Shop.${name}`,
        type,
      });
      expect(orders).toMatchObject(own("orders", "builtins.list"));
      expect(orders?.bytes).toBeGreaterThanOrEqual(8 * LENGTH);
      expect(seen).toMatchObject(own("seen", "builtins.set"));
      expect(page).toMatchObject(own("page", "builtins.bytearray"));
      // malloc rounds up to 16 bytes less 8.
      const rounded = (bytes: number) => Math.ceil((bytes + 8) / 16) * 16 - 8;
      expect(held).toMatchObject({
        state: "in use",
        part: false,
        bytes: rounded(HELD),
        retainedBytes: rounded(HELD),
      });
      expect(held?.path).toMatch(/^__main__\.pointers\./);
      expect(held?.referrers).toHaveLength(1);
      expect(lost).toMatchObject({ state: "in use", part: false, path: null, bytes: rounded(LOST) });
      expect(freed).toMatchObject({ state: "free", part: null, path: null });
    } finally {
      target.close();
    }
  });
});
