import type { Frame } from "../../answers/results/index.ts";
import type { Notes } from "../shell/notes.ts";
import { screenLines } from "./lines.ts";
import { FIRST_STATE } from "./screen-state.ts";
import type { Onlooker } from "./watcher.ts";

type WatchFrame = Frame<"coregram/watch@1">;

/** Of a terminal that does not say its size. */
const USUAL = { columns: 80, rows: 24 } as const;

/** For a terminal that can only print (TERM=dumb): what a screen would show of each sample, one below the other. */
export class Printer implements Onlooker {
  readonly #notes: Notes;
  readonly #out: Pick<NodeJS.WriteStream, "columns" | "rows" | "write">;
  /** The last frame with owners, of each process. */
  readonly #owners = new Map<number, WatchFrame>();

  constructor(notes: Notes, out: Pick<NodeJS.WriteStream, "columns" | "rows" | "write"> = process.stdout) {
    this.#notes = notes;
    this.#out = out;
  }

  frame(frame: WatchFrame): void {
    const { pid } = frame.input;
    // Of another program, too, that it has become.
    if (frame.totals.sample === 1) this.#owners.delete(pid);
    if (frame.totals.owners !== null) this.#owners.set(pid, frame);
    const size = {
      columns: this.#out.columns || USUAL.columns,
      rows: this.#out.rows || USUAL.rows,
      color: false,
    };
    // The last one has the keys, and nobody hears them.
    const lines = screenLines(frame, this.#owners.get(pid) ?? null, FIRST_STATE, size).slice(0, -1);
    this.#out.write(`${lines.join("\n")}\n\n`);
  }

  note(text: string): void {
    this.#notes.say(text);
  }
}
