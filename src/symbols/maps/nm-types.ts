// The one-letter symbol types of nm (binutils nm(1); System.map and kallsyms use the same letters).

/** Letters of symbols that lie in the image: code, data, bss, read-only, weak, unique, ifunc … */
const PLACED = "BbDdGgiRrSsTtuVvWwp";
/**
 * Letters of symbols that do not: debugging and non-loaded sections (`N`, `n`: their addresses start at 0),
 * common symbols (`C`, `c`: the value is a size), indirect ones, stabs and unknown ones.
 */
const UNPLACED = "NnCcI-?";
const UNDEFINED = "UwvWV";

const KIND = new Uint8Array(256);
for (const letter of UNPLACED) KIND[letter.charCodeAt(0)] = 1;
for (const letter of "Aa") KIND[letter.charCodeAt(0)] = 2;
for (const letter of PLACED) KIND[letter.charCodeAt(0)] = 3;
const IS_UNDEFINED = new Uint8Array(256);
for (const letter of UNDEFINED) IS_UNDEFINED[letter.charCodeAt(0)] = 1;

/** A flag for each letter of a symbol that is at an address of the image wherever that is, unless it is 0. */
export const IS_PLACED: Uint8Array = KIND.map((kind) => Number(kind === 3));

/** Whether the byte is a type letter, of a symbol with or without a value. */
export function isSymbolType(byte: number | undefined): boolean {
  return (KIND[byte ?? 0] ?? 0) > 0 || byte === 0x55;
}

/** Whether the byte may be the type of a symbol without a value. */
export function isUndefinedType(byte: number | undefined): boolean {
  return IS_UNDEFINED[byte ?? 0] === 1;
}

/**
 * Whether a symbol of this type and value (as signed halves) is at an address of the image, so that it can name
 * a word. Never at 0: unprivileged kallsyms has nothing but zeros, and a quarter of all words are 0.
 *
 * Absolute symbols (`A`) are constants (version nodes, counters, flags), and to name the word 1 after one is
 * wrong; but the kernel has real places among them (linker script symbols of System.map). So they count in
 * the kernel's half of the address space alone, less the last page, where small negative constants are.
 */
export function isPlaced(type: number | undefined, high: number, low: number): boolean {
  const kind = KIND[type ?? 0] ?? 0;
  if (kind === 2) return high < 0 && !(high === -1 && low < 0 && low >= -0x1000);
  return kind === 3 && (high !== 0 || low !== 0);
}
