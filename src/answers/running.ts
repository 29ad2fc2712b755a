import { ROOT_NUMBERS } from "../runtimes/index.ts";
import type { Heap } from "./read-heap.ts";

/** Variables of frames that are asked for whose they are. */
const MOST_ROOTS = 65_536;
/** What threads stand in that wait for something to do, by function and file. */
const WAITING: ReadonlySet<string> = new Set([
  "select selectors.py",
  "serve_forever socketserver.py",
  "accept socket.py",
  "_run_once base_events.py",
  "run_forever base_events.py",
  "get queue.py",
]);
/** What waits for requests or for jobs has such a type. */
const SERVER = /(Server|Worker|WorkController|Consumer)$/;

/** What the threads of a process do, as far as frames have variables. */
export class Running {
  readonly #heap: Heap;
  /** `load app.py`, by thread or stack. */
  #stacks: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  #serves: boolean | null = null;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Whether a function runs, or any of that file but the module's own code. */
  runs(name: string | null, file: string): boolean {
    for (const [, stack] of this.#frames()) {
      if (name !== null && stack.has(`${name} ${file}`)) return true;
      if (name === null)
        for (const place of stack)
          if (place.endsWith(` ${file}`) && !place.startsWith("<module> ")) return true;
    }
    return false;
  }

  /** Whether a thread or stack waits for something to do. */
  isIdle(stack: string): boolean {
    const places = this.#frames().get(stack) ?? [];
    return [...places].some((place) => WAITING.has(place));
  }

  /** Whether a thread waits for what another process sends. */
  waitsForInput(stack: string): boolean {
    return this.#heap.waiters.has(Number(stack));
  }

  /** Whether the process serves: there is a server or a worker, and a thread that waits for what comes. */
  get serves(): boolean {
    this.#serves ??=
      [...this.#frames().keys()].some((stack) => this.isIdle(stack)) &&
      this.#heap.found.totals().some(({ name, count }) => count > 0 && SERVER.test(name));
    return this.#serves;
  }

  #frames(): ReadonlyMap<string, ReadonlySet<string>> {
    this.#stacks ??= this.#read();
    return this.#stacks;
  }

  #read(): ReadonlyMap<string, ReadonlySet<string>> {
    const { nodes, kinds, nameOf } = this.#heap.references.roots;
    const stacks = new Map<string, Set<string>>();
    let left = MOST_ROOTS;
    for (let root = 0; root < nodes.length && left > 0; root += 1) {
      if (kinds[root] !== ROOT_NUMBERS.frames) continue;
      left -= 1;
      // From 3.11 on functions have their full names.
      const found = /^<(?:thread|stack) (\S+) (?:\S*\.)?(\S+ .*):\d+>/.exec(nameOf(root));
      if (found === null) continue;
      const [, stack = "", place = ""] = found;
      const places = stacks.get(stack);
      if (places === undefined) stacks.set(stack, new Set([place]));
      else places.add(place);
    }
    return stacks;
  }
}
