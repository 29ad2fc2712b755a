import fc from "fast-check";
import { expect, test } from "vitest";
import { readElfFile } from "../../../src/elf/index.ts";
import { addFileSymbols } from "../../../src/symbols/modules/elf-table.ts";
import { SymbolTableBuilder } from "../../../src/symbols/table/table-builder.ts";
import { buildElf, LAYOUTS } from "../../elf/build-elf.ts";
import { buildSymbols, type SymbolPlan } from "../../elf/build-module.ts";
import { memoryBytes } from "../../elf/memory-bytes.ts";

const symbol = fc.record({
  // Few places, so that symbols share, nest and overlap.
  value: fc.bigInt({ min: 0x1000n, max: 0x1060n }),
  size: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 0x40n }), fc.constant(0x40000000n)),
  name: fc.oneof(
    fc.constantFrom("a", "b", "$x", "", "c@@V1"),
    fc.nat(300).map((length) => "n".repeat(length)),
  ),
  type: fc.constantFrom(0, 1, 2, 3, 4, 6),
  binding: fc.constantFrom(0, 1, 2),
  section: fc.constantFrom(0, 1, 1, 1, 1, 0xfff1),
});

/** A file of one loaded section at 0x1000, a `.symtab` and a `.dynsym`, or only the latter. */
function fileOf(plan: { layout: number; machine: number; tables: (readonly unknown[])[]; high: bigint }) {
  const layout = LAYOUTS[plan.layout % 4] ?? { class: 64, endian: "little" };
  const high = layout.class === 64 ? plan.high : 0n;
  const sections = plan.tables.flatMap((symbols, index) => {
    const moved = (symbols as SymbolPlan[]).map((one) => ({ ...one, value: one.value + high }));
    const { table, names } = buildSymbols(layout, moved);
    const entryBytes = layout.class === 64 ? 24n : 16n;
    return [
      { name: ".sym", type: index === 0 ? 11 : 2, data: table, link: 3 + 2 * index, entryBytes },
      { name: ".str", type: 3, data: names },
    ];
  });
  const text = { name: ".text", type: 1, data: new Uint8Array(0x80), start: 0x1000n + high, flags: 2n };
  const file = readElfFile(
    memoryBytes(buildElf({ ...layout, type: 3, machine: plan.machine, sections: [text, ...sections] })),
  );
  if (!file) throw new Error("no ELF file");
  return { file, high, bits: layout.class };
}

test("the symbols that cover an address name it as all of them do", async () => {
  let named = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        layout: fc.nat(3),
        machine: fc.constantFrom(62, 40),
        tables: fc.array(fc.array(symbol, { maxLength: 12 }), { minLength: 1, maxLength: 1 }),
        high: fc.constantFrom(0n, 0x7f0000000000n, 0xffffffff80000000n),
      }),
      fc.array(fc.bigInt({ min: 0xff0n, max: 0x10a0n }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(0n, 0x555500000000n, -0x1000n),
      async (plan, places, bias) => {
        const { file, high, bits } = fileOf(plan);
        const addresses = places.map((at) => BigInt.asUintN(bits, at + high + bias));
        const all = new SymbolTableBuilder();
        const some = new SymbolTableBuilder();
        const origin = await addFileSymbols(all, file, null, bias);
        expect(await addFileSymbols(some, file, null, bias, addresses)).toBe(origin);
        const [expected, found] = [all.build(), some.build()];
        for (const at of addresses) {
          expect(found.find(at, false)).toEqual(expected.find(at, false));
          if (found.find(at, false)) named += 1;
        }
      },
    ),
    { numRuns: 800 },
  );
  expect(named).toBeGreaterThan(500);
});
