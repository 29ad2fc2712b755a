/** What a runtime tells of some kinds of objects, for whoever asks what goes wrong in a program. Types have their indices. */
export interface ObjectTraits {
  /** How many results a cache of a function's results keeps at most, and has. Null for what is no such cache. */
  cacheOf(object: number): ResultCache | null;
  /** Whether objects of the type are to be called, or call what they have: functions, methods, handles, handlers. */
  isCallback(type: number): boolean;
  /** Whether objects of the type are contexts, of which a task or a timer has a copy. */
  isContext(type: number): boolean;
  /** Whether objects of the type are exceptions. */
  isException(type: number): boolean;
  /** The objects that an exception keeps: its traceback, and the exception that was handled when it came. -1 for none. */
  exceptionOf(object: number): KeptException;
}

export interface ResultCache {
  /** Infinity without a bound. */
  readonly limit: number;
  readonly length: number;
}

export interface KeptException {
  readonly traceback: number;
  readonly context: number;
}
