/** The orders that `s` goes through. */
const SORTS = ["bytes", "bytesDiff", "bytesSinceFirst", "count", "type"] as const;

/** What somebody wants to see on a screen. */
export interface ScreenState {
  readonly sort: (typeof SORTS)[number];
  /** A part of types' names; empty for all. */
  readonly filter: string;
  /** What is being typed; null where nothing is. */
  readonly prompt: string | null;
  /** Which of the owners; whether all of it is shown. */
  readonly chosen: number;
  readonly isOpen: boolean;
  readonly isHeld: boolean;
  /** Which of the processes. */
  readonly process: number;
  readonly processes: number;
  /** The last thing that was noted. */
  readonly message: string;
}

export const FIRST_STATE: ScreenState = {
  ...{ sort: "bytes", filter: "", prompt: null, chosen: 0, isOpen: false },
  ...{ isHeld: false, process: 0, processes: 1, message: "" },
};

/** A key, as `node:readline` has it. */
export interface Key {
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
  /** What it writes. */
  readonly sequence?: string | undefined;
}

/** What a key asks of the watcher beside the screen. */
export type Wish = "quit" | "hold" | "look" | null;

const PROMPT = "filter types by: ";

/** What a key makes of the screen. */
export function press(state: ScreenState, key: Key): { readonly state: ScreenState; readonly wish: Wish } {
  if (key.ctrl && key.name === "c") return { state, wish: "quit" };
  if (state.prompt !== null) return { state: typed(state, key), wish: null };
  const same = (change: Partial<ScreenState>) => ({ state: { ...state, ...change }, wish: null });
  switch (key.name) {
    case "q":
      return { state, wish: "quit" };
    case "p":
    case "space":
      return { state: { ...state, isHeld: !state.isHeld }, wish: "hold" };
    case "r":
      return { state, wish: "look" };
    case "s":
      return same({ sort: SORTS[(SORTS.indexOf(state.sort) + 1) % SORTS.length] ?? "bytes" });
    case "up":
      return same({ chosen: Math.max(0, state.chosen - 1) });
    case "down":
      return same({ chosen: state.chosen + 1 });
    case "return":
      return same({ isOpen: !state.isOpen });
    case "escape":
      return same({ isOpen: false, filter: "" });
    case "tab":
      return same({ process: (state.process + 1) % Math.max(1, state.processes) });
    default:
      return key.sequence === "/" ? same({ prompt: PROMPT, filter: "" }) : same({});
  }
}

function typed(state: ScreenState, key: Key): ScreenState {
  if (key.name === "return") return { ...state, prompt: null };
  if (key.name === "escape") return { ...state, prompt: null, filter: "" };
  const text = key.sequence ?? "";
  const isText = !key.ctrl && /^[^\x00-\x1f\x7f]+$/.test(text);
  const filter =
    key.name === "backspace" ? state.filter.slice(0, -1) : isText ? state.filter + text : state.filter;
  return { ...state, filter, prompt: `${PROMPT}${filter}` };
}
