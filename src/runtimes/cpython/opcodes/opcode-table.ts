/** What the numbers of a version's instructions stand for, as `scripts/opcodes.mjs` writes it down. */
export interface OpcodeTable {
  /** By number, with white space between; of what the interpreter specialised, the instruction that it was. */
  readonly names: string;
  /** `LOAD_ATTR=4`: units of two bytes behind an instruction that hold what the interpreter learned. */
  readonly caches: string;
}
