import { parseEncoding } from "./encoding.ts";
import { parseName, parseOperatorName, parseSourceName, parseSubstitution } from "./names.ts";
import { expansion, nested, template, text } from "./nodes.ts";
import { findOperator } from "./operators.ts";
import { type Node, NotMangled, type Printer } from "./printer.ts";
import type { State } from "./state.ts";
import { BUILTIN_TYPES, parseTemplateArguments, parseTemplateParameter, parseType } from "./types.ts";

/** How libiberty writes integers of these types: others stand after their type in parentheses. */
const SUFFIXES: Readonly<Record<string, string>> = { i: "", j: "u", l: "l", m: "ul", x: "ll", y: "ull" };

/** `L type value E` or `L_Z encoding E` */
export function parseLiteral(state: State): Node {
  const { cursor } = state;
  cursor.expect("L");
  if (cursor.take("_Z") || cursor.take("Z")) {
    const node = parseEncoding(state, true);
    cursor.expect("E");
    return { ...node, left: (out) => out.print(node), right() {}, isSimple: true };
  }
  const letter = cursor.peek();
  const type = parseType(state);
  const sign = cursor.take("n") ? "-" : "";
  const value = cursor.readWhile(/[^E_]/);
  cursor.expect("E");
  if (letter === "b" && value === "0") return literal("false");
  if (letter === "b" && value === "1") return literal("true");
  const suffix = SUFFIXES[letter];
  if (suffix !== undefined) return literal(`${sign}${value}${suffix}`);
  const isFloat = letter in BUILTIN_TYPES && /[defg]/.test(letter);
  return {
    left(out) {
      out.add("(");
      out.print(type);
      out.add(")");
      out.add(isFloat ? `${sign}[${value}]` : `${sign}${value}`);
    },
  };
}

function literal(value: string): Node {
  return { left: (out) => out.add(value) };
}

export function parseExpression(state: State): Node {
  return state.cursor.nest(() => parseExpressionHere(state));
}

function parseExpressionHere(state: State): Node {
  const { cursor } = state;
  const letters = cursor.peek() + cursor.peek(1);
  if (letters[0] === "L") return parseLiteral(state);
  if (letters[0] === "T") return parseTemplateParameter(state).node;
  if (letters === "fp" || letters === "fL") return parseFunctionParameter(state);
  if (/[0-9]/.test(letters[0] ?? "") || letters === "on" || letters === "gs") return parseUnresolved(state);
  switch (letters) {
    case "sr": {
      cursor.read(2);
      const scope = parseType(state);
      return nested(scope, parseUnresolved(state));
    }
    case "cv": {
      cursor.read(2);
      const type = parseType(state);
      const isList = cursor.take("_");
      const parts = isList ? parseList(state) : [parseExpression(state)];
      return around((out) => {
        out.add("(");
        out.print(type);
        out.add(")");
        out.add("(");
        out.list(parts);
        out.add(")");
      });
    }
    case "tl": {
      cursor.read(2);
      const type = parseType(state);
      const parts = parseList(state);
      return {
        isSimple: true,
        left(out) {
          out.print(type);
          braces(out, parts);
        },
      };
    }
    case "il": {
      cursor.read(2);
      const parts = parseList(state);
      return { isSimple: true, left: (out) => braces(out, parts) };
    }
    case "sp":
      cursor.read(2);
      return expansion(parseExpression(state));
    case "sZ": {
      cursor.read(2);
      const packed =
        cursor.peek() === "T" ? parseTemplateParameter(state).node : parseFunctionParameter(state);
      return around((out) => {
        const { packIndex, packLength } = out;
        const start = out.length;
        out.packIndex = 0;
        out.packLength = -1;
        out.print(packed);
        const count = out.packLength;
        out.truncate(start);
        out.packIndex = packIndex;
        out.packLength = packLength;
        out.add(`${Math.max(0, count)}`);
      });
    }
    case "st":
    case "at":
    case "ti": {
      cursor.read(2);
      const type = parseType(state);
      const word = letters === "st" ? "sizeof" : letters === "at" ? "alignof" : "typeid";
      return around((out) => {
        out.add(`${word} (`);
        out.print(type);
        out.add(")");
      });
    }
    case "nx": {
      cursor.read(2);
      const inner = parseExpression(state);
      return around((out) => {
        out.add("noexcept(");
        out.print(inner);
        out.add(")");
      });
    }
    case "cl": {
      cursor.read(2);
      const [callee, ...args] = parseList(state);
      if (!callee) throw new NotMangled("call of nothing");
      return around((out) => {
        operand(out, callee);
        out.add("(");
        out.list(args);
        out.add(")");
      });
    }
    case "dt":
    case "pt": {
      cursor.read(2);
      const object = parseExpression(state);
      const member = parseUnresolved(state);
      return around((out) => {
        operand(out, object);
        out.add(letters === "dt" ? "." : "->");
        out.print(member);
      });
    }
    case "ix": {
      cursor.read(2);
      const object = parseExpression(state);
      const index = parseExpression(state);
      return around((out) => {
        operand(out, object);
        out.add("[");
        out.print(index);
        out.add("]");
      });
    }
    case "qu": {
      cursor.read(2);
      const parts = [parseExpression(state), parseExpression(state), parseExpression(state)] as const;
      return around((out) => {
        operand(out, parts[0]);
        out.add("?");
        operand(out, parts[1]);
        out.add(" : ");
        operand(out, parts[2]);
      });
    }
  }
  return parseOperator(state);
}

function parseOperator(state: State): Node {
  const { cursor } = state;
  const found = findOperator(cursor.read(2));
  if (!found) throw new NotMangled("no such expression");
  const { text: sign, form } = found;
  if (form === "prefix" || form === "call") {
    const inner = parseExpression(state);
    return around((out) => {
      out.add(sign);
      if (sign === "&" && inner.functionName) out.print(inner.functionName);
      else operand(out, inner);
    });
  }
  if (form === "postfix") {
    const isPrefix = cursor.take("_");
    const inner = parseExpression(state);
    return around((out) => {
      if (isPrefix) out.add(sign);
      operand(out, inner);
      if (!isPrefix) out.add(sign);
    });
  }
  if (form !== "binary") throw new NotMangled("no such expression");
  const left = parseExpression(state);
  const right = parseExpression(state);
  const isGreater = sign.startsWith(">");
  return around((out) => {
    if (isGreater) out.add("(");
    operand(out, left);
    out.add(sign);
    operand(out, right);
    if (isGreater) out.add(")");
  });
}

function around(left: (out: Printer) => void): Node {
  return { left };
}

/** An operand that is more than a name stands in parentheses. */
function operand(out: Printer, node: Node): void {
  if (!node.isSimple) out.add("(");
  out.print(node);
  if (!node.isSimple) out.add(")");
}

function braces(out: Printer, parts: readonly Node[]): void {
  out.add("{");
  out.list(parts);
  out.add("}");
}

function parseList(state: State): Node[] {
  const parts: Node[] = [];
  while (!state.cursor.take("E")) parts.push(parseExpression(state));
  return parts;
}

/** `fp_`, `fp0_`, `fL0p_`: the parameter of a function in its own signature; `fpT` is `this`. */
function parseFunctionParameter(state: State): Node {
  const { cursor } = state;
  cursor.expect("f");
  if (cursor.take("L")) cursor.number();
  cursor.expect("p");
  if (cursor.take("T")) return text("this");
  cursor.readWhile(/[rVK]/);
  const digits = cursor.readWhile(/[0-9]/);
  cursor.expect("_");
  return text(`{parm#${digits === "" ? 1 : Number(digits) + 2}}`);
}

/** A name that is looked up when the template is used. */
function parseUnresolved(state: State): Node {
  const { cursor } = state;
  cursor.take("gs");
  let node: Node;
  if (cursor.take("on")) node = parseOperatorName(state);
  else if (cursor.peek() === "S") node = parseSubstitution(state, false);
  else if (cursor.peek() === "N" || cursor.peek() === "Z") node = parseName(state).node;
  else node = parseSourceName(state);
  return cursor.peek() === "I" ? template(node, parseTemplateArguments(state)) : node;
}
