import { demangleItanium } from "./encoding.ts";
import { demangleRustLegacy } from "./rust-legacy.ts";
import { demangleRustV0 } from "./rust-v0.ts";

/** No compiler makes longer names that anyone could read. */
const MOST_CHARACTERS = 1 << 14;

/**
 * A name as its source has it: C++ (Itanium ABI) with parameters, as `c++filt -i` and gdb write it, and Rust (legacy and
 * v0) without hashes. Any other, and one that is not understood, broken or made to explode, stays as it is. A version
 * (`@@GLIBCXX_3.4`) stays at the end. Costs microseconds: for the names that are shown, not for whole tables.
 */
export function demangle(name: string): string {
  if (name.length > MOST_CHARACTERS) return name;
  const at = name.indexOf("@");
  const symbol = at < 0 ? name : name.slice(0, at);
  const found = demangleSymbol(symbol);
  return found === null || found === "" ? name : found + name.slice(symbol.length);
}

function demangleSymbol(symbol: string): string | null {
  if (symbol.startsWith("_R")) return demangleRustV0(symbol);
  return symbol.startsWith("_Z") ? (demangleRustLegacy(symbol) ?? demangleItanium(symbol)) : null;
}
