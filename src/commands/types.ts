import type { TypeRow, TypesTotals } from "../answers/index.ts";
import { readModules } from "../image/index.ts";
import { Crew } from "../kernel/index.ts";
import { type Python, readPython, type TypeTotals, typeTotals } from "../runtimes/index.ts";
import { formatAddress, formatCount } from "../terms/index.ts";
import { render } from "../views/index.ts";
import { contentsOrder, renderContainers, renderStrings } from "./contents.ts";
import { totalsOf } from "./info.ts";
import { noPython } from "./no-python.ts";
import { answer } from "./shell/answer.ts";
import { checkPaths, requireCore } from "./shell/input.ts";
import { formatNamed, threadsOf } from "./shell/settings.ts";
import { inputOf, openSubject, requireElfCore } from "./subject.ts";

export interface TypesArgs {
  readonly core: string | undefined;
  readonly sort: string;
  readonly top: number | undefined;
  readonly all: boolean | undefined;
  readonly strings: boolean | undefined;
  readonly containers: boolean | undefined;
  readonly sysroot: string | undefined;
  readonly noModules: boolean | undefined;
  readonly threads: number | undefined;
  readonly format: string;
  readonly output: string | undefined;
  readonly color: string;
  readonly quiet: boolean | undefined;
}

const DEFAULT_TOP = 10;

/** `coregram types CORE`: which types its objects are of. */
export async function runTypes(args: TypesArgs): Promise<undefined> {
  const name = requireCore(args.core);
  checkPaths(name, [], args.output);
  const order = args.strings || args.containers ? contentsOrder(args.sort) : null;
  return answer(args, async ({ notes, progress, color }) => {
    const subject = await openSubject(name, undefined, progress, notes);
    const core = requireElfCore(subject);
    const modules = readModules(core);
    const crew = new Crew(threadsOf(args.threads));
    const python = await readPython(crew, core, modules, {
      root: args.noModules ? null : (args.sysroot ?? "/"),
      progress: (done, all) => progress.update("finding objects", done, all),
    });
    await crew.close();
    const { source, image } = subject;
    if ("reason" in python) throw noPython(source.name, python.reason, core, modules);
    notes.say(describePython(python));
    for (const remark of python.remarks) notes.warn(remark);
    const input = inputOf(subject);
    const limit = args.all ? Number.POSITIVE_INFINITY : (args.top ?? DEFAULT_TOP);
    const format = formatNamed(args.format);
    if (order !== null) {
      const contents = { input, memory: totalsOf(image), order, limit, format, color };
      return args.strings ? renderStrings(crew, python, contents) : renderContainers(crew, python, contents);
    }
    const all = sortTypes(typeTotals(python), args.sort);
    const shown = all.slice(0, limit);
    const totals: TypesTotals = {
      ...totalsOf(image),
      ...addUp(all, shown),
      runtime: `CPython ${python.layout.version}`,
      balance: python.balance.parts,
      bridge: python.balance.bridge,
    };
    return render(format, { schema: "coregram/types@1", input, totals, rows: shown.map(typeRow) }, { color });
  });
}

/** `CPython 3.11, pymalloc, 1,552 pools; 99.2 % of writable memory accounted for`. */
function describePython({ layout, survey, balance: { saved, parts } }: Python): string {
  const writable = saved - parts.modulePages - parts.readOnly;
  const share = writable > 0 ? (100 * (writable - parts.unknown)) / writable : 0;
  const allocator = survey.pools > 0 ? `pymalloc, ${formatCount(survey.pools)} pools` : "no pymalloc";
  return `CPython ${layout.version}, ${allocator}; ${share.toFixed(1)} % of writable memory accounted for`;
}

function sortTypes(types: TypeTotals[], order: string): TypeTotals[] {
  // They come by bytes, then count, then name: a stable sort keeps that among equals.
  if (order === "count") return types.sort((a, b) => b.count - a.count);
  if (order === "freed") return types.sort((a, b) => b.freedCount - a.freedCount);
  if (order === "name") return types.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return types;
}

function addUp(all: readonly TypeTotals[], shown: readonly TypeTotals[]) {
  const sum = (types: readonly TypeTotals[], key: "count" | "bytes" | "freedCount" | "freedBytes") =>
    types.reduce((total, type) => total + type[key], 0);
  return {
    types: all.length,
    count: sum(all, "count"),
    bytes: sum(all, "bytes"),
    freedCount: sum(all, "freedCount"),
    freedBytes: sum(all, "freedBytes"),
    restCount: sum(all, "count") - sum(shown, "count"),
    restBytes: sum(all, "bytes") - sum(shown, "bytes"),
  };
}

function typeRow(type: TypeTotals): TypeRow {
  return {
    type: type.name,
    address: formatAddress(type.address),
    count: type.count,
    bytes: type.bytes,
    freedCount: type.freedCount,
    freedBytes: type.freedBytes,
    inferred: type.isInferred,
  };
}
