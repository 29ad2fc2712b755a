import { parseEncoding } from "./encoding.ts";
import { nested, structor, suffixed, template, text } from "./nodes.ts";
import { findOperator } from "./operators.ts";
import { type Node, NotMangled } from "./printer.ts";
import type { State } from "./state.ts";
import {
  findTemplateArgument,
  parseDecltype,
  parseParameters,
  parseQualifiers,
  parseTemplateArguments,
  parseTemplateParameter,
  parseType,
} from "./types.ts";

/** A name, and what of a member function's signature stands in it. */
export interface Name {
  readonly node: Node;
  /** ` const`, ` &`, … */
  readonly qualifiers: string;
}

const STD = text("std");
const ALLOCATOR = nested(STD, text("allocator"));
const BASIC_STRING = nested(STD, text("basic_string"));
const CHAR_TRAITS = template(nested(STD, text("char_traits")), [text("char")]);
const STRING = template(BASIC_STRING, [text("char"), CHAR_TRAITS, template(ALLOCATOR, [text("char")])]);
const stream = (name: string) => template(nested(STD, text(name)), [text("char"), CHAR_TRAITS]);

/** Itanium C++ ABI, 5.1.8: the short form, and the full one, which constructors are called after. */
const STANDARD: Readonly<Record<string, readonly [short: Node, full: Node]>> = {
  a: [ALLOCATOR, ALLOCATOR],
  b: [BASIC_STRING, BASIC_STRING],
  s: [nested(STD, text("string")), STRING],
  i: [nested(STD, text("istream")), stream("basic_istream")],
  o: [nested(STD, text("ostream")), stream("basic_ostream")],
  d: [nested(STD, text("iostream")), stream("basic_iostream")],
};

/** @param isOwner whether `T_` stands for this name's template arguments from here on: that of a function or object */
export function parseName(state: State, isOwner = false): Name {
  const { cursor, templateArguments } = state;
  if (cursor.peek() === "N") return parseNested(state, isOwner);
  if (cursor.peek() === "Z") {
    const name = parseLocal(state, isOwner);
    if (!isOwner) state.templateArguments = templateArguments;
    return name;
  }
  let node: Node;
  let isSubstitution = false;
  if (cursor.peek() === "S" && cursor.peek(1) !== "t") {
    node = parseSubstitution(state, false);
    isSubstitution = true;
  } else {
    const isStd = cursor.take("St");
    const unqualified = parseUnqualified(state, null);
    node = isStd ? nested(STD, unqualified) : unqualified;
  }
  if (cursor.peek() === "I") {
    if (!isSubstitution) state.remember(node);
    node = template(node, parseNamedArguments(state, isOwner));
  }
  return { node, qualifiers: "" };
}

function parseNamedArguments(state: State, isOwner: boolean): Node[] {
  const args = parseTemplateArguments(state);
  if (isOwner) state.templateArguments = args;
  const { forward } = state;
  if (forward) for (const { index, node } of forward.splice(0)) node.resolve(args[index]);
  return args;
}

function parseNested(state: State, isOwner: boolean): Name {
  const { cursor } = state;
  cursor.expect("N");
  let qualifiers = parseQualifiers(state);
  if (cursor.take("R")) qualifiers += " &";
  else if (cursor.take("O")) qualifiers += " &&";
  let node: Node | null = null;
  while (!cursor.take("E")) {
    const letters = cursor.peek() + cursor.peek(1);
    if (letters[0] === "S" && letters !== "St") {
      if (node) throw new NotMangled("substitution inside of a name");
      node = parseSubstitution(state, true);
      continue;
    }
    if (letters[0] === "M" && node) {
      cursor.take("M");
      continue;
    }
    if (letters === "St") {
      cursor.read(2);
      node = node ?? STD;
      continue;
    }
    if (letters[0] === "I") {
      if (!node) throw new NotMangled("template without a name");
      node = template(node, parseNamedArguments(state, isOwner));
    } else if (letters[0] === "T" && !node) {
      const parameter = parseTemplateParameter(state);
      node = parameter.node;
      if (cursor.peek() !== "E") state.remember(node, parameter.index);
      continue;
    } else if (letters === "Dt" || letters === "DT") node = parseDecltype(state);
    else {
      const name: Node = parseUnqualified(state, node);
      node = node ? nested(node, name) : name;
    }
    if (cursor.peek() !== "E") state.remember(node);
  }
  if (!node) throw new NotMangled("empty name");
  return { node, qualifiers };
}

/** `Z encoding E name`: something inside of a function. */
function parseLocal(state: State, isOwner: boolean): Name {
  const { cursor } = state;
  cursor.expect("Z");
  const scope = cursor.nest(() => parseEncoding(state, false));
  cursor.expect("E");
  if (cursor.take("s")) {
    skipDiscriminator(state);
    return { node: nested(scope, text("string literal")), qualifiers: "" };
  }
  if (cursor.take("d")) {
    const number = cursor.readWhile(/[0-9]/);
    cursor.expect("_");
    const { node, qualifiers } = parseName(state, isOwner);
    const index = number === "" ? 1 : Number(number) + 2;
    return { node: nested(nested(scope, text(`{default arg#${index}}`)), node), qualifiers };
  }
  const { node, qualifiers } = cursor.nest(() => parseName(state, isOwner));
  skipDiscriminator(state);
  return { node: nested(scope, node), qualifiers };
}

function skipDiscriminator({ cursor }: State): void {
  if (cursor.take("__")) {
    cursor.readWhile(/[0-9]/);
    cursor.expect("_");
  } else if (cursor.peek() === "_" && /[0-9]/.test(cursor.peek(1))) cursor.read(2);
}

function parseUnqualified(state: State, scope: Node | null): Node {
  const { cursor } = state;
  cursor.take("L");
  const letter = cursor.peek();
  let node: Node;
  if (/[0-9]/.test(letter)) node = parseSourceName(state);
  else if (letter === "U") node = parseUnnamed(state);
  else if (cursor.take("DC")) {
    const names: Node[] = [];
    while (!cursor.take("E")) names.push(parseSourceName(state));
    node = {
      left(out) {
        out.add("[");
        out.list(names);
        out.add("]");
      },
    };
  } else if (letter === "C" || letter === "D") node = parseStructor(state, scope);
  else node = parseOperatorName(state);
  while (cursor.take("B")) {
    const tag = sourceText(state);
    node = suffixed(node, `[abi:${tag}]`);
  }
  return node;
}

function parseStructor(state: State, scope: Node | null): Node {
  const { cursor } = state;
  if (!scope) throw new NotMangled("constructor of nothing");
  const isDestructor = cursor.read(1) === "D";
  const isInheriting = !isDestructor && cursor.take("I");
  if (!/[0-9]/.test(cursor.read(1))) throw new NotMangled("no such constructor");
  if (isInheriting) parseType(state);
  return structor(scope, isDestructor);
}

/** Lambdas and types without a name; each kind is counted from 1 in its scope. */
function parseUnnamed(state: State): Node {
  const { cursor } = state;
  if (cursor.take("Ut")) return text(`{unnamed type#${parseCount(state)}}`);
  if (!cursor.take("Ul")) throw new NotMangled("unnamed what");
  while (/^T[yptnk]/.test(cursor.rest.slice(0, 2))) {
    const kind = cursor.read(2);
    if (kind === "Tn") parseType(state);
  }
  state.lambdaDepth += 1;
  const parameters = parseParameters(state, () => cursor.peek() === "E");
  state.lambdaDepth -= 1;
  cursor.expect("E");
  const count = parseCount(state);
  return {
    isSimple: true,
    left(out) {
      out.add("{lambda(");
      out.list(parameters);
      out.add(`)#${count}}`);
    },
  };
}

function parseCount({ cursor }: State): number {
  const digits = cursor.readWhile(/[0-9]/);
  cursor.expect("_");
  return digits === "" ? 1 : Number(digits) + 2;
}

/** `operator+`, or a conversion, whose template arguments come after its type. */
export function parseOperatorName(state: State): Node {
  const { cursor } = state;
  if (cursor.take("cv")) {
    const { forward } = state;
    state.forward ??= [];
    const type = parseType(state);
    const isPending = state.forward.length > 0 && cursor.peek() === "I";
    const open = state.forward;
    state.forward = isPending ? open : forward;
    if (!isPending)
      for (const { index, node } of open.splice(0)) node.resolve(state.templateArguments[index]);
    return {
      hasNoReturn: true,
      left(out) {
        out.add("operator ");
        out.print(type);
      },
    };
  }
  if (cursor.take("li")) {
    const name = sourceText(state);
    return text(`operator"" ${name}`);
  }
  const found = findOperator(cursor.read(2));
  if (!found) throw new NotMangled("no such operator");
  const written = found.text.trimEnd();
  return text(`operator${/^[a-z]/.test(written) ? " " : ""}${written}`);
}

export function parseSourceName(state: State): Node {
  const name = sourceText(state);
  // gcc's and clang's ways to name what has internal linkage.
  return text(/^_GLOBAL_[._$]N/.test(name) ? "(anonymous namespace)" : name);
}

function sourceText({ cursor }: State): string {
  const name = cursor.read(cursor.number());
  if (name === "") throw new NotMangled("empty name");
  return name;
}

/** `S_`, `S0_`, …, or one of the standard ones. */
export function parseSubstitution(state: State, isPrefix: boolean): Node {
  const { cursor } = state;
  cursor.expect("S");
  const letter = cursor.peek();
  const standard = Object.hasOwn(STANDARD, letter) ? STANDARD[letter] : undefined;
  if (standard) {
    cursor.read(1);
    const isNamed = isPrefix && /[CD]/.test(cursor.peek());
    let node = isNamed ? standard[1] : standard[0];
    let isTagged = false;
    while (cursor.take("B")) {
      node = suffixed(node, `[abi:${sourceText(state)}]`);
      isTagged = true;
    }
    return isTagged ? state.remember(node) : node;
  }
  const digits = cursor.readWhile(/[0-9A-Z]/);
  cursor.expect("_");
  const index = digits === "" ? 0 : Number.parseInt(digits, 36) + 1;
  const substitution = state.substitutions[index];
  if (!substitution) throw new NotMangled("no such substitution");
  const { node, parameter } = substitution;
  return parameter === null ? node : (findTemplateArgument(state, parameter) ?? node);
}
