// The words of the sentences that stand in the sources: notes, errors, evidence. No name or value of a process is among them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Rooms, and parts of them, that say something of a process. */
const SPEAKING =
  /^(?:terms|bytes|elf|image|symbols|blocks|runtimes|heap|answers|words|commands\/(?:run|shell|watch|pause))\//;
/** Data, names of other programs' fields, and what only help prints. */
const SILENT =
  /(?:\/structs\/|\/opcodes\/|\/demangle\/|standard-modules|\/options\.ts$|\/redaction\/|\/results\/)/;
const WORD = /[\p{L}_][\p{L}\p{N}_'’-]*/gu;

/**
 * @param {string} folder the sources'
 * @param {(text: string) => Iterable<{ kind: string, text: string }>} runsOf how sentences are cut
 */
export function ownWords(folder, runsOf) {
  /** @type {Set<string>} */
  const words = new Set();
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const name = path.replaceAll("\\", "/");
    if (!name.endsWith(".ts") || !SPEAKING.test(name) || SILENT.test(`/${name}`)) continue;
    for (const text of textsIn(readFileSync(join(folder, path), "utf8")))
      for (const { kind, text: run } of runsOf(text)) {
        if (kind === "between") continue;
        if (kind === "run" && !/[/\\]/.test(run)) words.add(run);
        for (const [word] of run.matchAll(WORD)) words.add(word);
      }
  }
  return [...words].sort();
}

/**
 * Literals of a source file that say something: not the paths of imports, nor types.
 * @param {string} source
 */
function* textsIn(source) {
  /** @type {import("typescript").Node[]} */
  const waiting = [ts.createSourceFile("a.ts", source, ts.ScriptTarget.Latest, true)];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) continue;
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      yield node.text;
    ts.forEachChild(node, (child) => void waiting.push(child));
  }
}
