import { say } from "./say.ts";

/** What is said on stderr beside the answer; nothing with --quiet. */
export class Notes {
  readonly quiet: boolean;
  private before: () => void = () => {};

  constructor(quiet: boolean) {
    this.quiet = quiet;
  }

  /** A plain fact: a file was spooled, a map had so many names. */
  say(text: string): void {
    if (this.quiet) return;
    this.before();
    say(text);
  }

  /** Something of the input was damaged or left out. */
  warn(text: string): void {
    this.say(`warning: ${text}`);
  }

  /** Called before anything is said: a progress line makes room. */
  onSay(before: () => void): void {
    this.before = before;
  }
}
