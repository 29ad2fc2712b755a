/** Something that was done on the way and is good to know: a file was spooled, bytes were left out. */
export interface NoteEvent {
  readonly kind: "note";
  /** The name of the target that it is about, as it was given. Untrusted, as `text` is: print with `printable`. */
  readonly target: string;
  /** One sentence without its full stop, lower case. */
  readonly text: string;
}

/** Something of the input was damaged, contradicts itself, or was left out of the answer. */
export interface WarningEvent {
  readonly kind: "warning";
  readonly target: string;
  readonly text: string;
}

/** How far a stage of the work is. Many of them come, some milliseconds apart. */
export interface ProgressEvent {
  readonly kind: "progress";
  readonly target: string;
  /** `decompressing`, `counting`, `finding objects`: to be shown, not to be compared with. */
  readonly stage: string;
  /** Of `all`, in a unit of the stage's own. Never falls within a stage. */
  readonly done: number;
  /** Null where nobody knows; then `done` is bytes. */
  readonly all: number | null;
  /** Bytes that the stage has got through, for a speed; null where it does not count in bytes. */
  readonly bytes: number | null;
}

/** What is said beside an answer while it is made. */
export type AnswerEvent = NoteEvent | WarningEvent | ProgressEvent;

/** Hears events, in their order. It is called in the middle of the work: what it throws ends the work. */
export type Listener = (event: AnswerEvent) => void;
