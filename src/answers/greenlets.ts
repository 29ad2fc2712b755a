import { type Core, readModules } from "../image/index.ts";
import type { GreenletStack } from "../runtimes/index.ts";
import { CoregramError, formatCount, type Listener } from "../terms/index.ts";
import type { ModuleOptions, ThreadOptions } from "./options.ts";
import { withObjects } from "./runtime.ts";

/** The module that makes greenlets, for gevent and eventlet too. */
const MODULE = /(?:^|\/)_?greenlet\.[^/]*so$/;

/**
 * The greenlets of a process that wait; null where it cannot have any, and then no heap is read. A heap that cannot be read is a
 * warning.
 */
export async function findGreenlets(
  core: Core,
  name: string,
  options: ModuleOptions & ThreadOptions & { readonly locals?: boolean | undefined },
  listener: Listener,
): Promise<readonly GreenletStack[] | null> {
  if (!readModules(core).some(({ path }) => MODULE.test(path))) return null;
  const warn = (text: string) => listener({ kind: "warning", target: name, text });
  try {
    const hear: Listener = (event) => {
      if (event.kind !== "note") listener(event);
    };
    const wants = { locals: options.locals === true };
    const list = await withObjects(core, name, options, hear, (crew, found) =>
      found.greenlets?.(crew, wants),
    );
    if (list === undefined) return null;
    const { waiting, isCut } = list;
    const torn = waiting.filter(({ isWhole }) => !isWhole).length;
    if (torn > 0)
      warn(
        `${formatCount(torn)} of ${formatCount(waiting.length)} stacks of greenlets were not read to their end`,
      );
    if (waiting.some((greenlet) => greenlet.isCut))
      warn("greenlets: not all frames were read, there are too many");
    if (isCut) warn(`greenlets: more than ${formatCount(waiting.length)} are there, the rest were not read`);
    return waiting;
  } catch (error) {
    if (!(error instanceof CoregramError && (error.code === "format" || error.code === "limit"))) throw error;
    warn(`greenlets are not known: ${error.message}`);
    return null;
  }
}
