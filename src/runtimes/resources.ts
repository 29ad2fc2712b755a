/** What a process has of the system's, and what its collector could not free, as its objects tell. All texts are untrusted. */
export interface RuntimeResources {
  /** Open ones first, by descriptor. */
  readonly files: ResourceList<FileObject>;
  readonly sockets: ResourceList<SocketObject>;
  /** Those that run first. */
  readonly loops: ResourceList<EventLoop>;
  /** What the collector keeps as it could not free it; null where the collector is not found. */
  readonly uncollectable: Uncollectable | null;
}

/** Objects of one kind, of which those are listed that are worth it. */
export interface ResourceList<Item> {
  /** How many are open, and how many were closed and are still there. */
  readonly open: number;
  readonly closed: number;
  /** Not more than `MOST_LISTED` of these. */
  readonly items: readonly Item[];
  /** Whether there are more than what is counted. */
  readonly isCut: boolean;
}

/** Files, sockets or loops that are listed: the counts have the others. */
export const MOST_LISTED = 10_000;

/** A file of the system's. */
export interface FileObject {
  /** Of the outermost object around it: a text's, a buffer's, or its own. */
  readonly address: number;
  readonly type: string;
  /** Null where it is closed. */
  readonly descriptor: number | null;
  /** What it was opened by; null where that was a descriptor, or is not saved. */
  readonly path: string | null;
  /** `rb`, `wb`, `ab+`. */
  readonly mode: string;
}

/** A socket. */
export interface SocketObject {
  readonly address: number;
  readonly type: string;
  /** Null where it is closed. */
  readonly descriptor: number | null;
  /** AF_ and SOCK_ constants (socket(2)). */
  readonly family: number;
  readonly kind: number;
  /** Nanoseconds that a call waits at the most; null where it waits as long as it takes, 0 where it does not wait. */
  readonly timeoutNanos: number | null;
}

/** What runs tasks. */
export interface EventLoop {
  readonly address: number;
  readonly type: string;
  /** Null where it does not say, as one of native code. */
  readonly state: "running" | "stopped" | "closed" | null;
  /** Callbacks that it is to run next, and timers, those cancelled among them that it still has; null as above. */
  readonly ready: number | null;
  readonly scheduled: number | null;
  /** The system's number of the thread that it runs in; null where it runs in none, or that is not known. */
  readonly thread: number | null;
}

/** What the collector found to be garbage and could not free. */
export interface Uncollectable {
  readonly count: number;
  /** By type, the most first. */
  readonly types: readonly { readonly type: string; readonly count: number }[];
  /** Of so many the types are told. */
  readonly told: number;
}
