// Makes src/kernel/interface.ts from the AssemblyScript sources, so that no call of the kernel can miss an argument or
// swap two: `node scripts/kernel-interface.mjs`. The build fails where the file is not what the sources say.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const FOLDER = "src/kernel/assembly";
const TARGET = "src/kernel/interface.ts";
/** Functions with more parameters take them by name. */
const MOST_POSITIONAL = 4;

/** How WebAssembly hands AssemblyScript's types over. */
const TYPES = new Map([
  ...["usize", "u32", "i32", "u8", "bool"].map((name) => /** @type {const} */ ([name, "number"])),
  ...["u64", "i64"].map((name) => /** @type {const} */ ([name, "bigint"])),
  ["void", "void"],
]);

/**
 * @typedef {{ name: string, parameters: { name: string, type: string }[], returns: string, comment: string }} Exported
 * @param {string} root the package's folder
 * @returns {Exported[]} what the kernel exports, in the order of its index
 */
export function readExports(root) {
  const index = parse(join(root, FOLDER, "index.ts"));
  return index.statements.filter(ts.isExportDeclaration).flatMap((statement) => {
    const { moduleSpecifier, exportClause } = statement;
    if (
      !moduleSpecifier ||
      !ts.isStringLiteral(moduleSpecifier) ||
      !exportClause ||
      !ts.isNamedExports(exportClause)
    )
      throw new Error(`${FOLDER}/index.ts: not a list of names: ${statement.getText(index)}`);
    const file = parse(join(root, FOLDER, `${moduleSpecifier.text}.ts`));
    return exportClause.elements.map(({ name }) => readFunction(file, name.text));
  });
}

/** @param {string} path */
function parse(path) {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}

/**
 * @param {ts.SourceFile} file
 * @param {string} name
 * @returns {Exported}
 */
function readFunction(file, name) {
  const found = file.statements.find((node) => ts.isFunctionDeclaration(node) && node.name?.text === name);
  if (!found || !ts.isFunctionDeclaration(found)) throw new Error(`${file.fileName} has no function ${name}`);
  const comment = ts
    .getJSDocCommentsAndTags(found)
    .map((node) => node.getText(file))
    .join("\n");
  return {
    name,
    parameters: found.parameters.map((parameter) => ({
      name: parameter.name.getText(file),
      type: parameter.type?.getText(file) ?? "",
    })),
    returns: found.type?.getText(file) ?? "void",
    comment,
  };
}

/**
 * @param {string} root the package's folder
 * @returns {string} the text of src/kernel/interface.ts
 */
export function makeInterface(root) {
  const exported = readExports(root);
  return `// Made by scripts/kernel-interface.mjs from src/kernel/assembly, whose comments these are: do not edit.
// Addresses and counts are u32; those that come back are never negative.

/** What the kernel exports, as WebAssembly calls it: arguments by position, none checked. */
interface Exports {
${exported.map((each) => `  ${each.name}(${list(each.parameters)}): ${typeOf(each.returns)};`).join("\n")}
}

/** The functions of \`assembly/\`. Those with more than ${MOST_POSITIONAL} arguments take them by name. */
export interface Kernel {
${exported.map(member).join("\n")}
}

/** The kernel's functions on an instance's exports. */
export function bindKernel(exported: object): Kernel {
  const wasm = exported as Exports;
  return {
${exported.map(binding).join("\n")}
  };
}
`;
}

/** @param {Exported} each */
function member({ name, parameters, returns, comment }) {
  const given = isNamed(parameters) ? `given: { ${list(parameters, "; ", "readonly ")} }` : list(parameters);
  return `${comment.replaceAll(/^ *(?=\*)/gm, "   ").replace(/^/, "  ")}\n  ${name}(${given}): ${typeOf(returns)};`;
}

/** @param {Exported} each */
function binding({ name, parameters, returns }) {
  const names = parameters.map((parameter) => parameter.name);
  const given = isNamed(parameters) ? `{ ${names.join(", ")} }` : names.join(", ");
  const unsigned = returns === "usize" || returns === "u32" ? " >>> 0" : "";
  return `    ${name}: (${given}) => wasm.${name}(${names.join(", ")})${unsigned},`;
}

/** @param {Exported["parameters"]} parameters */
function isNamed(parameters) {
  return parameters.length > MOST_POSITIONAL;
}

/** @param {Exported["parameters"]} parameters */
function list(parameters, separator = ", ", prefix = "") {
  return parameters.map(({ name, type }) => `${prefix}${name}: ${typeOf(type)}`).join(separator);
}

/** @param {string} type */
function typeOf(type) {
  const name = TYPES.get(type);
  if (name === undefined) throw new Error(`the kernel's border has no type ${type}`);
  return name;
}

/** @param {string} root */
export function isStale(root) {
  return normalize(readFileSync(join(root, TARGET), "utf8")) !== normalize(makeInterface(root));
}

// The formatter has its own ideas of lines.
/** @param {string} text */
const normalize = (text) => text.replaceAll(/[\s,;]+/g, " ").replaceAll(/([({]) | ([)}])/g, "$1$2");

const root = fileURLToPath(new URL("..", import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(root, TARGET), makeInterface(root));
