import type { MemoryReader } from "../../../blocks/index.ts";
import { USER_SPACE_END } from "../../../terms/index.ts";
import { FLAG } from "../layout/layout.ts";
import { ANY, type AnyStructs } from "../structs/structs.ts";
import { hasFlag, readType, type TypeObject, type TypeObjects } from "./type-objects.ts";

/** Py_TPFLAGS_READY: PyType_Ready has seen it (Include/object.h). */
const READY = 1 << 12;
/** Longer chains of types and bases run in a circle. */
const MOST_STEPS = 256;
/** Addresses that are known to be no type: forgotten all at once past that many. */
const MOST_MISSES = 65_536;

/**
 * Types by their addresses, looked at when they are asked for: whether a PyTypeObject lies at an address is decided by
 * its own words, those of its bases and of its metatypes, without a pass over memory. What the map iterates over are
 * the types that were asked for so far.
 */
export class TypesAt extends Map<number, TypeObject> implements TypeObjects {
  readonly structs: AnyStructs;
  readonly #reader: MemoryReader;
  readonly #misses = new Set<number>();
  #root = 0;

  constructor(reader: MemoryReader, structs: AnyStructs = ANY) {
    super();
    this.#reader = reader;
    this.structs = structs;
  }

  /** `type`'s own address; 0 until a type was found. */
  get root(): number {
    return this.#root;
  }

  get all(): ReadonlyMap<number, TypeObject> {
    return this;
  }

  override get(address: number): TypeObject | undefined {
    const known = super.get(address);
    if (known !== undefined) return known;
    if (!(address > 0 && address < USER_SPACE_END && address % 8 === 0) || this.#misses.has(address))
      return undefined;
    const type = this.#look(address);
    if (type !== null) {
      this.set(address, type);
      return type;
    }
    if (this.#misses.size >= MOST_MISSES) this.#misses.clear();
    this.#misses.add(address);
    return undefined;
  }

  #look(address: number): TypeObject | null {
    const type = this.#readReady(address);
    if (type === null) return null;
    const root = this.#rootOf(type);
    if (root === null || (this.#root !== 0 && root !== this.#root) || !this.#endsInObject(type, root))
      return null;
    if (this.#root === 0) {
      const itself = this.#readReady(root);
      if (itself === null || !this.#endsInObject(itself, root)) return null;
      this.#root = root;
    }
    return type;
  }

  /** What the kernel's `mayBeType` asks for, and a type for its own type. */
  #readReady(address: number): TypeObject | null {
    const reader = this.#reader;
    const type = readType(reader, address, this.structs);
    const { PyTypeObject } = this.structs;
    const isSane =
      type !== null &&
      (type.flags & READY) !== 0 &&
      reader.u32(address + PyTypeObject.tp_flags + 4) === 0 &&
      (this.structs !== ANY || reader.u64(address) !== 0) &&
      type.itemSize < 2 ** 16 &&
      type.name > 0 &&
      type.name < USER_SPACE_END;
    return isSane ? type : null;
  }

  /** Where the chain of metatypes ends in itself; null where it does not, or leads over what makes no types. */
  #rootOf(type: TypeObject): number | null {
    let here: TypeObject | null = type;
    for (let steps = 0; here !== null && steps < MOST_STEPS; steps += 1) {
      if (steps > 0 && !hasFlag(here, FLAG.type)) return null;
      if (here.type === here.address) return hasFlag(here, FLAG.type) ? here.address : null;
      here = this.#readReady(here.type);
    }
    return null;
  }

  /** Whether its bases end in `object`, whose type is `type`. */
  #endsInObject(type: TypeObject, root: number): boolean {
    let here: TypeObject | null = type;
    for (let steps = 0; here !== null && steps < MOST_STEPS; steps += 1) {
      if (here.base === 0) return here.type === root && here.address !== root;
      here = this.#readReady(here.base);
    }
    return false;
  }
}
