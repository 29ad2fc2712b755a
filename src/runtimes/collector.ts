/** What a runtime's collector of cycles is about to do. */
export interface Collector {
  /** Whether it runs by itself: `gc.isenabled()`. */
  readonly isEnabled: boolean;
  /** New objects from which on it runs; 0 for never. */
  readonly threshold: number;
  /** Whether the process was dumped while it ran. */
  readonly isRunning: boolean;
  /** Whether it looks at a part of the old objects at a time, as in CPython 3.14.0 to 3.14.4. */
  readonly isIncremental: boolean;
  /** How often it looked at all objects. */
  readonly fullCollections: number;
  /** Objects that the last time left, and those that wait for the next; null where it does not go by them. */
  readonly longLived: LongLived | null;
  /** Live objects that it never looks at: `gc.freeze()`. Read anew each time. */
  frozen(): Iterable<number>;
}

export interface LongLived {
  readonly total: number;
  readonly pending: number;
}
