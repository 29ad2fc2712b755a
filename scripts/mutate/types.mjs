// Mutants that the compiler refuses: they cannot reach a test, let alone a user.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** @typedef {import("./mutants.mjs").Mutant} Mutant */

/**
 * @param {string} root the package's folder
 * @returns {(mutant: Mutant) => boolean} whether its file does not compile with the change
 */
export function makeChecker(root) {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config, include: ["src"] }, ts.sys, root);
  /** The file that is changed now. */
  let changed = { path: "", text: "", version: 0 };
  const service = ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => fileNames,
    getScriptVersion: (path) => (path === changed.path ? String(changed.version) : "0"),
    getScriptSnapshot: (path) => {
      const text = path === changed.path ? changed.text : ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
  });
  let versions = 0;
  return ({ path, start, end, after }) => {
    const full = join(root, path);
    if (!fileNames.includes(full)) return false;
    const text = readFileSync(full, "utf8");
    versions += 1;
    changed = { path: full, text: text.slice(0, start) + after + text.slice(end), version: versions };
    const faults = [...service.getSyntacticDiagnostics(full), ...service.getSemanticDiagnostics(full)];
    return faults.some(({ category }) => category === ts.DiagnosticCategory.Error);
  };
}
