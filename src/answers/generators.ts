import type { Target } from "../image/index.ts";
import { CoregramError, formatCount, type Listener, printable } from "../terms/index.ts";
import type { ModuleOptions, ThreadOptions } from "./options.ts";
import type { Frame } from "./results/index.ts";
import { withRuntime } from "./runtime.ts";
import { inputOf } from "./subject.ts";

export interface GeneratorsOptions extends ModuleOptions, ThreadOptions {}

/**
 * The generators, coroutines and async generators that have not ended, those at one place as one row. All objects are found
 * for that.
 * @throws CoregramError as `answerTypes` does
 */
export async function answerGenerators(
  target: Target,
  options: GeneratorsOptions = {},
  listener: Listener = () => {},
): Promise<Frame<"coregram/generators@1">> {
  return withRuntime(target, options, listener, (crew, found) => {
    if (found.generators === null)
      throw new CoregramError("format", `${printable(target.name)}: ${found.runtime} has no generators`);
    const { groups, finished, isCut } = found.generators(crew);
    const all = groups.reduce((sum, { count }) => sum + count, 0);
    if (isCut) {
      const text = `generators: more than ${formatCount(all + finished)} are there, the rest were not read`;
      listener({ kind: "warning", target: target.name, text });
    }
    const inState = (wanted: string) =>
      groups.reduce((sum, { state, count }) => sum + (state === wanted ? count : 0), 0);
    return {
      schema: "coregram/generators@1",
      input: inputOf(target),
      totals: {
        runtime: found.runtime,
        count: all,
        created: inState("created"),
        suspended: inState("suspended"),
        running: inState("running"),
        finished,
        isCut,
      },
      rows: groups.map(({ count, kind, state, place, awaits }) => ({
        ...{ count, kind, state },
        ...{ function: place.function, file: place.file, line: place.line, awaits },
      })),
    };
  });
}
