import { parseExpression, parseLiteral } from "./expressions.ts";
import { parseName, parseSourceName, parseSubstitution } from "./names.ts";
import {
  array,
  expansion,
  ForwardReference,
  functionType,
  memberPointer,
  pack,
  pointer,
  qualified,
  reference,
  template,
  text,
} from "./nodes.ts";
import { type Node, NotMangled, printNode } from "./printer.ts";
import type { State } from "./state.ts";

/** Itanium C++ ABI, 5.1.5.2: builtin types by their letter. */
export const BUILTIN_TYPES: Readonly<Record<string, string>> = {
  a: "signed char",
  b: "bool",
  c: "char",
  d: "double",
  e: "long double",
  f: "float",
  g: "__float128",
  h: "unsigned char",
  i: "int",
  j: "unsigned int",
  l: "long",
  m: "unsigned long",
  n: "__int128",
  o: "unsigned __int128",
  s: "short",
  t: "unsigned short",
  v: "void",
  w: "wchar_t",
  x: "long long",
  y: "unsigned long long",
  z: "...",
};

const D_TYPES: Readonly<Record<string, string>> = {
  Da: "auto",
  Dc: "decltype(auto)",
  Dd: "decimal64",
  De: "decimal128",
  Df: "decimal32",
  Dh: "half",
  Di: "char32_t",
  Dn: "decltype(nullptr)",
  Ds: "char16_t",
  Du: "char8_t",
};

const QUALIFIERS = { r: " restrict", V: " volatile", K: " const" } as const;

/** `[r] [V] [K]`, as they are printed: the innermost first. */
export function parseQualifiers({ cursor }: State): string {
  let qualifiers = "";
  for (const letter of ["r", "V", "K"] as const) {
    if (cursor.take(letter)) qualifiers = QUALIFIERS[letter] + qualifiers;
  }
  return qualifiers;
}

export function parseType(state: State): Node {
  return state.cursor.nest(() => parseTypeHere(state));
}

function parseTypeHere(state: State): Node {
  const { cursor } = state;
  const letter = cursor.peek();
  switch (letter) {
    case "r":
    case "V":
    case "K": {
      const qualifiers = parseQualifiers(state);
      if (isFunctionAhead(state)) return state.remember(parseFunctionType(state, qualifiers));
      return state.remember(qualified(parseType(state), qualifiers));
    }
    case "F":
      return state.remember(parseFunctionType(state, ""));
    case "A":
      return state.remember(parseArray(state));
    case "M": {
      cursor.take("M");
      const owner = parseType(state);
      return state.remember(memberPointer(owner, parseType(state)));
    }
    case "P":
      cursor.take("P");
      return state.remember(pointer(parseType(state), "*"));
    case "R":
      cursor.take("R");
      return state.remember(reference(parseType(state), "&"));
    case "O":
      cursor.take("O");
      return state.remember(reference(parseType(state), "&&"));
    case "C":
      cursor.take("C");
      return state.remember(suffixType(parseType(state), " _Complex"));
    case "G":
      cursor.take("G");
      return state.remember(suffixType(parseType(state), " _Imaginary"));
    case "T":
      return parseTemplateParameterType(state);
    case "D":
      return parseDType(state);
    case "S":
      return parseSubstitutedType(state);
    case "U": {
      if (/^U[tlb]/.test(cursor.rest.slice(0, 2))) break;
      cursor.take("U");
      const name = parseSourceName(state);
      const vendor = cursor.peek() === "I" ? template(name, parseTemplateArguments(state)) : name;
      const type = parseType(state);
      return state.remember({
        left(out) {
          out.print(type);
          out.add(" ");
          out.print(vendor);
        },
      });
    }
    case "u":
      cursor.take("u");
      return state.remember(parseSourceName(state));
  }
  const builtin = BUILTIN_TYPES[letter];
  if (builtin !== undefined) {
    cursor.take(letter);
    return text(builtin);
  }
  return state.remember(parseName(state).node);
}

function suffixType(type: Node, suffix: string): Node {
  return {
    left(out) {
      out.print(type);
      out.add(suffix);
    },
  };
}

function isFunctionAhead({ cursor }: State): boolean {
  return cursor.peek() === "F" || /^D[oOwx]/.test(cursor.rest.slice(0, 2));
}

function parseFunctionType(state: State, outer: string): Node {
  const { cursor } = state;
  let qualifiers = outer;
  let exceptions = "";
  if (cursor.take("Do")) exceptions = " noexcept";
  else if (cursor.take("DO")) {
    const condition = parseExpression(state);
    cursor.expect("E");
    exceptions = ` noexcept(${printNode(condition)})`;
  } else if (cursor.take("Dw")) {
    const types: Node[] = [];
    while (!cursor.take("E")) types.push(parseType(state));
    exceptions = ` throw(${types.map(printNode).join(", ")})`;
  }
  cursor.take("Dx");
  cursor.expect("F");
  cursor.take("Y");
  const returns = parseType(state);
  const parameters = parseParameters(
    state,
    () => cursor.startsWith("E") || /^[RO]E/.test(cursor.rest.slice(0, 2)),
  );
  if (cursor.take("R")) qualifiers += " &";
  else if (cursor.take("O")) qualifiers += " &&";
  cursor.expect("E");
  return functionType({ returns, parameters, qualifiers: qualifiers + exceptions });
}

/** Types up to where the end is; a lone `v` says that there are none. */
export function parseParameters(state: State, isEnd: () => boolean): Node[] {
  const { cursor } = state;
  const parameters: Node[] = [];
  while (!isEnd()) {
    if (cursor.isAtEnd) throw new NotMangled("ends early");
    const isVoid = cursor.peek() === "v";
    const type = parseType(state);
    if (isVoid && parameters.length === 0 && isEnd()) return [];
    parameters.push(type);
  }
  return parameters;
}

function parseArray(state: State): Node {
  const { cursor } = state;
  cursor.expect("A");
  let dimension: Node | null = null;
  if (/[0-9]/.test(cursor.peek())) dimension = text(cursor.readWhile(/[0-9]/));
  else if (cursor.peek() !== "_") dimension = parseExpression(state);
  cursor.expect("_");
  return array(parseType(state), dimension);
}

function parseTemplateParameterType(state: State): Node {
  const { cursor } = state;
  if (/^T[sue]/.test(cursor.rest.slice(0, 2))) {
    cursor.read(2);
    return state.remember(parseName(state).node);
  }
  const parameter = parseTemplateParameter(state);
  state.remember(parameter.node, parameter.index);
  if (cursor.peek() !== "I" || state.forward) return parameter.node;
  return state.remember(template(parameter.node, parseTemplateArguments(state)));
}

/** `T_`, `T0_`, … */
export function parseTemplateParameter(state: State): { readonly node: Node; readonly index: number } {
  const { cursor } = state;
  cursor.expect("T");
  const digits = cursor.readWhile(/[0-9]/);
  cursor.expect("_");
  const index = digits === "" ? 0 : Number(digits) + 1;
  if (state.forward && state.lambdaDepth === 0) {
    const node = new ForwardReference();
    state.forward.push({ index, node });
    return { node, index };
  }
  const node = findTemplateArgument(state, index);
  if (!node) throw new NotMangled("no such template argument");
  return { node, index };
}

/** What a template parameter stands for here. */
export function findTemplateArgument(state: State, index: number): Node | null {
  if (state.lambdaDepth > 0) return text(`auto:${index + 1}`);
  return state.templateArguments[index] ?? null;
}

function parseDType(state: State): Node {
  const { cursor } = state;
  const letters = cursor.peek() + cursor.peek(1);
  const simple = D_TYPES[letters];
  if (simple !== undefined) {
    cursor.read(2);
    return text(simple);
  }
  switch (letters) {
    case "Dp":
      cursor.read(2);
      return state.remember(expansion(parseType(state)));
    case "Dt":
    case "DT":
      return state.remember(parseDecltype(state));
    case "Do":
    case "DO":
    case "Dw":
    case "Dx":
      return state.remember(parseFunctionType(state, ""));
    case "DF": {
      cursor.read(2);
      const bits = cursor.number();
      if (cursor.take("b")) return text(bits === 16 ? "std::bfloat16_t" : `std::bfloat${bits}_t`);
      if (cursor.take("x")) return text(`_Float${bits}x`);
      cursor.expect("_");
      return text(`_Float${bits}`);
    }
    case "Dv": {
      cursor.read(2);
      const count = cursor.take("_") ? parseExpression(state) : text(`${cursor.number()}`);
      cursor.expect("_");
      const type = parseType(state);
      return state.remember({
        left(out) {
          out.print(type);
          out.add(" __vector(");
          out.print(count);
          out.add(")");
        },
      });
    }
  }
  throw new NotMangled(`type ${letters}`);
}

/** `decltype (expression)` */
export function parseDecltype(state: State): Node {
  const { cursor } = state;
  cursor.read(2);
  const expression = parseExpression(state);
  cursor.expect("E");
  return {
    left(out) {
      out.add("decltype (");
      out.print(expression);
      out.add(")");
    },
  };
}

function parseSubstitutedType(state: State): Node {
  const { cursor } = state;
  if (cursor.peek(1) === "t") return state.remember(parseName(state).node);
  const node = parseSubstitution(state, false);
  if (cursor.peek() !== "I") return node;
  return state.remember(template(node, parseTemplateArguments(state)));
}

/** `I … E`. The arguments of the template that is named last are what `T_` stands for after it. */
export function parseTemplateArguments(state: State): Node[] {
  const { cursor } = state;
  cursor.expect("I");
  const args: Node[] = [];
  while (!cursor.take("E")) args.push(parseTemplateArgument(state));
  return args;
}

function parseTemplateArgument(state: State): Node {
  const { cursor } = state;
  return cursor.nest(() => {
    switch (cursor.peek()) {
      case "L":
        return parseLiteral(state);
      case "X": {
        cursor.take("X");
        const expression = parseExpression(state);
        cursor.expect("E");
        return expression;
      }
      case "J": {
        cursor.take("J");
        const elements: Node[] = [];
        while (!cursor.take("E")) elements.push(parseTemplateArgument(state));
        return pack(elements);
      }
      default:
        return parseType(state);
    }
  });
}
