import { answerArenas } from "../../answers/arenas.ts";
import { answerContainers } from "../../answers/containers.ts";
import { answerStrings } from "../../answers/strings.ts";
import { answerTypes, type TypesOptions } from "../../answers/types.ts";
import { CoregramError } from "../../terms/index.ts";
import { answer, type HeapArgs } from "../shell/answer.ts";
import { checkPaths } from "../shell/input.ts";
import { refuseRedacted } from "../shell/redaction.ts";
import { formatNamed, limitOf, modulesOf } from "../shell/settings.ts";
import { pathOf, requireSubject, type SubjectArgs } from "../shell/subject.ts";

export interface TypesArgs extends SubjectArgs, HeapArgs {
  readonly sort: string;
  readonly strings: boolean | undefined;
  readonly containers: boolean | undefined;
  readonly arenas: boolean | undefined;
  readonly lines: boolean | undefined;
}

/** `coregram types CORE`: which types its objects are of, or which texts, containers or arenas there are. */
export async function runTypes(args: TypesArgs): Promise<undefined> {
  const subject = requireSubject(args);
  checkPaths(pathOf(subject), [], args.output);
  if (args.strings)
    refuseRedacted(
      args,
      "texts cannot be redacted, as there is nothing else to them: --strings takes no --redact",
    );
  const contents = args.strings || args.containers || args.arenas ? contentsOrder(args.sort) : null;
  return answer(args, async ({ listener, looks, open, render }) => {
    const target = await open(subject, {});
    const format = formatNamed(args.format);
    const options = { ...modulesOf(args), ...limitOf(args), threads: args.threads };
    if (contents === null) {
      const sort = args.sort as TypesOptions["sort"];
      return render(
        format,
        await answerTypes(target, { ...options, sort, lines: args.lines }, listener),
        looks,
      );
    }
    const sorted = { ...options, sort: contents };
    if (args.arenas) return render(format, await answerArenas(target, sorted, listener), looks);
    return args.strings
      ? render(format, await answerStrings(target, sorted, listener), looks)
      : render(format, await answerContainers(target, sorted, listener), looks);
  });
}

/** @throws CoregramError `usage` where it is an order of types alone */
function contentsOrder(sort: string): "bytes" | "count" {
  if (sort === "bytes" || sort === "count") return sort;
  throw new CoregramError(
    "usage",
    `--sort ${sort} is for types: --strings, --containers and --arenas take bytes and count`,
  );
}
