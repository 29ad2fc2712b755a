import { emitKeypressEvents } from "node:readline";
import { onSignals } from "../shell/signals.ts";
import type { Key } from "./screen-state.ts";

/** The other screen, and no cursor (xterm's control sequences, "Alt screen", DECTCEM); and back. */
const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const TO_LINE_END = "\x1b[K";
const TO_SCREEN_END = "\x1b[J";

/** What is told of a terminal that says nothing of its size. */
const USUAL = { columns: 80, rows: 24 } as const;

/** A terminal that is drawn over: it is left as it was however the program ends. */
export class Terminal {
  readonly #out: NodeJS.WriteStream;
  readonly #in: NodeJS.ReadStream;
  #isOpen = false;
  #release: () => void = () => {};
  readonly #onKey: (text: string | undefined, key: Key) => void;
  readonly #onResize: () => void;

  constructor(
    streams: { readonly out: NodeJS.WriteStream; readonly in: NodeJS.ReadStream },
    heard: { readonly key: (key: Key) => void; readonly resize: () => void },
  ) {
    this.#out = streams.out;
    this.#in = streams.in;
    this.#onKey = (_, key) => {
      if (key.ctrl && key.name === "z") this.#suspend();
      else heard.key(key);
    };
    this.#onResize = heard.resize;
  }

  get size(): { readonly columns: number; readonly rows: number } {
    const { columns, rows } = this.#out;
    return columns > 0 && rows > 0 ? { columns, rows } : USUAL;
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#release = onSignals(() => this.close());
    process.on("exit", this.#onExit);
    this.#out.write(ENTER);
    this.#out.on("resize", this.#onResize);
    if (!this.#in.isTTY) return;
    emitKeypressEvents(this.#in);
    this.#in.setRawMode(true);
    this.#in.on("keypress", this.#onKey);
    this.#in.resume();
  }

  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    // Written over and not cleared first: nothing flickers.
    const text = lines.map((line) => `${line}${TO_LINE_END}`).join("\r\n");
    this.#out.write(`${HOME}${text}${TO_SCREEN_END}`);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#release();
    process.removeListener("exit", this.#onExit);
    this.#out.removeListener("resize", this.#onResize);
    this.#in.removeListener("keypress", this.#onKey);
    if (this.#in.isTTY) this.#in.setRawMode(false);
    this.#in.pause();
    this.#out.write(LEAVE);
  }

  readonly #onExit = () => this.close();

  /** Ctrl-Z, which a raw terminal leaves to the program: the shell has its screen until it lets us go on. */
  #suspend(): void {
    this.close();
    process.once("SIGCONT", () => {
      this.open();
      this.#onResize();
    });
    process.kill(process.pid, "SIGTSTP");
  }
}
