import type { ChangeKind, ContainerKind } from "./operations.ts";
import type { Seen } from "./values.ts";

/** What code means by its names. */
export interface Scope {
  readonly minor: number;
  /** co_names. */
  readonly names: readonly string[];
  /** What holders call the container. */
  readonly attribute: string;
  readonly container: ContainerKind;
  /** Whether to give an attribute its first value is this function's work: `__init__`. */
  readonly makes: boolean;
  /** Attributes of the holder that are methods of the container. */
  readonly methods: ReadonlyMap<string, ChangeKind>;
  /** How many locals have a value from the start, at least. */
  readonly parameters: number;
  /** What the function is called with as its first argument; null where that is not known. */
  readonly first: Seen;
  /** Which argument that is, where it is another. */
  readonly argument?: number;
  global(name: string): Seen;
  /** A cell or a variable of a function around it, by the argument of LOAD_DEREF. */
  cell(index: number): Seen;
  /** An attribute of an object that is known by its address. */
  member(address: number, name: string): Seen;
}
