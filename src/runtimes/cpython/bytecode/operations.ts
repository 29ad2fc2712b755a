import { PUSHES, type Seen, TAKES } from "./values.ts";

/** What becomes of a container; "may add" is said of one that has its name, and of whose holder nothing is known. */
export type ChangeKind = "adds" | "removes" | "may add";

/** Containers of which some operations mean something else. */
export type ContainerKind = "list" | "defaultdict" | "queue" | "other";

const ADDING: ReadonlySet<string> = new Set(
  "add append appendleft extend extendleft insert push put put_nowait register setdefault update __setitem__".split(
    " ",
  ),
);
const REMOVING: ReadonlySet<string> = new Set(
  (
    "pop popitem popleft clear remove discard get_nowait unregister difference_update intersection_update " +
    "__delitem__"
  ).split(" "),
);
/** Functions that change their first argument (Lib/heapq.py, Lib/bisect.py). */
const PUSHING: ReadonlySet<string> = new Set(["heappush", "insort", "insort_left", "insort_right"]);
const TAKING: ReadonlySet<string> = new Set(["heappop"]);
/** Arguments of BINARY_OP (Include/opcode.h). */
const OPERATORS = [
  "ADD",
  "AND",
  "",
  "",
  "",
  "",
  "",
  "OR",
  "",
  "",
  "SUBTRACT",
  "",
  "",
  "INPLACE_ADD",
  "INPLACE_AND",
];
const INPLACE_OR = 20;
const INPLACE_SUBTRACT = 23;
const SUBSCRIPT = 26;

/** What a method of that name does to a container; null where it only looks, or is not known. */
export function changeByMethod(name: string, container: ContainerKind): ChangeKind | null {
  if (ADDING.has(name)) return "adds";
  return REMOVING.has(name) || (name === "get" && container === "queue") ? "removes" : null;
}

/** A function that changes its first argument, by its name; null of all else. */
export function functionCalled(name: string): Seen {
  return PUSHING.has(name) ? PUSHES : TAKING.has(name) ? TAKES : null;
}

/** `INPLACE_ADD`, `OR`, `SUBSCR`, of those that matter. */
export function operatorOf(name: string, arg: number): string | null {
  if (name === "BINARY_OP") {
    if (arg === INPLACE_OR) return "INPLACE_OR";
    if (arg === INPLACE_SUBTRACT) return "INPLACE_SUBTRACT";
    return arg === SUBSCRIPT ? "SUBSCR" : OPERATORS[arg] || null;
  }
  const operator = name.replace(/^BINARY_/, "");
  return /^(INPLACE_)?(ADD|AND|OR|SUBTRACT)$|^SUBSCR$/.test(operator) ? operator : null;
}
