import type { Crew } from "../../../kernel/index.ts";
import { CoregramError } from "../../../terms/index.ts";
import type { Layout } from "../layout/layout.ts";
import type { TypePlan } from "../types/kinds.ts";

const ENTRY_BYTES = 32;
const PLAN_BYTES = 128;
/** 0x9e3779b97f4a7c15, as the kernel hashes. */
const MULTIPLIER = 0x9e3779b97f4a7c15n;
/** A longer walk than this from a type's place makes the table grow. */
const MOST_PROBES = 32;
const MOST_HASH_BITS = 26;

/** The interpreter's own static data: its module's writable memory. */
export interface StaticData {
  readonly start: number;
  readonly bytes: number;
  /** Place of a byte for each 8 bytes: 1 where something outside points there. */
  readonly marks: number;
}

/**
 * Writes what the kernel needs to know an object by: the plan, a type's entry each, and the hash table of their
 * addresses. `mostRefs` is a count of references that no object can have. Returns the plan's place.
 * @throws CoregramError `limit` where the types' addresses cannot be told apart by a table
 */
export function writePlan(
  crew: Crew,
  layout: Layout,
  types: readonly TypePlan[],
  mostRefs: number,
  statics: StaticData,
): number {
  const { memory } = crew;
  const { slots, bits } = hashAddresses(types.map(({ type }) => BigInt(type.address)));
  const plan = memory.place(PLAN_BYTES);
  const entries = memory.place(types.length * ENTRY_BYTES);
  const hash = memory.place(slots.byteLength);
  const { buffer } = memory.wasm;
  new Uint32Array(buffer, hash, slots.length).set(slots);
  new BigUint64Array(buffer, plan, PLAN_BYTES / 8).set(
    [
      hash,
      64 - bits,
      entries,
      mostRefs,
      layout.refs,
      layout.strAscii,
      layout.strCompact,
      layout.strWhole,
      layout.strHasWide ? 1 : 0,
      statics.start,
      statics.bytes,
      statics.marks,
      layout.newKeys ? 1 : 0,
    ].map(BigInt),
  );
  const view = new DataView(buffer, entries, types.length * ENTRY_BYTES);
  types.forEach(({ type, kind, head, leastItems, isRounded, basic, item }, index) => {
    const at = index * ENTRY_BYTES;
    view.setBigUint64(at, BigInt(type.address), true);
    view.setUint8(at + 8, kind);
    view.setUint8(at + 9, head);
    view.setUint8(at + 10, leastItems);
    view.setUint8(at + 11, isRounded ? 7 : 0);
    view.setUint32(at + 12, basic, true);
    view.setUint32(at + 16, item, true);
  });
  return plan;
}

function hashAddresses(addresses: readonly bigint[]): { slots: Uint32Array; bits: number } {
  for (
    let bits = Math.max(8, Math.ceil(Math.log2(addresses.length + 1)) + 2);
    bits <= MOST_HASH_BITS;
    bits += 1
  ) {
    const slots = new Uint32Array(2 ** bits);
    const shift = BigInt(64 - bits);
    const isPlaced = addresses.every((address, index) => {
      let slot = Number(BigInt.asUintN(64, address * MULTIPLIER) >> shift);
      for (let probes = 0; probes < MOST_PROBES; probes += 1) {
        if (slots[slot] === 0) {
          slots[slot] = index + 1;
          return true;
        }
        slot = (slot + 1) % slots.length;
      }
      return false;
    });
    if (isPlaced) return { slots, bits };
  }
  throw new CoregramError("limit", `${addresses.length} types are at addresses that no table tells apart`);
}
