// Processes that run test files for mutants, and are killed where one takes too long.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const RUNNER = fileURLToPath(new URL("runner.mjs", import.meta.url));

/** @typedef {{ failed: boolean, seconds: number, late?: boolean }} Verdict */

export class Runner {
  #folder;
  /** @type {import("node:child_process").ChildProcess | null} */
  #child = null;
  /** The test files, from the tree's root on. @type {string[]} */
  files = [];

  /** @param {string} folder the tree with mutants */
  constructor(folder) {
    this.#folder = folder;
  }

  /** @returns {Promise<void>} */
  async start() {
    // A group of its own, so that all that the tests have started ends with it.
    const child = fork(RUNNER, [], {
      cwd: this.#folder,
      detached: true,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      execArgv: [],
    });
    this.#child = child;
    const { files } = await this.#next(child, 60_000);
    this.files = files.map((/** @type {string} */ file) =>
      file.slice(file.indexOf("/test/", this.#folder.length) + 1),
    );
  }

  /**
   * Runs a test file for a mutant.
   * @param {{ number: number, file: string, log?: string }} task
   * @param {number} seconds after which it counts as failed
   * @returns {Promise<Verdict>}
   */
  async run(task, seconds) {
    if (!this.#child) await this.start();
    const child = /** @type {import("node:child_process").ChildProcess} */ (this.#child);
    child.send(task);
    try {
      return await this.#next(child, seconds * 1000);
    } catch {
      this.stop();
      return { failed: true, seconds, late: true };
    }
  }

  stop() {
    const pid = this.#child?.pid;
    this.#child = null;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  /** @param {import("node:child_process").ChildProcess} child @param {number} ms @returns {Promise<any>} */
  #next(child, ms) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => end(() => reject(new Error("late"))), ms);
      /** @param {unknown} message */
      const answered = (message) => end(() => resolve(message));
      const exited = () => end(() => reject(new Error("ended")));
      /** @param {() => void} settle */
      function end(settle) {
        clearTimeout(timer);
        child.off("message", answered).off("exit", exited);
        settle();
      }
      child.on("message", answered).on("exit", exited);
    });
  }
}
