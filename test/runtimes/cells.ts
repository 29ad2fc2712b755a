import { MemoryReader } from "../../src/blocks/index.ts";
import type { Core } from "../../src/image/index.ts";
import { balanceParts } from "../../src/runtimes/balance.ts";
import type { ObjectList, References, Runtime, RuntimeObjects } from "../../src/runtimes/index.ts";
import { ROOT_NUMBERS } from "../../src/runtimes/root-kinds.ts";
import { address, Role } from "../../src/terms/index.ts";
import { Memory } from "./heap/memory.ts";

/** A cell of a made-up runtime: what it is, the bytes that it takes, and the cells that it points to. */
export interface Cell {
  readonly type: number;
  readonly bytes: number;
  readonly to: readonly number[];
}

/** Its types, which lie nowhere. */
const TYPES = [
  { address: 0x1000, name: "Table" },
  { address: 0x2000, name: "Text" },
];
const START = 0x10_0000;
const MAGIC = 0x534c_4c45_43;
const HEADER_BYTES = 16;
const CELL_BYTES = 24;

/** Memory with a mark, the number of cells, and the cells, each with its type, its bytes and where its links are. */
export function layCells(cells: readonly Cell[]): Memory {
  const memory = new Memory();
  memory.map(START, 0x1000);
  memory.u64(START, MAGIC);
  memory.u64(START + 8, cells.length);
  let links = addressOf(cells.length);
  cells.forEach(({ type, bytes, to }, cell) => {
    const at = addressOf(cell);
    memory.u64(at, type);
    memory.u64(at + 8, bytes);
    memory.u64(at + 16, links);
    memory.u64(links, to.length);
    for (const [index, target] of to.entries()) memory.u64(links + 8 + index * 8, addressOf(target));
    links += 8 + to.length * 8;
  });
  return memory;
}

export function addressOf(cell: number): number {
  return START + HEADER_BYTES + cell * CELL_BYTES;
}

/** The cells of a core; null where it has none. The first is the program's only global, `main`. */
function readCells({ image }: Core): Cell[] | null {
  const reader = new MemoryReader(image);
  if (reader.u64(START) !== MAGIC) return null;
  return Array.from({ length: reader.u64(START + 8) }, (_, cell) => {
    const at = addressOf(cell);
    const links = reader.u64(at + 16);
    const to = Array.from(
      { length: reader.u64(links) },
      (_, index) => (reader.u64(links + 8 + index * 8) - addressOf(0)) / CELL_BYTES,
    );
    return { type: reader.u64(at), bytes: reader.u64(at + 8), to };
  });
}

/** The runtime, which has nothing of what not every runtime has. */
export const CELLS: Runtime = {
  name: "Cells",
  async detect(_crew, core) {
    const cells = readCells(core);
    return cells === null ? { reason: "no cells" } : foundIn(core, cells);
  },
  runtimeProcess: () => Promise.resolve(null),
  threadStacks: async () => null,
  tracedMemory: async () => ({ reason: "cells write nothing down" }),
  async openObjects(core) {
    const cells = readCells(core);
    if (cells === null) return null;
    return {
      blockAt: () => null,
      objectAt(at) {
        const cell = Math.floor((at - addressOf(0)) / CELL_BYTES);
        const found = cells[cell];
        if (found === undefined) return null;
        const { name = "", address: typeAddress = 0 } = TYPES[found.type] ?? {};
        return {
          address: addressOf(cell),
          typeAddress,
          typeName: name,
          bytes: found.bytes,
          references: null,
          isImmortal: false,
          state: "live",
          place: null,
          text: null,
          length: found.to.length,
          held: found.to.map((target, index) => ({
            label: `#${index}`,
            address: addressOf(target),
            typeName: TYPES[cells[target]?.type ?? -1]?.name ?? null,
            text: null,
          })),
        };
      },
      close() {},
    };
  },
  namesOfLibrary: async () => null,
  async typeNamesAt(core, _root, addresses) {
    if (readCells(core) === null) return new Map();
    const names = new Map(TYPES.map((type) => [BigInt(type.address), type.name]));
    return new Map(addresses.flatMap((at) => (names.has(at) ? [[at, names.get(at) ?? ""] as const] : [])));
  },
};

function foundIn({ image }: Core, cells: readonly Cell[]): RuntimeObjects {
  const sum = (some: readonly Cell[]) => some.reduce((all, { bytes }) => all + bytes, 0);
  const saved = Number(image.table.saved.reduce((all, bytes) => all + bytes, 0));
  const objects: ObjectList = {
    count: cells.length,
    address: addressOf,
    type: (cell) => cells[cell]?.type ?? 0,
    bytes: (cell) => cells[cell]?.bytes ?? 0,
    find: (at) => cells.findIndex((_, cell) => addressOf(cell) === at),
    lastAtOrBelow: (at) => cells.findLastIndex((_, cell) => addressOf(cell) <= at),
  };
  return {
    runtime: "Cells 1",
    summary: `Cells 1, ${cells.length} of them`,
    remarks: ["cells were made up"],
    types: TYPES,
    balance: {
      saved,
      parts: balanceParts({ objectBlocks: sum(cells), unknown: saved - sum(cells) }),
      bridge: { tables: 0, staticObjects: 0, rounding: 0 },
    },
    totals: () =>
      TYPES.map(({ name, address: at }, type) => {
        const own = cells.filter((cell) => cell.type === type);
        return {
          address: address(BigInt(at)),
          name,
          isInferred: false,
          count: own.length,
          bytes: sum(own),
          freedCount: 0,
          freedBytes: 0,
        };
      }).sort((a, b) => b.bytes - a.bytes),
    objects: () => objects,
    references: async (): Promise<References> => ({
      objects,
      sizes: Uint32Array.from(cells, ({ bytes }) => bytes),
      types: Uint32Array.from(cells, ({ type }) => type),
      roles: Uint8Array.from(cells, ({ type }) => (type === 0 ? Role.items : Role.attributes)),
      edges: [Uint32Array.from(cells.flatMap(({ to }, from) => to.flatMap((target) => [from, target])))],
      native: null,
      collector: null,
      traits: null,
      roots: {
        nodes: Uint32Array.of(0),
        kinds: Uint8Array.of(ROOT_NUMBERS.modules),
        alikeOf: () => null,
        words: Uint8Array.of(0),
        nameOf: () => "main",
      },
      labels: {
        edgeName: (from, to) => `#${cells[from]?.to.indexOf(to)}`,
        held: (from) =>
          (cells[from]?.to ?? []).map((object, index) => ({ object, name: `#${index}`, part: "" })),
        alikeOf: () => null,
        qualifiedName: () => null,
        typeName: (cell) => TYPES[cells[cell]?.type ?? -1]?.name ?? "",
        blockName: () => ".<native memory>",
        lengthOf: (cell) => cells[cell]?.to.length ?? null,
      },
      remarks: [],
      nameUsers: null,
    }),
    arenas: () => [],
    strings: null,
    containers: null,
    tasks: null,
    generators: null,
    greenlets: null,
    resources: null,
    snapshots: null,
  };
}
