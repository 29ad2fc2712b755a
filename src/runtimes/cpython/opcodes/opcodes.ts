import type { OpcodeTable } from "./opcode-table.ts";
import { OPCODES_36 } from "./v36.ts";
import { OPCODES_37 } from "./v37.ts";
import { OPCODES_38 } from "./v38.ts";
import { OPCODES_39 } from "./v39.ts";
import { OPCODES_310 } from "./v310.ts";
import { OPCODES_311 } from "./v311.ts";
import { OPCODES_312 } from "./v312.ts";
import { OPCODES_313 } from "./v313.ts";
import { OPCODES_314 } from "./v314.ts";
import { OPCODES_315 } from "./v315.ts";

/** A version's instructions. */
export interface Opcodes {
  /** By number; undefined or "-" where the version has none. */
  readonly names: readonly string[];
  /** Units of two bytes that follow an instruction, by its name. */
  readonly caches: ReadonlyMap<string, number>;
}

const TABLES: ReadonlyMap<number, OpcodeTable> = new Map([
  [6, OPCODES_36],
  [7, OPCODES_37],
  [8, OPCODES_38],
  [9, OPCODES_39],
  [10, OPCODES_310],
  [11, OPCODES_311],
  [12, OPCODES_312],
  [13, OPCODES_313],
  [14, OPCODES_314],
  [15, OPCODES_315],
]);
const known = new Map<number, Opcodes>();

/** The instructions of CPython 3.`minor`; null where there is no table of them. */
export function opcodesOf(minor: number): Opcodes | null {
  const made = known.get(minor);
  if (made !== undefined) return made;
  const table = TABLES.get(minor);
  if (table === undefined) return null;
  const names = table.names.trim().split(/\s+/);
  const caches = new Map<string, number>();
  for (const word of table.caches.trim().split(/\s+/)) {
    const [name = "", count] = word.split("=");
    if (name !== "") caches.set(name, Number(count));
  }
  const opcodes = { names, caches };
  known.set(minor, opcodes);
  return opcodes;
}
