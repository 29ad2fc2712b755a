// The mutants of a source file: small changes that a test should notice, from its syntax tree. TypeScript's parser
// reads AssemblyScript too.
import ts from "typescript";

/**
 * A change of the text in [start, end).
 * @typedef {object} Mutant
 * @property {string} key names it where code around it moves: path, function, line's text and change
 * @property {string} path
 * @property {number} line from 1 on
 * @property {number} start
 * @property {number} end
 * @property {string} before
 * @property {string} after
 * @property {boolean} isStatement whether it stands in place of a statement, else of an expression
 */

/** @type {ReadonlyMap<ts.SyntaxKind, readonly string[]>} */
const OPERATORS = new Map([
  [ts.SyntaxKind.LessThanToken, ["<=", ">="]],
  [ts.SyntaxKind.LessThanEqualsToken, ["<", ">"]],
  [ts.SyntaxKind.GreaterThanToken, [">=", "<="]],
  [ts.SyntaxKind.GreaterThanEqualsToken, [">", "<"]],
  [ts.SyntaxKind.EqualsEqualsToken, ["!="]],
  [ts.SyntaxKind.ExclamationEqualsToken, ["=="]],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, ["!=="]],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, ["==="]],
  [ts.SyntaxKind.PlusToken, ["-"]],
  [ts.SyntaxKind.MinusToken, ["+"]],
  [ts.SyntaxKind.AsteriskToken, ["+"]],
  [ts.SyntaxKind.SlashToken, ["*"]],
  [ts.SyntaxKind.PercentToken, ["+"]],
  [ts.SyntaxKind.LessThanLessThanToken, [">>"]],
  [ts.SyntaxKind.GreaterThanGreaterThanToken, ["<<"]],
  [ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken, ["<<"]],
  [ts.SyntaxKind.AmpersandToken, ["|"]],
  [ts.SyntaxKind.BarToken, ["&"]],
  [ts.SyntaxKind.AmpersandAmpersandToken, ["||"]],
  [ts.SyntaxKind.BarBarToken, ["&&"]],
  [ts.SyntaxKind.PlusEqualsToken, ["-="]],
  [ts.SyntaxKind.MinusEqualsToken, ["+="]],
]);

/**
 * All mutants of a file.
 * @param {string} path from the root on, with forward slashes
 * @param {string} text
 * @returns {Mutant[]}
 */
export function findMutants(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const isAssembly = path.startsWith("src/kernel/assembly/");
  /** @type {Mutant[]} */
  const mutants = [];
  /** @type {Map<string, number>} */
  const seen = new Map();
  /** @type {string[]} */
  const within = [];

  /** @param {ts.Node} node @param {string} after @param {boolean} [isStatement] */
  function add(node, after, isStatement = false) {
    const start = node.getStart(file);
    const before = text.slice(start, node.end);
    const { line } = file.getLineAndCharacterOfPosition(start);
    const lineText = text.split("\n", line + 1)[line]?.trim() ?? "";
    const change = `${squeeze(before)} => ${squeeze(after)}`;
    const name = [path, within.join("."), lineText, change].join(" | ");
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const key = times === 1 ? name : `${name} | ${times}`;
    mutants.push({ key, path, line: line + 1, start, end: node.end, before, after, isStatement });
  }

  /** @param {ts.Node} node */
  function visit(node) {
    if (isSkipped(node, isAssembly)) return;
    const name = nameOf(node);
    if (name !== null) within.push(name);
    mutate(node);
    ts.forEachChild(node, visit);
    if (name !== null) within.pop();
  }

  /** @param {ts.Node} node */
  function mutate(node) {
    if (ts.isBinaryExpression(node)) mutateBinary(node);
    else if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) mutateNumber(node);
    else if (ts.isStringLiteral(node)) mutateString(node);
    else if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, "false");
    else if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, "true");
    else if (ts.isPrefixUnaryExpression(node)) mutatePrefix(node);
    else if (ts.isCallExpression(node) || ts.isNewExpression(node)) swapArguments(node);
    else if (ts.isObjectLiteralExpression(node)) swapValues(node);
    else if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node))
      negate(node.expression);
    else if (ts.isConditionalExpression(node)) negate(node.condition);
    else if (ts.isExpressionStatement(node) || ts.isThrowStatement(node)) add(node, "", true);
    else if (ts.isContinueStatement(node)) add(node, node.label ? "" : "break;", true);
    else if (ts.isBreakStatement(node) && !ts.isCaseOrDefaultClause(node.parent)) add(node, "", true);
    else if (ts.isReturnStatement(node)) mutateReturn(node);
  }

  /** @param {ts.BinaryExpression} whole */
  function mutateBinary(whole) {
    const { left, operatorToken, right } = whole;
    const [a, b] = [left.getText(file), right.getText(file)];
    if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) add(whole, b);
    const isText = ts.isStringLiteralLike(left) || ts.isStringLiteralLike(right);
    if (isText && operatorToken.kind === ts.SyntaxKind.PlusToken) return;
    const { FirstAssignment, LastAssignment } = ts.SyntaxKind;
    const isAssignment = operatorToken.kind >= FirstAssignment && operatorToken.kind <= LastAssignment;
    for (const operator of OPERATORS.get(operatorToken.kind) ?? [])
      add(whole, isAssignment ? `${a} ${operator} ${b}` : `(${a}) ${operator} (${b})`);
  }

  /** @param {ts.NumericLiteral | ts.BigIntLiteral} node */
  function mutateNumber(node) {
    const suffix = ts.isBigIntLiteral(node) ? "n" : "";
    const digits = node.getText(file).replaceAll("_", "").replace(/n$/, "");
    if (!/^(?:0x[\da-f]+|\d+)$/i.test(digits)) return;
    const value = BigInt(digits);
    add(node, `${value + 1n}${suffix}`);
    if (value > 0n) add(node, `${value - 1n}${suffix}`);
  }

  /** @param {ts.StringLiteral} node */
  function mutateString(node) {
    // Prose is no behaviour that is worth a test of its own.
    if (isProse(node.getText(file))) return;
    add(node, node.text === "" ? '"mutant"' : '""');
  }

  /** @param {ts.PrefixUnaryExpression} node */
  function mutatePrefix(node) {
    const operand = node.operand.getText(file);
    if (node.operator === ts.SyntaxKind.ExclamationToken) add(node, isAssembly ? `!!(${operand})` : operand);
    else if (node.operator === ts.SyntaxKind.MinusToken) add(node, operand);
    else if (node.operator === ts.SyntaxKind.TildeToken) add(node, operand);
  }

  /** @param {ts.CallExpression | ts.NewExpression} node */
  function swapArguments(node) {
    const given = node.arguments ?? [];
    if (isAssembly && ts.isIdentifier(node.expression) && /^(?:load|store)$/.test(node.expression.text)) {
      moveOffset(node);
      return;
    }
    // Of these the order says nothing.
    if (/^(?:Math\.)?(?:min|max)$/.test(node.expression.getText(file))) return;
    for (let n = 0; n + 1 < given.length; ++n) swap(node, given[n], given[n + 1]);
  }

  /**
   * The offset of a load or a store must be a constant, so it changes with all around it.
   * @param {ts.CallExpression | ts.NewExpression} node
   */
  function moveOffset(node) {
    const at = /^load/.test(node.getText(file)) ? 1 : 2;
    const offset = node.arguments?.[at];
    if (!offset) return;
    const [head, tail] = [
      text.slice(node.getStart(file), offset.getStart(file)),
      text.slice(offset.end, node.end),
    ];
    add(node, `${head}(${offset.getText(file)}) + 8${tail}`);
  }

  /** @param {ts.ObjectLiteralExpression} node */
  function swapValues({ properties }) {
    for (let n = 0; n + 1 < properties.length; ++n) {
      const [one, two] = [properties[n], properties[n + 1]];
      if (!one || !two) continue;
      const [a, b] = [textOfValue(one), textOfValue(two)];
      if (a === null || b === null || a === b || isProse(a) || isProse(b)) continue;
      const start = one.getStart(file) - one.parent.getStart(file);
      const whole = one.parent.getText(file);
      const changed = `${one.name?.getText(file)}: ${b}, ${two.name?.getText(file)}: ${a}`;
      add(one.parent, whole.slice(0, start) + changed + whole.slice(two.end - one.parent.getStart(file)));
    }
  }

  /** @param {ts.ObjectLiteralElementLike} property */
  function textOfValue(property) {
    if (ts.isShorthandPropertyAssignment(property)) return property.name.text;
    return ts.isPropertyAssignment(property) ? property.initializer.getText(file) : null;
  }

  /** @param {ts.Node} whole @param {ts.Node | undefined} one @param {ts.Node | undefined} two */
  function swap(whole, one, two) {
    if (!one || !two || ts.isSpreadElement(one) || ts.isSpreadElement(two)) return;
    if (one.getText(file) === two.getText(file)) return;
    const from = whole.getStart(file);
    const between = text.slice(one.end, two.getStart(file));
    const inner = two.getText(file) + between + one.getText(file);
    add(whole, text.slice(from, one.getStart(file)) + inner + text.slice(two.end, whole.end));
  }

  /** @param {ts.Expression} condition */
  function negate(condition) {
    const { kind } = condition;
    const isNegation =
      ts.isPrefixUnaryExpression(condition) && condition.operator === ts.SyntaxKind.ExclamationToken;
    if (isNegation || kind === ts.SyntaxKind.TrueKeyword) return;
    // A comparison is turned round by itself.
    if (
      ts.isBinaryExpression(condition) &&
      OPERATORS.get(condition.operatorToken.kind)?.some((o) => /[<>=!]=?/.test(o))
    )
      return;
    add(condition, `!(${condition.getText(file)})`);
  }

  /** @param {ts.ReturnStatement} node */
  function mutateReturn(node) {
    if (!node.expression) add(node, "", true);
    else if (!isAssembly && !isEmpty(node.expression)) add(node, "return undefined;", true);
  }

  visit(file);
  return mutants;
}

/** @param {ts.Node} node @param {boolean} isAssembly */
function isSkipped(node, isAssembly) {
  if (ts.isTypeNode(node) || ts.isDecorator(node)) return true;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  const { parent } = node;
  if (!parent) return false;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return true;
  // What an error says is prose; its code, the first, is not.
  if (ts.isNewExpression(parent) && /Error$/.test(parent.expression.getText()))
    return parent.arguments?.[1] === node;
  if (!isAssembly) return false;
  // Constants, which offsets are, cannot hang on a switch.
  if (ts.isVariableStatement(node) && ts.isSourceFile(parent)) return true;
  if (!ts.isCallExpression(parent) || !ts.isIdentifier(parent.expression)) return false;
  const at = parent.arguments.indexOf(/** @type {ts.Expression} */ (node));
  return (parent.expression.text === "load" && at === 1) || (parent.expression.text === "store" && at === 2);
}

/** @param {ts.Expression} expression */
function isEmpty(expression) {
  return (
    expression.kind === ts.SyntaxKind.NullKeyword ||
    expression.kind === ts.SyntaxKind.TrueKeyword ||
    expression.kind === ts.SyntaxKind.FalseKeyword ||
    expression.getText() === "undefined"
  );
}

/** @param {ts.Node} node */
function nameOf(node) {
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isMethodDeclaration(node))
    return node.name?.getText() ?? null;
  return ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) ? node.name.text : null;
}

/** Whether it is a literal string of words. @param {string} text */
function isProse(text) {
  return /^"[^"]*"$/.test(text) && text.includes(" ") && text.length > 5;
}

/** @param {string} text */
function squeeze(text) {
  return text.replace(/\s+/g, " ").trim();
}
