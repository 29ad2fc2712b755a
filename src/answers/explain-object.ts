import type { Core } from "../image/index.ts";
import { type ObjectReader, openObjects } from "../runtimes/index.ts";
import { type Address, formatAddress, USER_SPACE_END } from "../terms/index.ts";
import { NO_REFERRERS } from "./referrers.ts";
import type { WhatisBlock, WhatisObject, WhatisRow } from "./results/index.ts";

/** The object that has the address, or else the allocator's block, as a row shows them, without who holds them. */
export type ExplainObject = (at: Address) => Pick<WhatisRow, "object" | "block">;

/**
 * Calls `use` with what explains addresses as the objects of a runtime at them, read one by one.
 * @param root where modules' files are looked for, for names that the core lacks; null for nowhere
 */
export async function withObjects<Result>(
  core: Core | null,
  root: string | null,
  use: (explain: ExplainObject) => Result,
): Promise<Result> {
  if (core === null) return use(() => ({ object: null, block: null }));
  const reader = await openObjects(core, root);
  try {
    return use((at) => {
      const object = explainObject(reader, at);
      return { object, block: object === null ? explainBlock(reader, at) : null };
    });
  } finally {
    reader.close();
  }
}

function explainObject(reader: ObjectReader, at: Address): WhatisObject | null {
  const object = at < USER_SPACE_END ? reader.objectAt(Number(at)) : null;
  if (object === null) return null;
  const { typeName, typeAddress, bytes, references, isImmortal, state, place, text, length, held } = object;
  return {
    type: typeName,
    typeAddress: hex(typeAddress),
    address: hex(object.address),
    offset: Number(at) - object.address,
    bytes,
    references: isImmortal ? null : references,
    immortal: isImmortal,
    state,
    place,
    value: text,
    length,
    path: null,
    retainedBytes: null,
    items: held.map((item) => ({
      name: item.label,
      address: hex(item.address),
      type: item.typeName,
      value: item.text,
    })),
    ...NO_REFERRERS,
  };
}

function explainBlock(reader: ObjectReader, at: Address): WhatisBlock | null {
  const block = at < USER_SPACE_END ? reader.blockAt(Number(at)) : null;
  if (block === null) return null;
  return {
    address: hex(block.start),
    offset: Number(at) - block.start,
    bytes: block.bytes,
    state: block.isInUse ? "in use" : "free",
    place: block.kind,
    ...{ part: null, path: null, type: null, retainedBytes: null },
    ...NO_REFERRERS,
  };
}

function hex(at: number): string {
  return formatAddress(BigInt(at));
}
