/** What a runtime wrote down of the blocks that it allocated, while it was told to. */
export interface TracedMemory {
  /** With its version: `CPython 3.11`. */
  readonly runtime: string;
  /** Whether it was writing down when it was dumped; where not, nothing is left of what it wrote before. */
  readonly isTracing: boolean;
  /** Whether what writes down had been loaded. */
  readonly wasLoaded: boolean;
  /** Blocks that it says it has, and those of them that were read. */
  readonly said: number;
  readonly count: number;
  readonly bytes: number;
  /** What it counted itself; null where that is not found. */
  readonly ownBytes: number | null;
  readonly peakBytes: number | null;
  /** Frames that a traceback may have; null as above. */
  readonly limit: number | null;
  /** What its tables take: the tables alone, and with all that is in them. */
  readonly tablesBytes: number;
  readonly overheadBytes: number;
  readonly tracebacks: readonly Traceback[];
  /** Blocks by domain and traceback: 0 is the runtime's own domain. */
  readonly groups: readonly TraceGroup[];
  /** Each block by itself; null where that was not asked for. */
  readonly blocks: TracedBlocks | null;
  /** What is to be said of it, a line each. */
  readonly remarks: readonly string[];
}

/** What was traced at an earlier moment, as the process itself kept it. */
export interface TraceSnapshot
  extends Pick<TracedMemory, "said" | "count" | "bytes" | "limit" | "tracebacks" | "groups"> {
  readonly address: number;
}

/** A place in a program. */
export interface TraceFrame {
  /** Untrusted; null where it cannot be read. */
  readonly file: string | null;
  readonly line: number;
}

export interface Traceback {
  /** The most recent first, as many as were kept; none where it cannot be read. Frames of one place are one object. */
  readonly frames: readonly TraceFrame[];
  /** How many there were. */
  readonly totalFrames: number;
}

export interface TraceGroup {
  readonly domain: number;
  /** Its index. */
  readonly traceback: number;
  readonly count: number;
  readonly bytes: number;
}

/** Blocks by the address that the allocator gave, in its order. */
export interface TracedBlocks {
  readonly starts: Float64Array;
  readonly bytes: Float64Array;
  readonly tracebacks: Uint32Array;
  readonly domains: Uint32Array;
}
