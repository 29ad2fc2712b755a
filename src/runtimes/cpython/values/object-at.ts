import { type Block, BlockFinder, spanAt } from "../../../blocks/index.ts";
import { type Core, readModules, readThreads, threadPointersOf } from "../../../image/index.ts";
import { USER_SPACE_END } from "../../../terms/index.ts";
import type { HeldObject, ObjectAt, ObjectReader } from "../../object-at.ts";
import { FLAG, type Layout } from "../layout/layout.ts";
import { readRefs } from "../layout/refs.ts";
import { ownSize, sizeAt } from "../objects/size-at.ts";
import { PythonMemory } from "../python-memory.ts";
import { hasFlag, type TypeObject } from "../types/type-objects.ts";
import type { Held } from "./reading.ts";
import { readShort, readValue } from "./value.ts";

/** What was found of an object before its value is read. */
type Place = Pick<ObjectAt, "address" | "state" | "place"> & { readonly type: TypeObject };

/** An object begins that many bytes into its block: at once, behind the collector's head, behind 16 bytes more. */
const HEADS = [0, 16, 32] as const;
/** PYTHONMALLOC=debug puts the size and a letter in front of a block, and 8 bytes behind it. */
const DEBUG_HEAD = 16;
/** A static object that has an address begins at most that many bytes before it. */
const MOST_STATIC_BYTES = 16_384;

/** Of what a held object holds itself, that many are shown. */
const FEW = 3;

/** Reads objects of a CPython one by one, see `Runtime.openObjects`. */
export function openPythonObjects(core: Core, root: string | null): ObjectReader | null {
  if (core.header.class !== 64 || core.header.endian !== "little") return null;
  const memory = new PythonMemory(core, readModules(core), root);
  const finder = new ObjectFinder(memory);
  return {
    objectAt: (at) => finder.objectAt(at),
    blockAt: (at) => finder.blockAt(at),
    close: () => memory.close(),
  };
}

/** Finds the objects that have addresses, one by one. */
export class ObjectFinder {
  readonly #memory: PythonMemory;
  readonly #blocks: BlockFinder;

  constructor(memory: PythonMemory) {
    this.#memory = memory;
    const threadPointers = threadPointersOf(readThreads(memory.core));
    this.#blocks = new BlockFinder(memory.core.image, memory.reader, () => ({
      statics: memory.spans.all,
      threadPointers,
    }));
  }

  /**
   * The object that begins at the address or has it inside; null where there is none.
   * @throws CoregramError as reading does
   */
  objectAt(at: number): ObjectAt | null {
    const place = this.#placeOf(at);
    const { layout } = this.#memory;
    return place === null || layout === null ? null : this.#describe(layout, place);
  }

  /** The block that has the address, of whatever is in it. */
  blockAt(at: number): Block | null {
    return at > 0 && at < USER_SPACE_END ? this.#blocks.blockAt(at) : null;
  }

  #placeOf(at: number): Place | null {
    if (!(at > 0 && at < USER_SPACE_END)) return null;
    const block = this.#blocks.blockAt(at);
    if (block !== null) return this.#inBlock(block, 0);
    if (this.#isStatic(at)) return this.#staticAt(at);
    // Memory of an allocator that is not known: an object only where it begins.
    const type = this.#memory.typeOf(at);
    if (type === null || this.#memory.layout === null) return null;
    const refs = readRefs(this.#memory.reader, this.#memory.layout, at);
    return refs === null || refs.count === 0 ? null : { address: at, type, state: "unknown", place: null };
  }

  /** As the kernel's `findObject` and `countFreed` do. `lead` is what stands in front of what was asked for. */
  #inBlock(block: Block, lead: number): Place | null {
    const { reader } = this.#memory;
    const start = block.start + lead;
    for (const head of HEADS) {
      const address = start + head;
      const type = head + lead + 16 <= block.bytes ? this.#memory.typeOf(address) : null;
      const { layout } = this.#memory;
      if (type === null || layout === null) continue;
      const plan = this.#memory.planOf(layout, type);
      if (plan.head !== head) continue;
      const refs = readRefs(reader, layout, address);
      const own = ownSize(reader, layout, plan, address);
      // The free list's link is the first word of a freed block.
      const isFreed = !block.isInUse || refs?.count === 0;
      if (!isFreed && (refs === null || own === null || own > block.bytes - lead - head + 8)) continue;
      if (isFreed && plan.basic > block.bytes - lead) continue;
      return { address, type, state: isFreed ? "freed" : "live", place: block.kind };
    }
    const isDebug = lead < 2 * DEBUG_HEAD && reader.u32(start + 12) === 0xfdfdfdfd;
    return isDebug ? this.#inBlock(block, lead + DEBUG_HEAD) : null;
  }

  #staticAt(at: number): Place | null {
    const { reader } = this.#memory;
    const first = at - (at % 8);
    for (let address = first; address > first - MOST_STATIC_BYTES && this.#isStatic(address); address -= 8) {
      const type = this.#memory.typeOf(address);
      const { layout } = this.#memory;
      if (type === null || layout === null) continue;
      const refs = readRefs(reader, layout, address);
      if (refs === null || refs.count === 0) continue;
      const plan = this.#memory.planOf(layout, type);
      const own = hasFlag(type, FLAG.type)
        ? layout.structs.PyTypeObject.sizeof
        : ownSize(reader, layout, plan, address);
      if (own === null || address + own <= at) continue;
      return { address, type, state: "live", place: "static" };
    }
    return null;
  }

  #isStatic(at: number): boolean {
    return spanAt(this.#memory.spans.all, at) !== null;
  }

  #describe(layout: Layout, place: Place): ObjectAt {
    const { reader } = this.#memory;
    const { address, type, state } = place;
    const refs = state === "freed" ? null : readRefs(reader, layout, address);
    const { text, length, held } = readValue(this.#memory, layout, type, address);
    return {
      address,
      typeAddress: type.address,
      state,
      place: place.place,
      typeName: this.#memory.nameOf(type).name,
      bytes: sizeAt(reader, layout, this.#memory.planOf(layout, type), address),
      references: refs?.count ?? null,
      isImmortal: refs?.isImmortal ?? false,
      text,
      length,
      // A word of a damaged or a freed object may be no address.
      held: held
        .filter((item) => item.address < USER_SPACE_END)
        .map((item) => this.#describeHeld(layout, item)),
    };
  }

  #describeHeld(layout: Layout, { label, address }: Held): HeldObject {
    const type = this.#memory.typeOf(address);
    if (type === null) return { label, address, typeName: null, text: null };
    const text = readShort(this.#memory, layout, type, address, FEW);
    return { label, address, typeName: this.#memory.nameOf(type).name, text };
  }
}
