import { MEASURES, PUSHES, READS, type Seen, SUPER, TAKES } from "./values.ts";

/**
 * What becomes of a container; "may add" is said of one that has its name, and of whose holder nothing is known. Other code
 * that is "given" it may take from it, and where its length is "compared" it may have a bound.
 */
export type ChangeKind = "adds" | "removes" | "replaces" | "may add" | "given" | "compared";

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
/** Builtins that leave their arguments as they are (Python/bltinmodule.c). */
const READING: ReadonlySet<string> = new Set(
  (
    "all any bool bytes dict enumerate filter format frozenset hash id isinstance iter list map max min print repr " +
    "reversed set sorted str sum tuple zip"
  ).split(" "),
);
/** The same of methods, and of functions of modules: what they are of is not known. */
const READING_METHODS: ReadonlySet<string> = new Set(
  "copy debug deepcopy dumps error exception extend extendleft getsizeof info join nlargest nsmallest update warning".split(
    " ",
  ),
);
/** Methods that add nothing where there is an item by their first argument's name. */
const KEYED: ReadonlySet<string> = new Set(["add", "setdefault", "__setitem__"]);
/** Arguments of BINARY_OP (Include/opcode.h). */
const OPERATORS = [
  "ADD",
  "AND",
  "",
  "",
  "",
  "",
  "REMAINDER",
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
export function changeByMethod(name: string, container: ContainerKind): "adds" | "removes" | null {
  if (ADDING.has(name)) return "adds";
  return REMOVING.has(name) || (name === "get" && container === "queue") ? "removes" : null;
}

/** Whether a method of a container finds the place of what it adds by its first argument. */
export function isKeyed(name: string): boolean {
  return KEYED.has(name);
}

/** A function that changes its first argument, by its name; null of all else. */
export function functionCalled(name: string): Seen {
  return PUSHING.has(name) ? PUSHES : TAKING.has(name) ? TAKES : null;
}

/** A builtin that changes none of its arguments, by its name; null of all else. */
export function builtinCalled(name: string): Seen {
  if (name === "super") return SUPER;
  return name === "len" ? MEASURES : READING.has(name) ? READS : null;
}

/** The same of a method of something unknown. */
export function methodCalled(name: string): Seen {
  return READING_METHODS.has(name) ? READS : null;
}

/** `INPLACE_ADD`, `OR`, `SUBSCR`, of those that matter. */
export function operatorOf(name: string, arg: number): string | null {
  if (name === "BINARY_OP") {
    if (arg === INPLACE_OR) return "INPLACE_OR";
    if (arg === INPLACE_SUBTRACT) return "INPLACE_SUBTRACT";
    return arg === SUBSCRIPT ? "SUBSCR" : OPERATORS[arg] || null;
  }
  const operator = name.replace(/^BINARY_/, "");
  if (operator === "MODULO") return "REMAINDER";
  return /^(INPLACE_)?(ADD|AND|OR|SUBTRACT)$|^SUBSCR$/.test(operator) ? operator : null;
}
