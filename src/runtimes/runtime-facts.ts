/** A process as its runtime has it. All texts are untrusted; null stands for what is not saved, or not there. */
export interface RuntimeProcess {
  /** With its version: `CPython 3.11`. */
  readonly runtime: string;
  /** All that the runtime says of its version and build. */
  readonly version: string | null;
  readonly executable: string | null;
  /** What the program was given, as it has it now. */
  readonly arguments: readonly string[] | null;
  /** What the runtime was started with. */
  readonly originalArguments: readonly string[] | null;
  /** Where modules are looked for. */
  readonly path: readonly string[] | null;
  /** Settings that it was started with, in the runtime's order. */
  readonly flags: readonly RuntimeFlag[];
  readonly collector: CollectorFacts | null;
  /** In the order in which they were loaded. */
  readonly modules: readonly RuntimeModule[];
  /** The environment as the program has it now; null unless asked for. Values of the process. */
  readonly environment: readonly { readonly name: string; readonly value: string }[] | null;
  /** Whether there are more modules than were read. */
  readonly isCut: boolean;
}

export interface RuntimeFlag {
  readonly name: string;
  readonly value: number;
}

/** What collects garbage. */
export interface CollectorFacts {
  readonly isEnabled: boolean;
  /** Whether it was collecting. */
  readonly isRunning: boolean;
  /** The youngest first. */
  readonly generations: readonly CollectorGeneration[];
}

export interface CollectorGeneration {
  /** It is collected when the count is above that. */
  readonly threshold: number;
  readonly count: number;
  /** How often it was collected, what was found in it, and what of that could not be freed; null where that is not known. */
  readonly collections: number | null;
  readonly collected: number | null;
  readonly uncollectable: number | null;
}

export interface RuntimeModule {
  readonly name: string;
  /** Null of what is built in. */
  readonly file: string | null;
  /** What it says of its version; null where it says nothing. */
  readonly version: string | null;
  /** Where it comes from, by its file: what is built in, comes with the runtime, was installed, or is the program's own. */
  readonly origin: "built-in" | "standard" | "installed" | "own";
}
