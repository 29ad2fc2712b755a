import type { Instruction } from "./instructions.ts";
import { isCondition, isEnd, jumpOf } from "./jumps.ts";
import { localsMoved, localsOf } from "./locals.ts";
import {
  builtinCalled,
  type ChangeKind,
  changeByMethod,
  functionCalled,
  isKeyed,
  methodCalled,
  operatorOf,
} from "./operations.ts";
import type { Scope } from "./scope.ts";
import { stackEffect } from "./stack-effects.ts";
import {
  CONTAINER,
  FIXED,
  HOLDER,
  ITEM,
  KEYS,
  LENGTH,
  LESS,
  MORE,
  NAMESAKE,
  type Seen,
  SeenStack,
} from "./values.ts";

/** One place where code adds to a container or takes from it. */
export interface Change {
  readonly kind: ChangeKind;
  /** Bytes from the code's first instruction. */
  readonly at: number;
  /** The function that it is given to, by its address, and as which argument; null where that is not known. */
  readonly given: { readonly to: number; readonly argument: number } | null;
}

export interface Changes {
  readonly changes: readonly Change[];
  /** Methods of the container that the code makes attributes of the holder: `self.add = self.rows.append`. */
  readonly kept: ReadonlyMap<string, ChangeKind>;
}

const ROTATIONS = ["ROT_TWO", "ROT_THREE", "ROT_FOUR"];

/**
 * Where code changes the container, in its order: a method of it that adds is taken, a subscript of it stored, or
 * another value put in its place; and where it is given to other code, or its length compared. Values are followed through the stack and through locals that are set once; what
 * becomes of them elsewhere is not known, and nothing is said of it.
 */
export function changesIn(code: readonly Instruction[], scope: Scope): Changes {
  return new Walk(code, scope);
}

class Walk implements Changes {
  readonly changes: Change[] = [];
  readonly kept = new Map<string, ChangeKind>();
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
    const { argument = 0 } = scope;
    if (!stores.has(argument)) this.#locals.set(argument, scope.first);
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
        if (instruction.name === "FOR_ITER")
          this.#stack.push(this.#stack.peek(0)?.kind === "keys" ? FIXED : null);
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
    return functionCalled(name) ?? this.#scope.global(name) ?? builtinCalled(name);
  }

  #attribute(of: Seen, index: number): Seen {
    const name = this.#scope.names[index] ?? "";
    if (of?.kind === "holder") {
      if (name === this.#scope.attribute) return CONTAINER;
      const change = this.#scope.methods.get(name);
      if (change !== undefined) this.#found(change);
      return name === "__class__" ? HOLDER : null;
    }
    if (of === null) return name === this.#scope.attribute ? NAMESAKE : methodCalled(name);
    if (of.kind === "object")
      return functionCalled(name) ?? this.#scope.member(of.address, name) ?? methodCalled(name);
    if (of.kind === "fixed") return methodCalled(name);
    const change = changeByMethod(name, this.#scope.container);
    if (of.kind === "namesake" && change === "adds") this.#found("may add");
    const isItem = of.kind === "item" && this.#scope.container === "defaultdict" && change === "adds";
    if (of.kind !== "container" && !isItem) return null;
    if (change === null) return null;
    this.#found(change);
    return { kind: "method", change, isKeyed: !isItem && isKeyed(name), at: this.#at };
  }

  /** What an instruction does to what it takes from the stack. */
  #look(name: string, arg: number): void {
    const stack = this.#stack;
    const named = this.#scope.names[arg] ?? "";
    const isOwn = stack.peek(0)?.kind === "holder" && named === this.#scope.attribute;
    switch (name) {
      case "STORE_SUBSCR":
        // A list has the item already, and all else has one that is stored by the same few keys.
        if (this.#scope.container === "list" || stack.peek(0)?.kind === "fixed") break;
        if (isContainer(stack.peek(1))) this.#found("adds");
        else if (stack.peek(1)?.kind === "namesake") this.#found("may add");
        break;
      case "STORE_SLICE":
        if (isContainer(stack.peek(2))) this.#found("removes");
        break;
      case "COMPARE_OP":
        if (stack.peek(0)?.kind === "length" || stack.peek(1)?.kind === "length") this.#found("compared");
        break;
      case "DELETE_SUBSCR":
        if (isContainer(stack.peek(1))) this.#found("removes");
        break;
      case "STORE_ATTR":
        if (isOwn) this.#replaced(stack.peek(1));
        else if (stack.peek(0)?.kind === "holder") this.#keep(named, stack.peek(1));
        break;
      case "DELETE_ATTR":
        if (isOwn) this.#found("removes");
        break;
      case "STORE_GLOBAL":
        if (isContainer(this.#scope.global(named))) this.#replaced(stack.peek(0));
        break;
      case "DELETE_GLOBAL":
        if (isContainer(this.#scope.global(named))) this.#found("removes");
    }
  }

  /** What is kept for later changes nothing yet. */
  #keep(name: string, value: Seen): void {
    if (value?.kind !== "method") return;
    this.kept.set(name, value.change);
    this.#forget(value.at);
  }

  #forget(at: number): void {
    const taken = this.changes.findIndex((change) => change.at === at);
    if (taken >= 0) this.changes.splice(taken, 1);
  }

  #replaced(by: Seen): void {
    if (by?.kind === "more") this.#found("adds");
    else if (by?.kind === "less") this.#found("removes");
    else if (by?.kind !== "container" && !this.#scope.makes) this.#found("replaces");
  }

  /** What an instruction leaves on the stack, where that is known. */
  #result(name: string, arg: number): Seen {
    const stack = this.#stack;
    if (name === "LOAD_CONST" || name === "LOAD_SMALL_INT") return FIXED;
    if (name === "GET_ITER") return /^(container|keys)$/.test(stack.peek(0)?.kind ?? "") ? KEYS : null;
    const operator = operatorOf(name, arg);
    if (operator !== null && isContainer(stack.peek(1))) {
      if (operator === "SUBSCR") return ITEM;
      const grows = /ADD|OR$/.test(operator);
      if (!operator.startsWith("INPLACE_")) return grows ? MORE : LESS;
      this.#found(grows ? "adds" : "removes");
      return CONTAINER;
    }
    // Of texts the same operator makes as many as it is given: a constant before it is one.
    if (operator === "REMAINDER" && stack.peek(1)?.kind !== "fixed") return FIXED;
    if (operator === "AND") return FIXED;
    return this.#called(name, arg);
  }

  /** What a call leaves; names of arguments are above these. */
  #called(name: string, arg: number): Seen {
    const stack = this.#stack;
    const hasNames = name === "CALL_KW" || name === "CALL_FUNCTION_KW";
    if (!hasNames && name !== "CALL" && name !== "CALL_FUNCTION" && name !== "CALL_METHOD") return null;
    const top = hasNames ? 1 : 0;
    const isOneWord = name.startsWith("CALL_FUNCTION");
    const callee = stack.peek(top + arg) ?? (isOneWord ? null : stack.peek(top + arg + 1));
    const given = arg > 0 ? stack.peek(top + arg - 1) : null;
    // Its methods change what `self` is.
    if (callee?.kind === "super") return arg === 0 ? this.#scope.first : stack.peek(0);
    if (callee?.kind === "type" && arg === 1 && given?.kind === "holder") return HOLDER;
    if (callee?.kind === "method" && callee.isKeyed && given?.kind === "fixed") this.#forget(callee.at);
    if (callee?.kind === "measures" && isContainer(given)) return LENGTH;
    if (callee?.kind === "pushes" && isContainer(given)) this.#found("adds");
    else if (callee?.kind === "takes" && isContainer(given)) this.#found("removes");
    else if (callee?.kind === "reads") return isContainer(given) ? KEYS : null;
    else if (!/^(measures|type)$/.test(callee?.kind ?? ""))
      for (let argument = 0; argument < arg; argument += 1)
        if (isContainer(stack.peek(top + arg - 1 - argument)))
          this.#found(
            "given",
            callee?.kind === "object" && !hasNames ? { to: callee.address, argument } : null,
          );
    return null;
  }

  #found(kind: ChangeKind, given: Change["given"] = null): void {
    this.changes.push({ kind, at: this.#at, given });
  }
}

function isContainer(value: Seen): boolean {
  return value?.kind === "container";
}
