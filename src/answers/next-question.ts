import { readModules, type Target } from "../image/index.ts";
import { lookOf, pythonVersion } from "./looks.ts";
import { coreWord } from "./subject.ts";

/**
 * What a core is of, by the files that the process had mapped, and what to ask of it next; null where it is no ELF core.
 * The heap is not read.
 * @throws CoregramError `io` or `changed` where the target cannot be read
 */
export function nextQuestion(target: Target): Promise<string | null> {
  return target.ask(async ({ core }) => {
    if (core === null) return null;
    const modules = readModules(core);
    const name = coreWord(target.name);
    const python = pythonVersion(modules);
    if (python !== null) return `CPython ${python}: coregram diagnose ${name} says what holds its memory`;
    const what = lookOf(modules)?.what ?? `${core.header.machineName} process`;
    return `${what}: coregram info ${name} says what was saved, coregram types ${name} --arenas what malloc has`;
  });
}
