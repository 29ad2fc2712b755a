/** What of a program's names is not its user's own: those of the runtime, its library and installed packages. */
export interface LibraryNames {
  /** Full names of modules: `json.decoder`. */
  readonly modules: ReadonlySet<string>;
  /** The others: the user's own, and what cannot be told. */
  readonly own: ReadonlySet<string>;
  /** Names that code of these modules has itself: of functions, classes, attributes, variables. */
  readonly names: ReadonlySet<string>;
  /** Packages that are installed beside the runtime's own library, by their top names, in their order. */
  readonly packages: readonly string[];
  /** What a file of theirs is called without the folder that it is installed in, `json/decoder.py`; null for all other files. */
  fileOf(path: string): string | null;
}
