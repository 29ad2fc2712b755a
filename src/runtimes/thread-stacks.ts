/** What the threads of a process were doing, as its runtime knows it. */
export interface ThreadStacks {
  /** With its version: `CPython 3.11`. */
  readonly runtime: string;
  /** The oldest first. */
  readonly threads: readonly ThreadStack[];
  /** Whether the list of threads is damaged, or longer than what is read. */
  readonly isCut: boolean;
  /** What is to be said of them, a line each. */
  readonly remarks: readonly string[];
}

/** What is told of threads besides where they are. */
export interface StackWants {
  /** Whether the variables of frames are, and what exceptions were made of: values of the process. */
  readonly locals: boolean;
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
  /** Whether it holds the lock that lets one thread at a time run, or waits for it; null where it does neither. */
  readonly gil: "holds" | "waits" | null;
  /** The system call that it was in; null where it was in none, or that is not known. */
  readonly call: ThreadCall | null;
  /** What it waits for; null where it waits for no lock. */
  readonly waits: ThreadWait | null;
  /** The exception that makes its way up right now. */
  readonly raises: ThreadException | null;
  /** Those that it handles, the innermost first. */
  readonly handles: readonly ThreadException[];
  /** Whether its C stack is in the core and no zeros; null where it is not known where that is. */
  readonly isStackSaved: boolean | null;
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
  /** Its variables that have a value; null where they are not read. */
  readonly locals: readonly FrameLocal[] | null;
}

/** A variable of a frame. Untrusted. */
export interface FrameLocal {
  /** Null where the code does not say. */
  readonly name: string | null;
  /** `cell`: functions within share it; `free`: a function around has it. */
  readonly kind: "argument" | "local" | "cell" | "free";
  /** Of what it has. */
  readonly address: number;
  /** `builtins.list`; null where no object is found there, and so of all that follows. */
  readonly type: string | null;
  /** As sys.getsizeof has it. */
  readonly bytes: number | null;
  /** On one line, cut short; null where there is nothing to say but the type. */
  readonly value: string | null;
}

/** A system call. */
export interface ThreadCall {
  readonly number: number;
  /** Null where the number is newer than the names that are known. */
  readonly name: string | null;
  /** The file descriptor that it is about; null where it is about none. */
  readonly file: number | null;
  readonly arguments: readonly bigint[];
}

/** What a thread waits for in futex(2). */
export interface ThreadWait {
  /** `futex`: of whom the word is, is not known. */
  readonly kind: "gil" | "lock" | "rlock" | "futex";
  /** Of the lock object; of what it waits at, where that is none. */
  readonly address: number;
  /** `ident` of the thread that has it, where the lock knows. */
  readonly owner: number | null;
  /** How many times that thread has taken it. */
  readonly depth: number | null;
}

/** An exception that a thread raises or handles. */
export interface ThreadException {
  readonly address: number;
  /** `builtins.KeyError`. Untrusted. */
  readonly type: string;
  /** `KeyError('missing')`: a value of the process. Untrusted; null where its arguments are not read. */
  readonly text: string | null;
}
