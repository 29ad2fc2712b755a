declare const addressBrand: unique symbol;

/** A full 64-bit virtual address, 0 to 2^64 - 1. A bigint: kernel addresses lie above 2^53. */
export type Address = bigint & { readonly [addressBrand]: true };

/**
 * Where user space ends on the 64-bit machines whose processes are read as numbers: 47 or 48 bits of an address (Linux
 * Documentation/arch/x86/x86_64/mm.rst, arch/arm64/memory.rst). Addresses below it are exact as numbers.
 */
export const USER_SPACE_END = 2 ** 48;

/** The bigint as an address, wrapped to 64 bits as the machine would. */
export function address(value: bigint): Address {
  return BigInt.asUintN(64, value) as Address;
}

/** `0x7f01104e0c70`: lower case, no leading zeros, as gdb and /proc/PID/maps write it. */
export function formatAddress(at: bigint): string {
  return `0x${at.toString(16)}`;
}

/**
 * An address as people paste it: hex with or without `0x`, in either case, up to 16 digits.
 * Returns null for anything else.
 */
export function parseAddress(text: string): Address | null {
  return /^(0x)?[0-9a-f]{1,16}$/i.test(text) ? address(BigInt(`0x${text.replace(/^0x/i, "")}`)) : null;
}
