import type { ArenaUse } from "../blocks/index.ts";
import type { Core, Module } from "../image/index.ts";
import type { Crew, Progress } from "../kernel/index.ts";
import type { Address } from "../terms/index.ts";
import type { Balance } from "./balance.ts";
import type { ContainerFill, DuplicateStrings } from "./contents.ts";
import type { GeneratorList } from "./generator-list.ts";
import type { GreenletList } from "./greenlet-list.ts";
import type { LibraryNames } from "./library-names.ts";
import type { ObjectReader } from "./object-at.ts";
import type { ObjectList, References } from "./references.ts";
import type { RuntimeResources } from "./resources.ts";
import type { RuntimeProcess } from "./runtime-facts.ts";
import type { TaskList } from "./task-list.ts";
import type { StackWants, ThreadStacks } from "./thread-stacks.ts";
import type { TracedMemory, TraceSnapshot } from "./traced-memory.ts";

/**
 * What knows the objects of a kind of program. A runtime loads what does the work when it is asked: all of them are
 * there in every run of the program.
 */
export interface Runtime {
  /** `CPython`. */
  readonly name: string;
  /**
   * Finds all types and objects of the runtime in a core. What it leaves in the crew's memory is used as long as the
   * crew is open.
   * @param modules sorted by start
   * @throws CoregramError as reading does, and `limit` where memory runs out
   */
  detect(
    crew: Crew,
    core: Core,
    modules: readonly Module[],
    options: DetectOptions,
  ): Promise<RuntimeObjects | NotDetected>;
  /**
   * Reads objects one by one, without a pass over memory; null where the core cannot be of the runtime.
   * @param root where modules' files are looked for, for names that the core lacks; null for nowhere
   */
  openObjects(core: Core, root: string | null): Promise<ObjectReader | null>;
  /**
   * What the threads of a core were doing, without a pass over memory, or why they cannot be read; null where the runtime's
   * threads are not found.
   * @param root as above
   * @throws CoregramError as reading does
   */
  threadStacks(
    core: Core,
    root: string | null,
    wants: StackWants,
  ): Promise<ThreadStacks | NotDetected | null>;
  /**
   * What the process is to the runtime, without a pass over memory; null where the runtime is not found.
   * @param root as above
   * @param wantsValues whether its environment is told as well
   * @throws CoregramError as reading does
   */
  runtimeProcess(core: Core, root: string | null, wantsValues: boolean): Promise<RuntimeProcess | null>;
  /**
   * What the runtime wrote down of the blocks that it allocated, by its own tables; why there is nothing to say where it is
   * not found.
   * @param root as above
   * @param wantsBlocks whether each block is wanted by itself
   * @throws CoregramError as reading does
   */
  tracedMemory(core: Core, root: string | null, wantsBlocks: boolean): Promise<TracedMemory | NotDetected>;
  /**
   * The names of those of the addresses that are types of the runtime: a few words of memory for each tell.
   * @throws CoregramError as reading does
   */
  typeNamesAt(
    core: Core,
    root: string | null,
    addresses: readonly bigint[],
  ): Promise<ReadonlyMap<bigint, string>>;
  /**
   * Which names are the runtime's own, its library's or installed packages', without a pass over memory; null where the
   * runtime's modules are not found.
   * @param root as above
   * @throws CoregramError as reading does
   */
  namesOfLibrary(core: Core, root: string | null): Promise<LibraryNames | null>;
}

export interface DetectOptions {
  /** Where modules' files are looked for, for what is not in the core; null for nowhere. */
  readonly root: string | null;
  readonly progress?: Progress;
}

/** Why there are no objects of a runtime to tell of. */
export interface NotDetected {
  readonly reason: string;
}

/** The types and objects of a runtime that were found in a core. What takes a crew takes the one that they were found by. */
export interface RuntimeObjects {
  /** With its version: `CPython 3.11`. */
  readonly runtime: string;
  /** What was found, in a few words: `CPython 3.11, pymalloc, 1,552 pools`. */
  readonly summary: string;
  /** What is to be said of it, a line each. */
  readonly remarks: readonly string[];
  /** Objects have their indices. */
  readonly types: readonly ObjectType[];
  readonly balance: Balance;
  /** The types that have or had instances, by bytes, then count, then name, then address. */
  totals(): TypeTotals[];
  objects(crew: Crew): ObjectList;
  /** What its allocators have, an arena each: malloc's, and then the runtime's own. The balance has the same bytes. */
  arenas(crew: Crew): ArenaUse[];
  /**
   * Who points to whom, and what holds objects from outside. Nothing of it lies in the crew's memory, which nothing
   * found before may use after this.
   */
  references(crew: Crew, progress: Progress): Promise<References>;
  /** Null where the runtime does not tell what is in texts. */
  readonly strings: ((crew: Crew) => DuplicateStrings) | null;
  /** Null where the runtime does not tell how full containers are. */
  readonly containers: ((crew: Crew) => ContainerFill) | null;
  /** Null where the runtime has no tasks. */
  readonly tasks: ((crew: Crew) => TaskList) | null;
  /** Null where the runtime has no functions that go on where they stopped. */
  readonly generators: ((crew: Crew) => GeneratorList) | null;
  /** Null where the runtime's threads have but one stack each. */
  readonly greenlets: ((crew: Crew, wants: StackWants) => GreenletList) | null;
  /** What its objects say of files, sockets, event loops and garbage; null where the runtime has no such objects. */
  readonly resources: ((crew: Crew) => RuntimeResources) | null;
  /** What the process kept of traces of its own, in the order of their addresses; null where the runtime has no such thing. */
  readonly snapshots: ((crew: Crew) => TraceSnapshot[]) | null;
}

export interface ObjectType {
  readonly address: number;
  /** `builtins.list`. Untrusted. */
  readonly name: string;
}

/** A type and its instances. */
export interface TypeTotals {
  readonly address: Address;
  readonly name: string;
  /** Whether something else than the type itself gives the name, or nothing does. */
  readonly isInferred: boolean;
  readonly count: number;
  readonly bytes: number;
  /** Null where no allocator says what was freed. */
  readonly freedCount: number | null;
  readonly freedBytes: number | null;
}
