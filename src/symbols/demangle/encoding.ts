import { parseName } from "./names.ts";
import { functionNode, prefixed, suffixed } from "./nodes.ts";
import { type Node, NotMangled, printNode } from "./printer.ts";
import { State } from "./state.ts";
import { parseParameters, parseTemplateArguments, parseType } from "./types.ts";

/** Special names (Itanium C++ ABI, 5.1.4) of something by its type. */
const OF_TYPE: Readonly<Record<string, string>> = {
  TV: "vtable for ",
  TT: "VTT for ",
  TI: "typeinfo for ",
  TS: "typeinfo name for ",
};
/** Of something by its name. */
const OF_NAME: Readonly<Record<string, string>> = {
  GV: "guard variable for ",
  TW: "TLS wrapper function for ",
  TH: "TLS init function for ",
};

/**
 * A C++ name as `c++filt` writes it (Itanium C++ ABI, 5.1). Null where it is none, or one that is not understood.
 * @param mangled beginning with `_Z`
 */
export function demangleItanium(mangled: string): string | null {
  try {
    const state = new State(mangled);
    state.cursor.expect("_Z");
    let node = parseEncoding(state, true);
    const clone = /^(?:\.(?:[a-zA-Z_]+(?:\.\d+)*|\d+(?:\.\d+)*))/;
    for (let rest = state.cursor.rest; rest !== ""; rest = state.cursor.rest) {
      const suffix = clone.exec(rest)?.[0];
      if (suffix === undefined) return null;
      state.cursor.read(suffix.length);
      node = suffixed(node, ` [clone ${suffix}]`);
    }
    return printNode(node);
  } catch (error) {
    if (error instanceof NotMangled) return null;
    throw error;
  }
}

/** @param isOutermost whether a template's return type is printed: not of a function that something is in */
export function parseEncoding(state: State, isOutermost: boolean): Node {
  const { cursor } = state;
  if (cursor.peek() === "T" || cursor.peek() === "G") return parseSpecial(state);
  const { node, qualifiers } = parseName(state, true);
  if (cursor.isAtEnd || cursor.peek() === "E" || cursor.peek() === ".") return node;
  const hasReturn = node.isTemplate === true && node.hasNoReturn !== true;
  const returns = hasReturn ? parseType(state) : null;
  const isEnd = () => cursor.isAtEnd || cursor.peek() === "E" || cursor.peek() === ".";
  const parameters = parseParameters(state, isEnd);
  return functionNode(node, { returns: isOutermost ? returns : null, parameters, qualifiers });
}

function parseSpecial(state: State): Node {
  const { cursor } = state;
  const letters = cursor.read(2);
  const ofType = OF_TYPE[letters];
  if (ofType !== undefined) return prefixed(ofType, parseType(state));
  const ofName = OF_NAME[letters];
  if (ofName !== undefined) return prefixed(ofName, parseName(state).node);
  switch (letters) {
    case "Tc":
      skipCallOffset(state, cursor.read(1));
      skipCallOffset(state, cursor.read(1));
      return prefixed("covariant return thunk to ", parseEncoding(state, true));
    case "Th":
    case "Tv":
      skipCallOffset(state, letters.slice(1));
      return prefixed(
        letters === "Th" ? "non-virtual thunk to " : "virtual thunk to ",
        parseEncoding(state, true),
      );
    case "TC": {
      const derived = parseType(state);
      cursor.number();
      cursor.expect("_");
      const base = parseType(state);
      return {
        left(out) {
          out.add("construction vtable for ");
          out.print(base);
          out.add("-in-");
          out.print(derived);
        },
      };
    }
    case "GR": {
      const name = parseName(state).node;
      const digits = cursor.readWhile(/[0-9A-Z]/);
      const number = cursor.take("_") && digits !== "" ? Number.parseInt(digits, 36) + 1 : 0;
      return prefixed(`reference temporary #${number} for `, name);
    }
    case "GA":
      return prefixed("hidden alias for ", parseEncoding(state, true));
    case "GT": {
      const kind = cursor.read(1);
      const what = kind === "n" ? "non-transaction clone for " : "transaction clone for ";
      return prefixed(what, parseEncoding(state, true));
    }
    case "TA": {
      const [argument] = parseTemplateArguments(state);
      if (!argument) throw new NotMangled("no argument");
      return prefixed("template parameter object for ", argument);
    }
  }
  throw new NotMangled(`special name ${letters}`);
}

function skipCallOffset({ cursor }: State, kind: string): void {
  const skip = () => {
    cursor.take("n");
    cursor.number();
    cursor.expect("_");
  };
  skip();
  if (kind === "v") skip();
  else if (kind !== "h") throw new NotMangled("call offset");
}
