/** Rust's first mangling: an Itanium name whose last part is a hash, and whose parts escape what C++ cannot have. */
const HASH = /^h[0-9a-f]{16}$/;
/** What is no hash by its look: a word of few letters. */
const LEAST_DISTINCT_DIGITS = 5;
const ESCAPES: Readonly<Record<string, string>> = {
  SP: "@",
  BP: "*",
  RF: "&",
  LT: "<",
  GT: ">",
  LP: "(",
  RP: ")",
  C: ",",
};

/**
 * A Rust name mangled in the legacy way (rustc compiler/rustc_symbol_mangling/src/legacy.rs), without its hash.
 * Null where it is none: then it is C++.
 */
export function demangleRustLegacy(mangled: string): string | null {
  if (!mangled.startsWith("_ZN") || !mangled.includes("17h")) return null;
  const parts: string[] = [];
  let at = 3;
  while (mangled[at] !== "E") {
    const digits = /^[1-9][0-9]{0,5}/.exec(mangled.slice(at, at + 6))?.[0];
    if (digits === undefined) return null;
    at += digits.length;
    const part = mangled.slice(at, at + Number(digits));
    if (part.length < Number(digits)) return null;
    parts.push(part);
    at += part.length;
  }
  const hash = parts.pop() ?? "";
  if (!HASH.test(hash) || new Set(hash.slice(1)).size < LEAST_DISTINCT_DIGITS || parts.length === 0)
    return null;
  // LLVM's suffixes (`.llvm.123`) say nothing about what it is.
  if (at + 1 < mangled.length && mangled[at + 1] !== ".") return null;
  const names = parts.map(unescapePart);
  return names.includes(null) ? null : names.join("::");
}

function unescapePart(part: string): string | null {
  // An identifier cannot start with `$`, so `_` was put before it.
  const text = part.startsWith("_$") ? part.slice(1) : part;
  let isValid = true;
  const name = text.replace(/\$([^$]*)\$|\.\.|\$/g, (whole, code: string | undefined) => {
    if (whole === "..") return "::";
    if (code !== undefined && Object.hasOwn(ESCAPES, code)) return ESCAPES[code] ?? "";
    const character = /^u[0-9a-f]{1,6}$/.test(code ?? "") ? Number.parseInt((code ?? "").slice(1), 16) : -1;
    if (character >= 0x20 && character <= 0x10ffff) return String.fromCodePoint(character);
    isValid = false;
    return whole;
  });
  return isValid ? name : null;
}
