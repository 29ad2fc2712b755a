import { type Node, NotMangled, type Printer } from "./printer.ts";

export function text(value: string): Node {
  const node: Node = { isSimple: true, left: (out) => out.add(value) };
  return { ...node, baseName: node };
}

/** `scope::name` */
export function nested(scope: Node, name: Node): Node {
  return {
    isSimple: true,
    baseName: name.baseName ?? name,
    ...(name.isTemplate ? { isTemplate: true } : {}),
    ...(name.hasNoReturn ? { hasNoReturn: true } : {}),
    left(out) {
      out.print(scope);
      out.add("::");
      out.print(name);
    },
  };
}

/** `name<arguments>` */
export function template(name: Node, args: readonly Node[]): Node {
  return {
    isTemplate: true,
    baseName: name.baseName ?? name,
    ...(name.hasNoReturn ? { hasNoReturn: true } : {}),
    left(out) {
      out.print(name);
      printArguments(out, args);
    },
  };
}

function printArguments(out: Printer, args: readonly Node[]): void {
  out.add(out.lastCharacter === "<" ? " <" : "<");
  out.list(args);
  out.add(out.lastCharacter === ">" ? " >" : ">");
}

/** Text before a node: `vtable for X`. */
export function prefixed(prefix: string, node: Node): Node {
  return {
    left(out) {
      out.add(prefix);
      out.print(node);
    },
  };
}

/** Text after a node that belongs to its name: `f[abi:cxx11]`, `f(int) [clone .cold]`. */
export function suffixed(node: Node, suffix: string): Node {
  return {
    ...node,
    left(out) {
      out.print(node);
      out.add(suffix);
    },
    right() {},
  };
}

export function structor(of: Node, isDestructor: boolean): Node {
  const name = of.baseName ?? of;
  return {
    hasNoReturn: true,
    left(out) {
      if (isDestructor) out.add("~");
      out.print(name);
    },
  };
}

/** `T const`; the qualifiers in the order they are printed in, each after a blank. */
export function qualified(type: Node, qualifiers: string): Node {
  const here = (out: Printer): Node => {
    const inner = resolve(type, out);
    const added = qualifiers.replace(/ \w+/g, (each) => (inner.qualifiers?.includes(each) ? "" : each));
    return {
      qualifiers: added + (inner.qualifiers ?? ""),
      ...(inner.wraps ? { wraps: inner.wraps } : {}),
      left(printer) {
        printer.left(inner);
        printer.add(added);
      },
      right: (printer) => printer.right(inner),
    };
  };
  return { current: here, left: (out) => out.left(here(out)), right: (out) => out.right(here(out)) };
}

/** `T*` and what else is written like it. */
export function pointer(to: Node, sign: string): Node {
  return {
    left(out) {
      out.left(to);
      if (resolve(to, out).wraps) out.add(out.lastCharacter === " " ? "(" : " (");
      out.add(sign);
    },
    right(out) {
      if (resolve(to, out).wraps) out.add(")");
      out.right(to);
    },
  };
}

/** What a node stands for where it is printed. */
function resolve(node: Node, out: Printer): Node {
  let here = node;
  for (let next = here.current?.(out); next; next = here.current?.(out)) here = next;
  return here;
}

export function reference(to: Node, sign: "&" | "&&"): Node {
  // `T& &&` is `T&`; what a substitution or a template parameter stands for may be one already.
  const collapse = (out: Printer): Node => {
    let inner = resolve(to, out);
    let both = sign;
    for (let link = inner.reference; link; link = inner.reference) {
      if (link.sign === "&") both = "&";
      inner = resolve(link.to, out);
    }
    return pointer(inner, both);
  };
  return {
    reference: { to, sign },
    left: (out) => out.left(collapse(out)),
    right: (out) => out.right(collapse(out)),
  };
}

/** `T C::*` */
export function memberPointer(owner: Node, member: Node): Node {
  return {
    left(out) {
      out.left(member);
      if (member.wraps) out.add(out.lastCharacter === " " ? "(" : " (");
      else out.add(" ");
      out.print(owner);
      out.add("::*");
    },
    right(out) {
      if (member.wraps) out.add(")");
      out.right(member);
    },
  };
}

export function array(of: Node, dimension: Node | null): Node {
  return {
    wraps: "array",
    left: (out) => out.left(of),
    right(out) {
      if (out.lastCharacter !== "]") out.add(" ");
      out.add("[");
      if (dimension) out.print(dimension);
      out.add("]");
      out.right(of);
    },
  };
}

/** What follows the name of a function: parameters and qualifiers. */
export interface Signature {
  readonly returns: Node | null;
  readonly parameters: readonly Node[];
  /** Each after a blank. */
  readonly qualifiers: string;
}

export function functionType({ returns, parameters, qualifiers }: Signature): Node {
  return {
    wraps: "function",
    left(out) {
      if (!returns) return;
      out.left(returns);
      out.add(" ");
    },
    right(out) {
      out.add("(");
      out.list(parameters);
      out.add(")");
      if (returns) out.right(returns);
      out.add(qualifiers);
    },
  };
}

/** A function by its name. */
export function functionNode(name: Node, signature: Signature): Node {
  const type = functionType(signature);
  return {
    functionName: name,
    left(out) {
      out.left(type);
      out.print(name);
      out.right(type);
    },
  };
}

/** Template arguments in one parameter: in an expansion one of them, else all. */
export function pack(elements: readonly Node[]): Node {
  const current = (out: Printer): Node | null => {
    if (out.packIndex < 0) return null;
    out.packLength = out.packLength < 0 ? elements.length : Math.min(out.packLength, elements.length);
    return whole(elements[out.packIndex] ?? EMPTY);
  };
  return {
    current,
    left(out) {
      const element = current(out);
      if (element) out.left(element);
      else out.list(elements);
    },
    right(out) {
      const element = current(out);
      if (element) out.right(element);
    },
  };
}

const EMPTY: Node = { left() {} };

/** An argument by itself: packs inside of it are its own and are printed whole. */
function whole(node: Node): Node {
  const inside = (out: Printer, print: () => void) => {
    const { packIndex } = out;
    out.packIndex = -1;
    print();
    out.packIndex = packIndex;
  };
  const { reference: link, current, wraps, qualifiers } = node;
  return {
    ...(wraps ? { wraps } : {}),
    ...(qualifiers ? { qualifiers } : {}),
    ...(link ? { reference: { to: whole(link.to), sign: link.sign } } : {}),
    ...(current
      ? {
          current(out: Printer) {
            const next = current.call(node, out);
            return next && whole(next);
          },
        }
      : {}),
    left: (out) => inside(out, () => out.left(node)),
    right: (out) => inside(out, () => out.right(node)),
  };
}

/** `pattern...`, once for each element of the packs in it. */
export function expansion(pattern: Node): Node {
  return {
    left(out) {
      const { packIndex, packLength } = out;
      const start = out.length;
      out.packIndex = 0;
      out.packLength = -1;
      out.print(pattern);
      const length = out.packLength;
      if (length < 0) out.add("...");
      else if (length === 0) out.truncate(start);
      for (let index = 1; index < length; index += 1) {
        out.add(", ");
        out.packIndex = index;
        out.print(pattern);
      }
      out.packIndex = packIndex;
      out.packLength = packLength;
    },
  };
}

/** A template parameter of a conversion's type, whose arguments come after it. */
export class ForwardReference implements Node {
  #target: Node | null = null;

  resolve(target: Node | undefined): void {
    if (target === undefined || target === this) throw new NotMangled("no such template argument");
    this.#target = target;
  }

  current(): Node {
    return this.#node;
  }

  get #node(): Node {
    if (!this.#target) throw new NotMangled("no template arguments");
    return this.#target;
  }

  left(out: Printer): void {
    out.left(this.#node);
  }

  right(out: Printer): void {
    out.right(this.#node);
  }
}
