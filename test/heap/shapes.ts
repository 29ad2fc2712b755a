import { Role } from "../../src/terms/index.ts";
import type { Drawing } from "./graphs.ts";

/** Heaps put together by hand: nodes with names, parts added below them. */
export class Shape {
  readonly names: string[] = [];
  readonly #sizes: number[] = [];
  readonly #types: number[] = [];
  readonly #roles: number[] = [];
  readonly #edges: [number, number][] = [];
  readonly #roots: [number, number][] = [];
  readonly #typeNames: string[] = [];

  /** A node of a type; `type` decides its role: see ROLES. Edge from `holder`, or a root of kind 0. */
  add(name: string, type: string, bytes: number, holder: number | null): number {
    const node = this.names.push(name) - 1;
    this.#sizes.push(bytes);
    let number = this.#typeNames.indexOf(type);
    if (number < 0) number = this.#typeNames.push(type) - 1;
    this.#types.push(number);
    this.#roles.push(ROLES[type] ?? Role.attributes);
    if (holder === null) this.#roots.push([node, 0]);
    else this.#edges.push([holder, node]);
    return node;
  }

  /** So many items of a type and size. */
  fill(holder: number, count: number, type: string, bytes: number): void {
    for (let i = 0; i < count; ++i) this.add(`item ${i}`, type, bytes, holder);
  }

  link(from: number, to: number): void {
    this.#edges.push([from, to]);
  }

  typeName(number: number): string {
    return this.#typeNames[number] ?? "?";
  }

  get drawing(): Drawing & { types: number[]; roles: number[]; sizes: number[] } {
    return {
      nodes: this.names.length,
      edges: this.#edges,
      roots: this.#roots,
      sizes: this.#sizes,
      types: this.#types,
      roles: this.#roles,
    };
  }
}

/** All other types are instances. */
const ROLES: Readonly<Record<string, number>> = {
  list: Role.items,
  dict: Role.items,
  tuple: Role.items,
  str: Role.items,
  module: Role.scope,
  type: Role.scope,
  namespace: Role.part,
  task: Role.task,
};
