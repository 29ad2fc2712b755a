import { type Core, readModules, type Target, type TargetContents } from "../image/index.ts";
import { Crew } from "../kernel/index.ts";
import { detectRuntime, type RuntimeObjects } from "../runtimes/index.ts";
import type { Listener } from "../terms/index.ts";
import { accountedShare, warnOf } from "./coverage.ts";
import { noRuntime } from "./no-runtime.ts";
import { type ModuleOptions, rootOf, type ThreadOptions, threadsOf } from "./options.ts";
import { stageProgress } from "./progress.ts";
import { requireElfCore } from "./subject.ts";

/**
 * Lets `make` make an answer of the objects of a target's runtime, and says what was found. The crew that holds them is
 * closed afterwards, also where `make` throws.
 * @throws CoregramError `format` where the target is no ELF core, or there is no runtime that can be read in it
 */
export function withRuntime<Answer>(
  target: Target,
  options: ModuleOptions & ThreadOptions,
  listener: Listener,
  make: (crew: Crew, found: RuntimeObjects, contents: TargetContents) => Answer,
): Promise<Answer> {
  return target.ask((contents) =>
    withObjects(requireElfCore(contents), target.name, options, listener, (crew, found) =>
      make(crew, found, contents),
    ),
  );
}

/**
 * The same of a target's core that is open already.
 * @throws CoregramError as above
 */
export async function withObjects<Answer>(
  core: Core,
  name: string,
  options: ModuleOptions & ThreadOptions,
  listener: Listener,
  make: (crew: Crew, found: RuntimeObjects) => Answer,
): Promise<Answer> {
  const modules = readModules(core);
  const crew = new Crew(threadsOf(options));
  try {
    const found = await detectRuntime(crew, core, modules, {
      root: rootOf(options),
      progress: stageProgress(listener, name)("finding objects"),
    });
    if ("reason" in found) throw noRuntime(name, found.reason, core, modules);
    listener({ kind: "note", target: name, text: describeFound(found) });
    warnOf(found, name, listener);
    return make(crew, found);
  } finally {
    await crew.close();
  }
}

/** `CPython 3.11, pymalloc, 1,552 pools; 99.2 % of writable memory accounted for`. */
export function describeFound({ summary, balance }: RuntimeObjects): string {
  return `${summary}; ${(100 * accountedShare(balance)).toFixed(1)} % of writable memory accounted for`;
}
