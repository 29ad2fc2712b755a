import { Machine } from "../elf/index.ts";
import { type Address, address } from "../terms/index.ts";
import type { Core } from "./core.ts";

/** A word as the address that the machine takes it for, and the bits that it does not look at. */
export interface Tagged {
  readonly address: Address;
  /** `tag 0xb4`, `PAC 0x1f`. */
  readonly tag: string;
}

interface TagKind {
  readonly name: string;
  /** Bits from here on, up to 63, are no part of an address. */
  readonly bits: bigint;
}

/**
 * What stands above an address in use: on aarch64 every process may have tags in the top byte (TBI, and in it MTE's:
 * Linux Documentation/arch/arm64/tagged-address-abi.rst), and codes below it (PAC: pointer-authentication.rst).
 */
const AARCH64: readonly TagKind[] = [
  { name: "tag", bits: 56n },
  { name: "PAC", bits: 48n },
];
/** Where a process asks for it: LAM of x86-64 with 57 or 48 bits of address (arch/x86/x86_64, "LAM_U57"). */
const X86_64: readonly TagKind[] = [
  { name: "LAM tag", bits: 57n },
  { name: "LAM tag", bits: 48n },
];
/** Pointer masking of 7 or 16 bits (RISC-V "Pointer Masking", Ssnpm). */
const RISCV: readonly TagKind[] = [
  { name: "pointer mask", bits: 57n },
  { name: "pointer mask", bits: 48n },
];

/** Tells addresses from what stands in their upper bits, by what of them is memory. */
export class AddressTags {
  readonly #core: Core;
  readonly #kinds: readonly TagKind[];

  /**
   * @param isAsked whether a user says that the words are addresses: else only what every process of the machine may have
   * counts, for other words have bits there, too
   */
  constructor(core: Core, isAsked: boolean) {
    const { machine, class: bits } = core.header;
    this.#core = core;
    this.#kinds = bits === 32 ? [] : kindsOf(machine, isAsked);
  }

  /** Whether words may have any. */
  get mayBe(): boolean {
    return this.#kinds.length > 0;
  }

  /** Null where the word is an address as it stands, and where it is none without its upper bits either. */
  strip(word: bigint): Tagged | null {
    if (this.#kinds.length === 0 || word >> 48n === 0n || this.#hasMemory(word)) return null;
    for (const { name, bits } of this.#kinds) {
      const at = BigInt.asUintN(Number(bits), word);
      if (at === word || !this.#hasMemory(at)) continue;
      return { address: address(at), tag: `${name} 0x${(word >> bits).toString(16)}` };
    }
    return null;
  }

  #hasMemory(at: bigint): boolean {
    const { image } = this.#core;
    return image.segmentAt(at) !== null || image.mappingAt(at) !== null;
  }
}

function kindsOf(machine: number, isAsked: boolean): readonly TagKind[] {
  if (machine === Machine.AARCH64) return AARCH64;
  if (!isAsked) return [];
  if (machine === Machine.X86_64) return X86_64;
  return machine === Machine.RISCV ? RISCV : [];
}
