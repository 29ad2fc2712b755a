import type { Frame } from "../../answers/results/index.ts";
import { colorOf } from "../shell/settings.ts";
import type { Control } from "./control.ts";
import { screenLines } from "./lines.ts";
import { FIRST_STATE, type Key, press, type ScreenState } from "./screen-state.ts";
import { Terminal } from "./terminal.ts";
import type { Onlooker } from "./watcher.ts";

type WatchFrame = Frame<"coregram/watch@1">;

/** What is shown of a process: its last frame, and the last with owners. */
interface Shown {
  readonly frame: WatchFrame;
  readonly owners: WatchFrame | null;
}

/** A screen like that of top(1), on a terminal. */
export class Screen implements Onlooker {
  readonly #control: Control;
  readonly #terminal: Terminal;
  readonly #shown = new Map<number, Shown>();
  /** What was noted, for when the screen is gone. */
  readonly #notes: string[] = [];
  #state: ScreenState = FIRST_STATE;

  constructor(control: Control) {
    this.#control = control;
    const streams = { out: process.stdout, in: process.stdin };
    this.#terminal = new Terminal(streams, { key: (key) => this.#press(key), resize: () => this.#draw() });
  }

  get notes(): readonly string[] {
    return this.#notes;
  }

  open(): void {
    this.#terminal.open();
    this.#terminal.draw(["looking …"]);
  }

  close(): void {
    this.#terminal.close();
  }

  frame(frame: WatchFrame): void {
    const { pid } = frame.input;
    const before = this.#shown.get(pid);
    // Of another program, too, that it has become.
    const isFirst = frame.totals.sample === 1;
    // What has ended is gone from the screen, but for the last one.
    if (frame.totals.state === "ended" && this.#shown.size > 1) this.#shown.delete(pid);
    else
      this.#shown.set(pid, {
        frame,
        owners: frame.totals.owners !== null ? frame : isFirst ? null : (before?.owners ?? null),
      });
    const processes = this.#shown.size;
    this.#state = { ...this.#state, processes, process: Math.min(this.#state.process, processes - 1) };
    this.#draw();
  }

  note(text: string): void {
    this.#notes.push(text);
    this.#state = { ...this.#state, message: text };
    this.#draw();
  }

  #press(key: Key): void {
    const { state, wish } = press(this.#state, key);
    const owners = this.#current?.owners?.totals.owners?.length ?? 0;
    this.#state = { ...state, chosen: Math.min(state.chosen, Math.max(0, owners - 1)) };
    if (wish === "quit") this.#control.end();
    if (wish === "hold") this.#control.toggleHeld();
    if (wish === "look") this.#control.lookNow();
    this.#draw();
  }

  get #current(): Shown | undefined {
    return [...this.#shown.values()][this.#state.process];
  }

  #draw(): void {
    const current = this.#current;
    if (current === undefined) return;
    const size = { ...this.#terminal.size, color: colorOf("auto", true) };
    this.#terminal.draw(screenLines(current.frame, current.owners, this.#state, size));
  }
}
