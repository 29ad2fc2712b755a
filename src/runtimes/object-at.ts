import type { Block } from "../blocks/index.ts";

/** Reads the objects that have addresses, one by one. */
export interface ObjectReader {
  /**
   * The object that begins at the address or has it inside; null where there is none.
   * @throws CoregramError as reading does
   */
  objectAt(at: number): ObjectAt | null;
  /**
   * The block of an allocator that has the address, whether an object is in it or not; null where no allocator that is known
   * has one there.
   * @throws CoregramError as reading does
   */
  blockAt(at: number): Block | null;
  /** Closes the files of modules. */
  close(): void;
}

/** An object that was found at an address or around it. Names and texts are untrusted. */
export interface ObjectAt {
  readonly address: number;
  readonly typeAddress: number;
  readonly typeName: string;
  /** What the runtime says that it takes; null where its fields make no sense. */
  readonly bytes: number | null;
  /** Null where it is freed, its count makes no sense, or there is none. */
  readonly references: number | null;
  /** Whether its count is not kept. */
  readonly isImmortal: boolean;
  /** `unknown` where no allocator's structure says. */
  readonly state: "live" | "freed" | "unknown";
  /** Where it lies: in a pool's block, malloc's chunk, one that was mapped on its own, a module's data. */
  readonly place: Block["kind"] | "static" | null;
  readonly text: string | null;
  readonly length: number | null;
  /** The first of what it holds. */
  readonly held: readonly HeldObject[];
}

/** Something that an object holds: an object, if its type is not null. */
export interface HeldObject {
  /** `[3]`, `['key']`, `.name`; untrusted. */
  readonly label: string;
  readonly address: number;
  readonly typeName: string | null;
  /** Cut short; null where there is nothing to say but the type. */
  readonly text: string | null;
}
