import type { Address } from "./address.ts";

/** Addresses [start, end): the end is exclusive. */
export interface Range {
  readonly start: Address;
  readonly end: Address;
}

/** Bytes of a file, [offset, offset + bytes). Checked to be safe integers by whoever makes one. */
export interface Extent {
  readonly offset: number;
  readonly bytes: number;
}
