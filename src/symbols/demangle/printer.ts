/** Readable names are shorter than this; what would be longer stays as it is. */
const MOST_CHARACTERS = 1 << 16;
/** Nodes that are visited for one name: repeated ones may print nothing and still double at every level. */
const MOST_VISITS = 1 << 17;
const MOST_DEPTH = 512;

/** A name that is not to be made readable: it is none, it makes no sense, or it is a bomb. */
export class NotMangled extends Error {}

/**
 * A part of a name. Types wrap around what they are the types of, as `void (*` and `)(int)` do, so a node prints in
 * two halves; most have no right one.
 */
export interface Node {
  left(out: Printer): void;
  right?(out: Printer): void;
  /** What is printed between both halves goes into parentheses: the type of a function or an array. */
  readonly wraps?: "function" | "array";
  /** What constructors are called after. */
  readonly baseName?: Node;
  /** The kind of a reference, for `T&&` where T is itself one: they collapse. */
  readonly reference?: { readonly to: Node; readonly sign: "&" | "&&" };
  /** What stands here now, for parameters that stand for one thing or another. */
  current?(out: Printer): Node | null;
  /** What the address of a function is written as: its name alone. */
  readonly functionName?: Node;
  /** Of a qualified type, as they are printed: none is written twice. */
  readonly qualifiers?: string;
  /** Ends in template arguments. */
  readonly isTemplate?: boolean;
  /** Has no return type, template or not: constructors, destructors, conversions. */
  readonly hasNoReturn?: boolean;
  /** A name that needs no parentheses as an operand. */
  readonly isSimple?: boolean;
}

/** Collects text, and gives up where a hostile name would make too much of it. */
export class Printer {
  #text = "";
  #visits = 0;
  #depth = 0;
  /** Which element of parameter packs to print; -1 outside of an expansion. */
  packIndex = -1;
  /** How many elements the packs have that were met; -1 where none was. */
  packLength = -1;

  get text(): string {
    return this.#text;
  }

  get lastCharacter(): string {
    return this.#text.slice(-1);
  }

  get length(): number {
    return this.#text.length;
  }

  /** Forgets what was printed after so many characters. */
  truncate(length: number): void {
    this.#text = this.#text.slice(0, length);
  }

  add(text: string): void {
    this.#text += text;
    if (this.#text.length > MOST_CHARACTERS) throw new NotMangled("too long");
  }

  /** Both halves. */
  print(node: Node): void {
    this.left(node);
    this.right(node);
  }

  left(node: Node): void {
    this.#enter();
    node.left(this);
    this.#depth -= 1;
  }

  right(node: Node): void {
    if (!node.right) return;
    this.#enter();
    node.right(this);
    this.#depth -= 1;
  }

  /** With commas between; what prints nothing, an empty pack, gets none. */
  list(nodes: readonly Node[]): void {
    let isFirst = true;
    for (const node of nodes) {
      const before = this.length;
      if (!isFirst) this.add(", ");
      const start = this.length;
      this.print(node);
      if (this.length === start) this.truncate(before);
      else isFirst = false;
    }
  }

  #enter(): void {
    this.#visits += 1;
    this.#depth += 1;
    if (this.#visits > MOST_VISITS || this.#depth > MOST_DEPTH) throw new NotMangled("too deep");
  }
}

/** The whole text of a node. @throws NotMangled */
export function printNode(node: Node): string {
  const out = new Printer();
  out.print(node);
  return out.text;
}
