import { readModules, type Target, type TargetContents } from "../image/index.ts";
import { Crew } from "../kernel/index.ts";
import { type Python, readPython } from "../runtimes/index.ts";
import { formatCount, type Listener } from "../terms/index.ts";
import { noPython } from "./no-python.ts";
import { type ModuleOptions, rootOf, type ThreadOptions, threadsOf } from "./options.ts";
import { stageProgress } from "./progress.ts";
import { requireElfCore } from "./subject.ts";

/**
 * Lets `make` make an answer of a target's CPython objects, and says what was found. The crew that holds them is closed
 * afterwards, also where `make` throws.
 * @throws CoregramError `format` where the target is no ELF core, or there is no CPython that can be read in it
 */
export function withPython<Answer>(
  target: Target,
  options: ModuleOptions & ThreadOptions,
  listener: Listener,
  make: (crew: Crew, python: Python, contents: TargetContents) => Answer,
): Promise<Answer> {
  return target.ask(async (contents) => {
    const core = requireElfCore(contents);
    const modules = readModules(core);
    const crew = new Crew(threadsOf(options));
    try {
      const python = await readPython(crew, core, modules, {
        root: rootOf(options),
        progress: stageProgress(listener, target.name)("finding objects"),
      });
      if ("reason" in python) throw noPython(target.name, python.reason, core, modules);
      listener({ kind: "note", target: target.name, text: describePython(python) });
      for (const text of python.remarks) listener({ kind: "warning", target: target.name, text });
      return make(crew, python, contents);
    } finally {
      await crew.close();
    }
  });
}

/** `CPython 3.11, pymalloc, 1,552 pools; 99.2 % of writable memory accounted for`. */
function describePython({ layout, survey, balance: { saved, parts } }: Python): string {
  const writable = saved - parts.modulePages - parts.readOnly;
  const share = writable > 0 ? (100 * (writable - parts.unknown)) / writable : 0;
  const allocator = survey.pools > 0 ? `pymalloc, ${formatCount(survey.pools)} pools` : "no pymalloc";
  return `CPython ${layout.version}, ${allocator}; ${share.toFixed(1)} % of writable memory accounted for`;
}
