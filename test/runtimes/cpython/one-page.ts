import { MemoryReader } from "../../../src/blocks/index.ts";
import { LAYOUTS, type Layout } from "../../../src/runtimes/cpython/layout/layout.ts";
import { openPlan } from "../../image/open-plan.ts";

/** Where the page lies. */
export const AT = 0x7f00_0000_0000;

export function layout(version: string): Layout {
  const found = LAYOUTS.find((each) => each.version === version);
  if (found === undefined) throw new RangeError(version);
  return found;
}

/** A page of writable memory, zeros but for what is put there. */
export function memory(put: (view: DataView) => void): MemoryReader {
  const data = new Uint8Array(4096);
  put(new DataView(data.buffer));
  return new MemoryReader(openPlan([{ type: 1, flags: 6, start: BigInt(AT), data }]).image);
}
