import type { Instruction } from "./instructions.ts";
import { isCondition, isEnd, jumpOf } from "./jumps.ts";
import { localsMoved, localsOf } from "./locals.ts";
import { stackEffect } from "./stack-effects.ts";
import { CONTAINER, HOLDER, ITEM, LESS, MORE, PUSHES, type Seen, SeenStack, TAKES } from "./values.ts";

/** One place where code adds to a container or takes from it. */
export interface Change {
  readonly kind: "adds" | "removes";
  /** Bytes from the code's first instruction. */
  readonly at: number;
}

/** What code means by its names. */
export interface Scope {
  readonly minor: number;
  /** co_names. */
  readonly names: readonly string[];
  /** What holders call the container. */
  readonly attribute: string;
  readonly container: "list" | "defaultdict" | "queue" | "other";
  /** Whether to give an attribute its first value is this function's work: `__init__`. */
  readonly makes: boolean;
  /** How many locals have a value from the start, at least. */
  readonly parameters: number;
  /** What the function is called with as its first argument; null where that is not known. */
  readonly first: Seen;
  global(name: string): Seen;
  /** A cell or a variable of a function around it, by the argument of LOAD_DEREF. */
  cell(index: number): Seen;
  /** An attribute of an object that is known by its address. */
  member(address: number, name: string): Seen;
}

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
const ROTATIONS = ["ROT_TWO", "ROT_THREE", "ROT_FOUR"];

/**
 * Where code changes the container, in its order: a method of it that adds is taken, a subscript of it stored, or
 * another value put in its place. Values are followed through the stack and through locals that are set once; what
 * becomes of them elsewhere is not known, and nothing is said of it.
 */
export function changesIn(code: readonly Instruction[], scope: Scope): Change[] {
  return new Walk(code, scope).changes;
}

class Walk {
  readonly changes: Change[] = [];
  readonly #scope: Scope;
  /** Locals that are set once, and not before they are asked for. */
  readonly #aliases: ReadonlySet<number>;
  readonly #locals = new Map<number, Seen>();
  readonly #joins = new Map<number, SeenStack>();
  #stack = new SeenStack();
  #at = 0;

  constructor(code: readonly Instruction[], scope: Scope) {
    this.#scope = scope;
    const { stores, aliases } = localsOf(code, scope.parameters);
    this.#aliases = aliases;
    if (!stores.has(0)) this.#locals.set(0, scope.first);
    let isReached = true;
    for (const instruction of code) {
      const joined = this.#joins.get(instruction.at);
      if (joined !== undefined) {
        this.#stack = isReached ? this.#stack.join(joined) : joined;
        this.#joins.delete(instruction.at);
      } else if (!isReached) this.#stack = new SeenStack();
      this.#at = instruction.at;
      const jump = jumpOf(instruction, scope.minor);
      if (jump !== null) {
        const there = this.#stack.copy();
        there.drop(jump.pops, jump.pushes);
        const known = this.#joins.get(jump.to);
        this.#joins.set(jump.to, known === undefined ? there : known.join(there));
      }
      isReached = !isEnd(instruction);
      if (isCondition(instruction)) {
        if (instruction.name === "FOR_ITER") this.#stack.push(null);
        else this.#stack.pop();
      } else if (isReached) this.#step(instruction);
    }
  }

  #step({ name, arg }: Instruction): void {
    if (this.#moves(name, arg) || this.#loads(name, arg)) return;
    this.#look(name, arg);
    const result = this.#result(name, arg);
    const effect = stackEffect(name, arg, this.#scope.minor);
    if (effect === null) this.#stack.clear();
    else this.#stack.drop(effect.pops, effect.pushes);
    if (result === null) return;
    this.#stack.pop();
    this.#stack.push(result);
  }

  /** Whether the instruction only moves what is on the stack. */
  #moves(name: string, arg: number): boolean {
    const stack = this.#stack;
    const rotated = ROTATIONS.indexOf(name);
    if (rotated >= 0) stack.rotate(rotated + 1);
    else if (name === "ROT_N") stack.rotate(arg - 1);
    else if (name === "SWAP") stack.swap(arg - 1);
    else if (name === "COPY") stack.push(stack.peek(arg - 1));
    else if (name === "DUP_TOP") stack.push(stack.peek(0));
    else if (name === "DUP_TOP_TWO") for (let i = 0; i < 2; i += 1) stack.push(stack.peek(1));
    else return false;
    return true;
  }

  /** Whether it brings what a name stands for; from 3.11 on, bits below the name's index say what else. */
  #loads(name: string, arg: number): boolean {
    const stack = this.#stack;
    const { minor } = this.#scope;
    if (/^(LOAD|STORE)_FAST/.test(name)) this.#moveLocals(name, arg);
    else if (name === "LOAD_DEREF") stack.push(this.#scope.cell(arg));
    else if (name === "LOAD_GLOBAL")
      this.#load(this.#global(minor >= 11 ? arg >>> 1 : arg), minor >= 11 && (arg & 1) === 1);
    else if (name === "LOAD_METHOD") this.#load(this.#attribute(stack.pop(), arg), true);
    else if (name === "LOAD_ATTR")
      this.#load(this.#attribute(stack.pop(), minor >= 12 ? arg >>> 1 : arg), minor >= 12 && (arg & 1) === 1);
    else if (name === "LOAD_SUPER_ATTR") {
      const self = stack.pop();
      stack.drop(2, 0);
      this.#load(this.#attribute(self, arg >>> 2), (arg & 1) === 1);
    } else return false;
    return true;
  }

  /** Locals go to the stack and back, some instructions moving two. */
  #moveLocals(name: string, arg: number): void {
    const stack = this.#stack;
    const { stored, loaded } = localsMoved(name, arg);
    const isTaken = name === "LOAD_FAST_AND_CLEAR";
    for (const local of stored) {
      if (isTaken) stack.push(null);
      else {
        const value = stack.pop();
        if (this.#aliases.has(local)) this.#locals.set(local, value);
      }
    }
    for (const local of loaded) stack.push(this.#locals.get(local) ?? null);
  }

  /** What calls take is two words, which one of both is the function: both get the value. */
  #load(value: Seen, isCalled: boolean): void {
    this.#stack.push(value);
    if (isCalled) this.#stack.push(value);
  }

  #global(index: number): Seen {
    const name = this.#scope.names[index] ?? "";
    return functionCalled(name) ?? this.#scope.global(name);
  }

  #attribute(of: Seen, index: number): Seen {
    const name = this.#scope.names[index] ?? "";
    if (of?.kind === "holder") {
      if (name === this.#scope.attribute) return CONTAINER;
      return name === "__class__" ? HOLDER : null;
    }
    if (of?.kind === "object") return functionCalled(name) ?? this.#scope.member(of.address, name);
    const isItem = of?.kind === "item" && this.#scope.container === "defaultdict";
    if (of?.kind !== "container" && !isItem) return null;
    if (ADDING.has(name)) this.#found("adds");
    else if (!isItem && (REMOVING.has(name) || (name === "get" && this.#scope.container === "queue")))
      this.#found("removes");
    return null;
  }

  /** What an instruction does to what it takes from the stack. */
  #look(name: string, arg: number): void {
    const stack = this.#stack;
    const named = this.#scope.names[arg] ?? "";
    const isList = this.#scope.container === "list";
    const isOwn =
      name.endsWith("_ATTR") && stack.peek(0)?.kind === "holder" && named === this.#scope.attribute;
    const isGlobal = name.endsWith("_GLOBAL") && isContainer(this.#scope.global(named));
    if (name === "STORE_SUBSCR" && isContainer(stack.peek(1)) && !isList) this.#found("adds");
    // A slice of a list takes the place of another.
    else if (name === "STORE_SLICE" && isContainer(stack.peek(2))) this.#found("removes");
    else if (name === "DELETE_SUBSCR" && isContainer(stack.peek(1))) this.#found("removes");
    else if (name === "STORE_ATTR" && isOwn) this.#replaced(stack.peek(1));
    else if (name === "STORE_GLOBAL" && isGlobal) this.#replaced(stack.peek(0));
    else if ((name === "DELETE_ATTR" && isOwn) || (name === "DELETE_GLOBAL" && isGlobal))
      this.#found("removes");
  }

  #replaced(by: Seen): void {
    if (by?.kind === "more") this.#found("adds");
    else if (by?.kind !== "container" && !this.#scope.makes) this.#found("removes");
  }

  /** What an instruction leaves on the stack, where that is known. */
  #result(name: string, arg: number): Seen {
    const stack = this.#stack;
    const operator = operatorOf(name, arg);
    if (operator !== null && isContainer(stack.peek(1))) {
      if (operator === "SUBSCR") return ITEM;
      const grows = /ADD|OR$/.test(operator);
      if (!operator.startsWith("INPLACE_")) return grows ? MORE : LESS;
      this.#found(grows ? "adds" : "removes");
      return CONTAINER;
    }
    if (name !== "CALL" && name !== "CALL_FUNCTION" && name !== "CALL_METHOD") return null;
    const callee = stack.peek(arg) ?? stack.peek(arg + 1);
    const given = arg > 0 ? stack.peek(arg - 1) : null;
    if (callee?.kind === "type" && arg === 1 && given?.kind === "holder") return HOLDER;
    if (!isContainer(given)) return null;
    if (callee?.kind === "pushes") this.#found("adds");
    else if (callee?.kind === "takes") this.#found("removes");
    return null;
  }

  #found(kind: Change["kind"]): void {
    this.changes.push({ kind, at: this.#at });
  }
}

function isContainer(value: Seen): boolean {
  return value?.kind === "container";
}

function functionCalled(name: string): Seen {
  return PUSHING.has(name) ? PUSHES : TAKING.has(name) ? TAKES : null;
}

/** `INPLACE_ADD`, `OR`, `SUBSCR`, of those that matter. */
function operatorOf(name: string, arg: number): string | null {
  if (name === "BINARY_OP") {
    if (arg === INPLACE_OR) return "INPLACE_OR";
    if (arg === INPLACE_SUBTRACT) return "INPLACE_SUBTRACT";
    return arg === SUBSCRIPT ? "SUBSCR" : OPERATORS[arg] || null;
  }
  const operator = name.replace(/^BINARY_/, "");
  return /^(INPLACE_)?(ADD|AND|OR|SUBTRACT)$|^SUBSCR$/.test(operator) ? operator : null;
}
