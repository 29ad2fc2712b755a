/** What a runtime tells of some kinds of objects, for whoever asks what goes wrong in a program. Types have their indices. */
export interface ObjectTraits {
  /** How many results a cache of a function's results keeps at most, and has. Null for what is no such cache. */
  cacheOf(object: number): ResultCache | null;
  /** How many items a container keeps at most, before each that comes takes the place of one: a deque with a maxlen; else null. */
  mostItems(object: number): number | null;
  /** Whether objects of the type are to be called, or call what they have: functions, methods, handles, handlers. */
  isCallback(type: number): boolean;
  /** Whether objects of the type are contexts, of which a task or a timer has a copy. */
  isContext(type: number): boolean;
  /** Whether objects of the type are exceptions. */
  isException(type: number): boolean;
  /** The objects that an exception keeps: its traceback, and the exception that was handled when it came. -1 for none. */
  exceptionOf(object: number): KeptException;
  /** Whether objects of the type are containers with room for more than they have. */
  isContainer(type: number): boolean;
  /** Of a container. */
  roomOf(object: number): Room;
  /** Compares texts: of many a part, and no more than a few megabytes. */
  equalTexts(): EqualTexts;
  /** Arenas for small objects, which go back to the system when nothing in them is in use. Empty where there are none. */
  smallArenas(): SmallArena[];
}

/** Blocks of one size that pools are cut into. */
export interface SizeClass {
  readonly blockBytes: number;
  readonly pools: number;
  readonly usedBlocks: number;
  /** Freed, or not handed out yet. */
  readonly freeBlocks: number;
}

export interface SmallArena {
  readonly start: number;
  readonly end: number;
  /** Of what was ever cut into blocks: memory that was never used may not be there. */
  readonly carvedBytes: number;
  readonly usedBytes: number;
  /** What its pools are cut into, pools without a block in use aside. */
  readonly sizeClasses: readonly SizeClass[];
}

/** Texts of which there are several of one content. */
export interface EqualTexts {
  /** Those that were found to be equal to an earlier one, and their bytes: what one for all would save. */
  readonly copies: number;
  readonly bytes: number;
  /** Whether not all were looked at, and these numbers are what those tell that were. */
  readonly isEstimate: boolean;
  /** Of texts that may be equal to others, and were too many to be compared. */
  readonly notComparedBytes: number;
  /** The content that takes most: as the runtime writes it, cut, untrusted; null where there is none. */
  readonly most: EqualText | null;
}

export interface EqualText {
  readonly text: string | null;
  readonly typeName: string;
  readonly count: number;
  readonly bytes: number;
}

/** How full a container is. */
export interface Room {
  /** Bytes that its items take of its tables, and all bytes of these. */
  readonly used: number;
  readonly bytes: number;
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
