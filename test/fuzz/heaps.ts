import { answerOwners, answerTypes, type TypesOptions } from "../../src/answers/index.ts";
import {
  type ArenaUse,
  type Mallocng,
  MemoryReader,
  mallocngUse,
  readMallocng,
  slotStates,
  slotsOf,
} from "../../src/blocks/index.ts";
import { type Image, openCore, Target } from "../../src/image/index.ts";
import type { Crew } from "../../src/kernel/index.ts";
import { compileKernel, instantiate } from "../../src/kernel/kernel.ts";
import { emptySums } from "../../src/runtimes/cpython/objects/records.ts";
import { findInSlots } from "../../src/runtimes/cpython/objects/slot-objects.ts";
import { openObjects, threadStacks } from "../../src/runtimes/index.ts";
import { CoregramError, type Listener } from "../../src/terms/index.ts";
import { imageOf } from "../blocks/image-of.ts";
import { type GroupPlan, putMallocng } from "../blocks/mallocng/put-groups.ts";
import { surveyOf } from "../blocks/survey-of.ts";
import { memoryBytes } from "../elf/memory-bytes.ts";
import { putPlan, type TwinPlan } from "../kernel/assembly/cpython/twin.ts";
import { writeCore } from "../runtimes/heap/core-file.ts";
import { FreeWorld } from "../runtimes/heap/free-threaded.ts";
import { PLACES } from "../runtimes/heap/heap.ts";
import { Memory } from "../runtimes/heap/memory.ts";
import { MINORS } from "../runtimes/heap/versions.ts";
import { World } from "../runtimes/heap/world.ts";
import { addZoo } from "../runtimes/heap/zoo.ts";
import { random } from "./mutate.ts";

type Random = (below: number) => number;

/** How a case ended. Anything else throws. */
export type HeapOutcome = "read" | "warned" | "refused";

/** Words that do most harm as sizes, counts and addresses. */
const HARM = [0n, 1n, 7n, 8n, 0x7fffn, 2n ** 31n, 2n ** 32n - 1n, 2n ** 47n, 2n ** 63n, 2n ** 64n - 1n];
const MOST_CHANGES = 12;
/** Bytes of the file that a case may ask for: what it does is bounded by that. */
const MOST_ASKED = 256 << 20;

/** Versions of heaps in which no malloc is found. */
const LOOSE = [8, 11, 14] as const;
/** Py_TPFLAGS_HAVE_GC, and PyGC_Head since 3.8. */
const GC = 1 << 14;
const HEAD_BYTES = 16;

/** A core of a small heap, and where in the file its words lie that are not 0. */
interface Prey {
  readonly name: string;
  readonly held: SharedArrayBuffer;
  readonly view: DataView;
  readonly words: Uint32Array;
}

/** Small heaps of all versions, of which words are changed: of pools, chunks, types, tables, lists of the collector's. */
export class HeapFuzzer {
  readonly #preys: readonly Prey[] = [
    ...MINORS.map((minor) => preyOf(`3.${minor}`, zooOf(minor, true))),
    ...LOOSE.map((minor) => preyOf(`3.${minor} loose`, zooOf(minor, false))),
    ...(["3.13t", "3.14t", "3.15t"] as const).map((version) => preyOf(version, freeWorld(version))),
  ];

  /** One case. What is wrong is thrown with its seed. */
  async run(seed: number): Promise<HeapOutcome> {
    const next = random(seed);
    if (next(8) === 0) return mutatedGroups(next);
    const prey = this.#preys[next(this.#preys.length)];
    if (prey === undefined) throw new Error("no prey");
    const undo = change(prey, next);
    try {
      return await read(prey, next);
    } catch (error) {
      throw new Error(`seed ${seed}, ${prey.name}: ${error instanceof Error ? error.stack : String(error)}`);
    } finally {
      undo();
    }
  }
}

function zooOf(minor: (typeof MINORS)[number], hasMalloc: boolean): Uint8Array {
  const world = new World(minor);
  world.addInterpreter();
  addZoo(world);
  if (hasMalloc) return world.build().core;
  world.heap.hasMainArena = false;
  world.build();
  linkTracked(world);
  return writeCore(world.heap.memory, world.process);
}

/** Spoils the headers of malloc's chunks, and puts what the collector knows into one list: then its lists alone tell of objects. */
function linkTracked({ heap }: World): void {
  const { memory } = heap;
  const heads = heap.objects.flatMap(({ address, block, type, state }) => {
    if (block === null) return [];
    if (block.place === "chunk") memory.u64(block.start - 8, 7);
    return state === "live" && type !== null && (type.flags & GC) !== 0 ? [address - HEAD_BYTES] : [];
  });
  const head = PLACES.data + 8;
  [head, ...heads].forEach((at, index, all) => {
    const following = all[(index + 1) % all.length] ?? at;
    memory.u64(at, following);
    memory.u64(following + 8, at);
  });
}

function freeWorld(version: "3.13t" | "3.14t" | "3.15t"): Uint8Array {
  const world = new FreeWorld(version);
  const floats = Array.from({ length: 50 }, () => world.float());
  world.freedFloat("own");
  world.freedFloat("others");
  world.module("app", [
    ["rows", world.list(floats)],
    ["box", world.box([["content", world.list([world.float()])]])],
  ]);
  return world.build();
}

function preyOf(name: string, core: Uint8Array): Prey {
  const held = new SharedArrayBuffer(core.length);
  new Uint8Array(held).set(core);
  const view = new DataView(held);
  const words: number[] = [];
  // What stands before belongs to ELF, which is mutated elsewhere.
  for (let at = 4096; at + 8 <= core.length; at += 8) if (view.getBigUint64(at, true) !== 0n) words.push(at);
  return { name, held, view, words: Uint32Array.from(words) };
}

/** Changes a few words: to what harms, to another word, by a bit, or by a little. Returns how to undo it. */
function change({ view, words }: Prey, next: Random): () => void {
  const old: [at: number, word: bigint][] = [];
  const place = () => words[next(words.length)] ?? 4096;
  for (let left = 1 + next(MOST_CHANGES); left > 0; left -= 1) {
    const at = place();
    const word = view.getBigUint64(at, true);
    old.push([at, word]);
    view.setBigUint64(
      at,
      changed(word, () => view.getBigUint64(place(), true), next),
      true,
    );
  }
  return () => {
    for (const [at, word] of old.reverse()) view.setBigUint64(at, word, true);
  };
}

function changed(word: bigint, another: () => bigint, next: Random): bigint {
  const small = BigInt(next(512)) - 256n;
  const all = [HARM[next(HARM.length)] ?? 0n, another(), word ^ (1n << BigInt(next(64))), word + small];
  return BigInt.asUintN(64, all[next(all.length)] ?? 0n);
}

/** All that the commands say of a heap. @throws where that is wrong */
async function read({ name, held, view, words }: Prey, next: Random): Promise<HeapOutcome> {
  const source = { ...memoryBytes(new Uint8Array(held)), held };
  const core = openCore(source);
  if (core === null) throw new Error("no core");
  const target = new Target({ source, core, image: core.image, broken: null, cut: null }, null);
  let warnings = 0;
  const listener: Listener = ({ kind }) => {
    if (kind === "warning") warnings += 1;
  };
  let outcome: HeapOutcome = "read";
  try {
    const options = { threads: 1, modules: false } as const;
    // One or the other: owners find the objects in the same way.
    if (next(2) === 0) await checkTypes(target, options, listener);
    else await answerOwners(target, options, listener);
    if (next(4) === 0) await threadStacks(core, null, { locals: true });
    const objects = await openObjects(core, null);
    for (let asked = 0; asked < 4; asked += 1) {
      const at = view.getBigUint64(words[next(words.length)] ?? 4096, true);
      if (at < 2n ** 47n) objects.objectAt(Number(at));
    }
    objects.close();
    if (warnings > 0) outcome = "warned";
  } catch (error) {
    if (!(error instanceof CoregramError) || error.code === "usage") throw error;
    outcome = "refused";
  }
  if (source.asked > MOST_ASKED) throw new Error(`${name}: ${source.asked} bytes were asked for`);
  return outcome;
}

async function checkTypes(target: Target, options: TypesOptions, listener: Listener): Promise<void> {
  const all = { ...options, limit: Number.POSITIVE_INFINITY };
  const { totals, rows } = await answerTypes(target, all, listener);
  const saved = Object.values(totals.balance).reduce((sum, part) => sum + part, 0);
  if (saved !== totals.savedBytes) throw new Error(`the balance has ${saved} of ${totals.savedBytes} bytes`);
  for (const { count, bytes } of rows)
    if (!(count >= 0 && Number.isSafeInteger(bytes))) throw new Error(`${count} of ${bytes} bytes`);
}

const NO_TYPES: TwinPlan = {
  types: [],
  mostRefs: 1000,
  refs: 0,
  str: { ascii: 40, compact: 56, whole: 64, hasWide: false },
};

const DATA = 0x7f00_0010_0000;
const SMALL = 0x7f00_2000_0000;
/** Larger than what is read at a time, with a group in one of its first slots. */
const LARGE = 0x7f00_3000_0000;
const LARGE_STRIDE = 2047 * 16;
const LARGE_PAGES = 225;
const GROUPS: readonly GroupPlan[] = [
  {
    mem: SMALL,
    ...{ sizeClass: 19, stride: 63 * 16, pages: 2 },
    slots: [{ bytes: 900 }, "freed", { bytes: 900, units: 1, isGroup: true }, { bytes: 600, units: 20 }],
  },
  {
    mem: SMALL + 16 + 2 * 1008 + 16,
    sizeClass: 2,
    stride: 48,
    slots: [{ bytes: 44 }, "freed", { bytes: 3 }],
  },
  {
    mem: LARGE,
    ...{ sizeClass: 39, stride: LARGE_STRIDE, pages: LARGE_PAGES },
    slots: Array.from({ length: 28 }, (_, slot) => ({ bytes: 30_000, isGroup: slot === 2 })),
  },
  {
    mem: LARGE + 16 + 2 * LARGE_STRIDE,
    sizeClass: 2,
    stride: 48,
    slots: [{ bytes: 44 }, "freed", { bytes: 3 }],
  },
];

/** musl's groups, of which words are changed: each byte is still one thing. */
function mutatedGroups(next: Random): HeapOutcome {
  const memory = new Memory();
  const regions = [memory.map(DATA, 0x1000), memory.map(DATA + 0x1000, 0x1000), memory.map(SMALL, 0x2000)];
  memory.map(LARGE, LARGE_PAGES * 4096);
  putMallocng(memory, DATA + 0x4a0, DATA + 0x1000, GROUPS);
  for (let left = 1 + next(4); left > 0; left -= 1) {
    const region = regions[next(regions.length)];
    const words = Array.from({ length: (region?.data.length ?? 0) / 8 }, (_, word) => word * 8).filter(
      (at) => region?.view.getBigUint64(at, true) !== 0n,
    );
    const at = words[next(words.length)] ?? 0;
    const word = region?.view.getBigUint64(at, true) ?? 0n;
    region?.view.setBigUint64(
      at,
      changed(word, () => BigInt(SMALL + next(0x2000)), next),
      true,
    );
  }
  const image = imageOf(memory);
  const reader = new MemoryReader(image);
  const found = readMallocng(image, reader, [{ start: DATA, end: DATA + 0x1000 }]);
  const slots = found.groups.flatMap((group) => [...slotsOf(reader, group)]);
  const use = mallocngUse(
    found,
    (group) => slotStates(reader, group),
    () => 0,
  );
  if (use === null) return "refused";
  if (!(use.headerBytes >= 0)) throw new Error(`${use.headerBytes} bytes of headers`);
  checkSlots(image, reader, found, use);
  return found.lostGroups > 0 || slots.some(({ state }) => state === "damaged") ? "warned" : "read";
}

/** The kernel finds in the slots what is found in them one by one. */
function checkSlots(image: Image, reader: MemoryReader, mallocng: Mallocng, use: ArenaUse): void {
  const { memory, survey } = surveyOf([]);
  const crew = { memory, kernel: instantiate(compileKernel(), memory.wasm) } as unknown as Crew;
  const places = { crew, plan: putPlan(memory, NO_TYPES), tally: memory.place(0) };
  const sums = emptySums();
  const { blocks } = findInSlots(places, image, reader, survey, mallocng, sums);
  const found = [
    blocks.reduce((sum, pairs) => sum + pairs.length / 2, 0),
    sums.slotBytes,
    sums.freeSlotBytes,
  ];
  const expected = [use.usedCount, use.usedBytes, use.freeBytes];
  if (found.join() !== expected.join()) throw new Error(`slots have ${found}, not ${expected}`);
}
