import { type CodeNames, LEFT_OUT } from "./code-names.ts";
import { groupEnd, type Run, runsOf } from "./runs.ts";

const NUMBER = /^[-+~<>±−]?(?:0x[0-9a-f]+|[\d.,:×/%+-]*\d[\d.,:×/%+-]*[a-zA-Z]{0,3}%?)$/;
const WORD = /[\p{L}_][\p{L}\p{N}_'’-]*/gu;
const FILE_LINE = /^.+:\d+$/s;

/**
 * A sentence of ours without what in it may be a name or a value: only words of the sources' own sentences stay, names of
 * libraries, numbers and addresses; what else there is becomes a stand-in. What cannot be told apart is taken for a name.
 */
export function redactProse(
  text: string,
  names: CodeNames,
  own: ReadonlySet<string>,
  inputs: ReadonlyMap<string, string> = new Map(),
): string {
  const runs = [...runsOf(text)];
  let out = "";
  let isFunction = false;
  let isLibrary = false;
  for (let index = 0; index < runs.length; index += 1) {
    const { kind, text: run } = runs[index] as Run;
    if (kind === "quoted") out += LEFT_OUT;
    else if (kind === "between") {
      out += run;
      // `FILE:LINE FUNCTION`
      if (run !== " ") isFunction = false;
    } else if (isFunction) {
      out += names.function(run, isLibrary);
      isFunction = false;
    } else if (inputs.has(run)) out += inputs.get(run);
    else if (FILE_LINE.test(run) && !NUMBER.test(run) && !own.has(run)) {
      out += names.file(run);
      isFunction = true;
      isLibrary = names.fileInLibrary(run.replace(/:\d+$/, "")) !== null;
    } else {
      out += redactRun(run, names, own);
      const next = runs[index + 1]?.text ?? "";
      // What stands in brackets behind a name, as behind that of an exception, are values.
      if (!own.has(run) && next.startsWith("(")) {
        out += "(…)";
        const start = runs.slice(0, index + 1).reduce((length, each) => length + each.text.length, 0);
        const end = groupEnd(text, start);
        return out + (end < 0 ? "" : redactProse(text.slice(end), names, own, inputs));
      }
    }
  }
  return out;
}

function redactRun(run: string, names: CodeNames, own: ReadonlySet<string>): string {
  if (own.has(run) || NUMBER.test(run) || names.isModule(run)) return run;
  if (run.includes("/")) return names.file(run);
  if (/[.[<]/.test(run)) return names.path(run);
  return run.replace(WORD, (word) =>
    own.has(word) || names.isLibraryName(word) ? word : names.function(word, false),
  );
}
