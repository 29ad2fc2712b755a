/** What the threads of a process were doing, as its runtime knows it. */
export interface ThreadStacks {
  /** With its version: `CPython 3.11`. */
  readonly runtime: string;
  /** The oldest first. */
  readonly threads: readonly ThreadStack[];
  /** Whether the list of threads is damaged, or longer than what is read. */
  readonly isCut: boolean;
}

/** The frames of a thread. */
export interface ThreadStack {
  /** The system's number of the thread; null where none of the process's threads is known to be it. */
  readonly thread: number | null;
  /** What the program calls it; null where that is not found, as for threads that C code made. Untrusted. */
  readonly name: string | null;
  /** pthread_self(). */
  readonly ident: number;
  /** Which of the interpreters it runs in; 0 is the first that there was. */
  readonly interpreter: number;
  /** The most recent call first. */
  readonly frames: readonly StackFrame[];
  /** Whether each frame led to the next: where one did not, those of generators can be missing. */
  readonly isWhole: boolean;
  /** Whether there are more than what is read. */
  readonly isCut: boolean;
}

/** Where a function is. Untrusted; null where its code does not say. */
export interface StackFrame {
  readonly function: string | null;
  readonly file: string | null;
  readonly line: number | null;
}
