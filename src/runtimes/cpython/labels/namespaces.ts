import { dictEntries } from "../layout/dict-entries.ts";
import { type NamesOf, shortText } from "./code-text.ts";

const MOST_ENTRIES = 65_536;
/** Names of dicts that are kept in all. */
const MOST_KEPT = 500_000;

/** What a name stands for in a namespace, by the namespace's address. */
export class Namespaces {
  readonly #python: NamesOf;
  readonly #known = new Map<number, ReadonlyMap<string, number>>();
  #kept = 0;

  constructor(python: NamesOf) {
    this.#python = python;
  }

  /** The address of what a dict has under the name; 0 where it has not got it. */
  lookUp(dict: number, name: string): number {
    return this.all(dict).get(name) ?? 0;
  }

  /** The addresses of what a dict has, by their names. */
  all(dict: number): ReadonlyMap<string, number> {
    return this.#known.get(dict) ?? this.#read(dict);
  }

  #read(dict: number): ReadonlyMap<string, number> {
    const { reader, layout } = this.#python;
    if (this.#kept > MOST_KEPT) {
      this.#known.clear();
      this.#kept = 0;
    }
    const names = new Map<string, number>();
    for (const { key, value } of dictEntries(reader, layout, dict, MOST_ENTRIES)) {
      const text = shortText(this.#python, key);
      if (text !== null) names.set(text, value);
    }
    this.#known.set(dict, names);
    this.#kept += names.size + 1;
    return names;
  }
}
