import { CONTAINER, HOLDER, type Seen, TYPE } from "../bytecode/values.ts";
import { FLAG } from "../layout/layout.ts";
import type { Python } from "../python.ts";
import { descentOf } from "../types/families.ts";
import { hasFlag } from "../types/type-objects.ts";
import { itemsOfTuple } from "./code-text.ts";
import type { Namespaces } from "./namespaces.ts";

const MOST_CLASSES = 1024;
/** Modules whose classes do what a container's methods are known to do. */
const KNOWN_MODULES = /^(builtins|collections|weakref)\./;
/** Bases looked at in all: damaged classes could have thousands each. */
const MOST_BASES = 2 ** 20;

/** A container and what holds it as an attribute, by their addresses, and who else is meant where code names the holder. */
export class HeldPlace {
  readonly #python: Python;
  readonly #namespaces: Namespaces;
  readonly #container: number;
  readonly #holder: number;
  /** Types whose instances have the attribute, and which have it themselves where the holder is one. */
  readonly #types: ReadonlySet<number>;
  readonly #isClass: boolean;
  #basesLeft = MOST_BASES;
  /** `app.cache.Cache`: classes whose methods get the holder as their first argument. */
  readonly classes: ReadonlySet<string>;

  constructor(python: Python, namespaces: Namespaces, container: number, holder: number) {
    const { reader, layout, typeObjects, names } = python;
    this.#python = python;
    this.#namespaces = namespaces;
    this.#container = container;
    this.#holder = holder;
    this.#isClass = typeObjects.all.has(holder);
    const own = this.#isClass ? holder : reader.u64(holder + layout.structs.PyObject.ob_type);
    const isWritten = isHeapType(python, own);
    const types = new Set(isWritten ? [own] : []);
    // A class's attribute is that of those that derive from it as well.
    if (this.#isClass && isWritten)
      for (const { address } of typeObjects.all.values())
        if (types.size < MOST_CLASSES && isHeapType(python, address) && this.#bases(address).has(own))
          types.add(address);
    this.#types = types;
    const classes = new Set<string>();
    for (const type of types)
      for (const base of this.#bases(type)) {
        const name = isHeapType(python, base) ? names.get(base) : undefined;
        if (name !== undefined && name.from !== "none") classes.add(name.name);
      }
    this.classes = classes;
  }

  /** Addresses of what the container's own classes have, those of the program: their methods get it as their first argument. */
  *members(): Generator<number> {
    const { reader, layout, typeObjects, names } = this.#python;
    const own = reader.u64(this.#container + layout.structs.PyObject.ob_type);
    for (const base of this.#bases(own)) {
      const type = typeObjects.all.get(base);
      if (type === undefined || !isHeapType(this.#python, base)) continue;
      if (!KNOWN_MODULES.test(names.get(base)?.name ?? "")) yield* this.#namespaces.all(type.dict).values();
    }
  }

  /** What an object is, by its address. */
  seen(address: number): Seen {
    const { reader, layout, typeObjects } = this.#python;
    if (!(address > 0)) return null;
    if (address === this.#container) return CONTAINER;
    const isHolder =
      address === this.#holder ||
      (this.#isClass && this.#types.has(address)) ||
      this.#types.has(reader.u64(address + layout.structs.PyObject.ob_type));
    if (isHolder) return HOLDER;
    return address === typeObjects.root ? TYPE : { kind: "object", address };
  }

  /** What a namespace has under the name. */
  named(dict: number, name: string): Seen {
    return this.seen(this.#namespaces.lookUp(dict, name));
  }

  /** An attribute of a module or a class at the address; null of all else. */
  member(address: number, name: string): Seen {
    const { reader, layout, typeObjects } = this.#python;
    const { PyObject, PyModuleObject } = layout.structs;
    const asClass = typeObjects.all.get(address);
    if (asClass !== undefined) return this.named(asClass.dict, name);
    const type = typeObjects.all.get(reader.u64(address + PyObject.ob_type));
    if (type === undefined || descentOf(typeObjects, this.#python.names, type).family !== "module")
      return null;
    return this.named(reader.u64(address + PyModuleObject.md_dict), name);
  }

  /** The type at the address and all that it derives from, by `__bases__`. */
  #bases(type: number): Set<number> {
    const { reader, layout } = this.#python;
    const found = new Set([type]);
    for (const each of found) {
      const bases = itemsOfTuple(this.#python, reader.u64(each + layout.structs.PyTypeObject.tp_bases));
      this.#basesLeft -= bases.length;
      if (this.#basesLeft < 0) break;
      for (const base of bases) if (found.size < MOST_CLASSES && base > 0) found.add(base);
    }
    return found;
  }
}

function isHeapType({ typeObjects }: Python, address: number): boolean {
  const type = typeObjects.all.get(address);
  return type !== undefined && hasFlag(type, FLAG.heapType);
}
