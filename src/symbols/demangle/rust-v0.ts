import { NotMangled } from "./printer.ts";
import { RustReader } from "./rust-reader.ts";

const MOST_CHARACTERS = 1 << 16;
const MOST_VISITS = 1 << 17;
const MOST_DEPTH = 256;
const MOST_LIFETIMES = 1 << 10;

const BASIC_TYPES: Readonly<Record<string, string>> = {
  a: "i8",
  b: "bool",
  c: "char",
  d: "f64",
  e: "str",
  f: "f32",
  h: "u8",
  i: "isize",
  j: "usize",
  l: "i32",
  m: "u32",
  n: "i128",
  o: "u128",
  p: "_",
  s: "i16",
  t: "u16",
  u: "()",
  v: "...",
  x: "i64",
  y: "u64",
  z: "!",
};

/**
 * A Rust name mangled in the v0 way (Rust RFC 2603), without hashes of crates. Null where it is none, or one that is
 * not understood.
 * @param mangled beginning with `_R`
 */
export function demangleRustV0(mangled: string): string | null {
  const suffix = mangled.search(/[.$]/);
  const symbol = suffix < 0 ? mangled : mangled.slice(0, suffix);
  // A number here would be the version of an encoding yet to come.
  if (!/^_R[A-Z][0-9A-Za-z_]*$/.test(symbol)) return null;
  try {
    return new RustName(symbol.slice(2)).demangle();
  } catch (error) {
    if (error instanceof NotMangled) return null;
    throw error;
  }
}

/** Reads and prints in one go: a back reference is read again where it stands. */
class RustName {
  readonly #reader: RustReader;
  #out = "";
  #depth = 0;
  #visits = 0;
  #lifetimes = 0;
  /** What is read is not wanted: the place of an `impl`. */
  #isSilent = false;

  constructor(text: string) {
    this.#reader = new RustReader(text);
  }

  demangle(): string {
    this.#path(true);
    if (!this.#reader.isAtEnd) {
      this.#isSilent = true;
      this.#path(false); // the crate that instantiated it
    }
    if (!this.#reader.isAtEnd) throw new NotMangled("goes on");
    return this.#out;
  }

  #print(text: string): void {
    if (this.#isSilent) return;
    this.#out += text;
    if (this.#out.length > MOST_CHARACTERS) throw new NotMangled("too long");
  }

  #nest(run: () => void): void {
    this.#depth += 1;
    this.#visits += 1;
    if (this.#depth > MOST_DEPTH || this.#visits > MOST_VISITS) throw new NotMangled("too deep");
    run();
    this.#depth -= 1;
  }

  /** Reads again what stands earlier. */
  #backReference(run: () => void): void {
    const start = this.#reader.at - 1;
    const target = this.#reader.base62();
    if (target >= start) throw new NotMangled("refers to what follows");
    if (this.#isSilent) return;
    const after = this.#reader.at;
    this.#reader.at = target;
    this.#nest(run);
    this.#reader.at = after;
  }

  /** @param isValue whether arguments need `::` before them */
  #path(isValue: boolean): void {
    this.#nest(() => this.#pathHere(isValue));
  }

  #pathHere(isValue: boolean): void {
    const tag = this.#reader.next();
    switch (tag) {
      case "C":
        this.#print(this.#reader.identifier().name);
        return;
      case "N": {
        const namespace = this.#reader.next();
        if (!/[a-zA-Z]/.test(namespace)) throw new NotMangled("no namespace");
        this.#path(isValue);
        const { disambiguator, name } = this.#reader.identifier();
        if (/[a-z]/.test(namespace)) {
          if (name !== "") this.#print(`::${name}`);
          return;
        }
        const kind = namespace === "C" ? "closure" : namespace === "S" ? "shim" : namespace;
        this.#print(`::{${kind}${name === "" ? "" : `:${name}`}#${disambiguator}}`);
        return;
      }
      case "M":
      case "X":
      case "Y": {
        if (tag !== "Y") this.#implPlace();
        this.#print("<");
        this.#type();
        if (tag !== "M") {
          this.#print(" as ");
          this.#path(false);
        }
        this.#print(">");
        return;
      }
      case "I":
        this.#path(isValue);
        this.#print(isValue ? "::<" : "<");
        this.#list(() => this.#argument());
        this.#print(">");
        return;
      case "B":
        this.#backReference(() => this.#path(isValue));
        return;
    }
    throw new NotMangled(`path ${tag}`);
  }

  #implPlace(): void {
    const wasSilent = this.#isSilent;
    this.#isSilent = true;
    this.#reader.tagged("s");
    this.#path(false);
    this.#isSilent = wasSilent;
  }

  /** Up to `E`, with commas between; returns how many. */
  #list(each: () => void, separator = ", "): number {
    let count = 0;
    for (; !this.#reader.take("E"); count += 1) {
      if (count > 0) this.#print(separator);
      each();
    }
    return count;
  }

  #argument(): void {
    if (this.#reader.take("L")) this.#lifetime(this.#reader.base62());
    else if (this.#reader.take("K")) this.#constant();
    else this.#type();
  }

  /** Lifetimes of the innermost binder have the lowest numbers; they are named in the order they were bound. */
  #lifetime(index: number): void {
    this.#print("'");
    if (index === 0) {
      this.#print("_");
      return;
    }
    const depth = this.#lifetimes - index;
    if (depth < 0) throw new NotMangled("no such lifetime");
    this.#print(depth < 26 ? String.fromCharCode(0x61 + depth) : `_${depth}`);
  }

  /** `G…`: `for<'a, 'b> `, for as long as `run` runs. */
  #binder(run: () => void): void {
    const count = this.#reader.tagged("G");
    if (count > MOST_LIFETIMES) throw new NotMangled("too many lifetimes");
    if (count > 0) {
      this.#print("for<");
      for (let i = 0; i < count; i += 1) {
        if (i > 0) this.#print(", ");
        this.#lifetimes += 1;
        this.#lifetime(1);
      }
      this.#print("> ");
    }
    run();
    this.#lifetimes -= count;
  }

  #type(): void {
    this.#nest(() => this.#typeHere());
  }

  #typeHere(): void {
    const tag = this.#reader.next();
    const basic = Object.hasOwn(BASIC_TYPES, tag) ? BASIC_TYPES[tag] : undefined;
    if (basic !== undefined) {
      this.#print(basic);
      return;
    }
    switch (tag) {
      case "R":
      case "Q":
        this.#print("&");
        if (this.#reader.take("L")) {
          const lifetime = this.#reader.base62();
          if (lifetime !== 0) {
            this.#lifetime(lifetime);
            this.#print(" ");
          }
        }
        if (tag === "Q") this.#print("mut ");
        this.#type();
        return;
      case "P":
      case "O":
        this.#print(tag === "P" ? "*const " : "*mut ");
        this.#type();
        return;
      case "A":
      case "S":
        this.#print("[");
        this.#type();
        if (tag === "A") {
          this.#print("; ");
          this.#constant();
        }
        this.#print("]");
        return;
      case "T": {
        this.#print("(");
        const count = this.#list(() => this.#type());
        this.#print(count === 1 ? ",)" : ")");
        return;
      }
      case "F":
        this.#binder(() => this.#functionType());
        return;
      case "D":
        this.#dynamicType();
        return;
      case "B":
        this.#backReference(() => this.#type());
        return;
    }
    this.#reader.at -= 1;
    this.#path(false);
  }

  #functionType(): void {
    if (this.#reader.take("U")) this.#print("unsafe ");
    if (this.#reader.take("K")) {
      const abi = this.#reader.take("C") ? "C" : this.#reader.identifier().name.replaceAll("_", "-");
      this.#print(`extern "${abi}" `);
    }
    this.#print("fn(");
    this.#list(() => this.#type());
    this.#print(")");
    if (this.#reader.take("u")) return;
    this.#print(" -> ");
    this.#type();
  }

  #dynamicType(): void {
    this.#print("dyn ");
    this.#binder(() => this.#list(() => this.#dynamicTrait(), " + "));
    if (!this.#reader.take("L")) throw new NotMangled("no lifetime");
    const lifetime = this.#reader.base62();
    if (lifetime === 0) return;
    this.#print(" + ");
    this.#lifetime(lifetime);
  }

  /** A trait and what its associated types are, which stand among its arguments. */
  #dynamicTrait(): void {
    let isOpen = this.#openPath();
    while (this.#reader.take("p")) {
      this.#print(isOpen ? ", " : "<");
      isOpen = true;
      this.#print(`${this.#reader.identifier().name} = `);
      this.#type();
    }
    if (isOpen) this.#print(">");
  }

  /** A path, its arguments not closed where it has some; returns whether. */
  #openPath(): boolean {
    let isOpen = false;
    this.#nest(() => {
      if (this.#reader.take("B")) {
        this.#backReference(() => {
          isOpen = this.#openPath();
        });
      } else if (this.#reader.take("I")) {
        this.#path(false);
        this.#print("<");
        this.#list(() => this.#argument());
        isOpen = true;
      } else this.#path(false);
    });
    return isOpen;
  }

  #constant(): void {
    this.#nest(() => this.#constantHere());
  }

  #constantHere(): void {
    const tag = this.#reader.next();
    if (tag === "p") {
      this.#print("_");
      return;
    }
    if (tag === "B") {
      this.#backReference(() => this.#constant());
      return;
    }
    const isSigned = "asxlni".includes(tag);
    if (!isSigned && !"htmyojbc".includes(tag)) throw new NotMangled(`constant ${tag}`);
    if (isSigned && this.#reader.take("n")) this.#print("-");
    const digits = this.#reader.match(/^[0-9a-f]*_/, 34);
    const value = BigInt(`0x${digits.slice(0, -1) || "0"}`);
    if (tag === "b") this.#print(value === 0n ? "false" : "true");
    else if (tag === "c") this.#print(quoteCharacter(Number(value)));
    else this.#print(`${value}`);
  }
}

function quoteCharacter(code: number): string {
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw new NotMangled("no character");
  const escapes: Readonly<Record<number, string>> = { 9: "\\t", 10: "\\n", 13: "\\r", 39: "\\'", 92: "\\\\" };
  if (escapes[code] !== undefined) return `'${escapes[code]}'`;
  return code >= 0x20 && code < 0x7f ? `'${String.fromCodePoint(code)}'` : `'\\u{${code.toString(16)}}'`;
}
