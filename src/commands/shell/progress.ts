import type { Ora } from "ora";
import { formatBytes } from "../../terms/index.ts";
import type { Notes } from "./notes.ts";

/** A run shorter than this needs no progress line. */
const SHOW_AFTER_MILLIS = 300;

/**
 * A line on stderr that says how far a run is, on a terminal only, once the run lasts. ora is loaded when the
 * line is first shown: it costs more than a small file's whole histogram.
 */
export class ProgressLine {
  private readonly timer: NodeJS.Timeout | null;
  private spinner: Ora | null = null;
  private text = "";
  private stage = "";
  private stageStart = 0;
  private stopped = false;

  constructor(notes: Notes) {
    this.timer =
      !notes.quiet && canRedraw(process.stderr)
        ? setTimeout(() => void this.show(), SHOW_AFTER_MILLIS)
        : null;
    this.timer?.unref();
    notes.onSay(() => this.spinner?.clear());
  }

  /**
   * `done` of `all` of a stage, or just `done` bytes where nobody knows `all`; `bytes` are what the speed is of, null for
   * none.
   */
  update(stage: string, done: number, all: number | null, bytes: number | null): void {
    if (!this.timer) return;
    const now = performance.now();
    if (stage !== this.stage) {
      this.stage = stage;
      this.stageStart = now;
    }
    const seconds = (now - this.stageStart) / 1000;
    const speed = bytes !== null && seconds > 0.1 ? `, ${formatBytes(Math.round(bytes / seconds))}/s` : "";
    const far = all === null ? formatBytes(done) : `${Math.floor((100 * done) / Math.max(1, all))} %`;
    this.text = `${stage}: ${far}${speed}`;
    if (this.spinner) this.spinner.text = this.text;
  }

  /** Clears the line; before the first row, and in any case at the end. */
  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    this.spinner?.stop();
    this.spinner = null;
  }

  private async show(): Promise<void> {
    const { default: ora } = await import("ora");
    if (this.stopped) return;
    // Left alone: the cursor, stdin and the signals. A signal must end the run at once, by default.
    this.spinner = ora({
      text: this.text || "reading",
      stream: process.stderr,
      // Decided already; by itself it would also ask for CI, and print a line that stays.
      isEnabled: true,
      hideCursor: false,
      discardStdin: false,
    }).start();
  }
}

/**
 * Whether a line can be drawn over again. A terminal of no columns (a serial console, a pty that nobody gave a
 * size) is one to ora on which every text takes endlessly many lines, and it sets out to clear them all.
 */
function canRedraw({ isTTY, columns }: NodeJS.WriteStream): boolean {
  return isTTY && columns > 0 && process.env.TERM !== "dumb";
}
