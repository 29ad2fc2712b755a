import { readModules } from "../image/index.ts";
import { perfMapLine, readModuleSymbols, type SymbolTable } from "../symbols/index.ts";
import { type Address, CoregramError, formatAddress } from "../terms/index.ts";
import { answer } from "./shell/answer.ts";
import { checkPaths, requireCore } from "./shell/input.ts";
import type { Notes } from "./shell/notes.ts";
import type { ProgressLine } from "./shell/progress.ts";
import { shapeOf } from "./shell/settings.ts";
import { chunksOf, openSubject, requireElfCore, type ScopeName, type Subject } from "./subject.ts";
import { type CountingArgs, checkMemory, count, selectRows, wantedOf } from "./words.ts";

export interface SymbolsArgs extends CountingArgs {
  readonly core: string | undefined;
  readonly gdb: boolean | undefined;
  readonly sysroot: string | undefined;
  readonly base: Address | undefined;
  readonly output: string | undefined;
  readonly quiet: boolean | undefined;
}

/** `coregram symbols CORE`: a symbol map of the core's modules, or a gdb script that makes one. */
export async function runSymbols(args: SymbolsArgs): Promise<undefined> {
  const name = requireCore(args.core);
  checkPaths(name, [], args.output);
  checkMemory(args);
  return answer(args, async ({ notes, progress }) => {
    const subject = await openSubject(name, args.base, progress, notes);
    const lines = args.gdb
      ? await gdbScript(subject, args, progress, notes)
      : mapLines(await moduleTable(subject, args, notes));
    return lines;
  });
}

async function moduleTable(subject: Subject, args: SymbolsArgs, notes: Notes): Promise<SymbolTable> {
  const core = requireElfCore(subject);
  const modules = readModules(core);
  const { table, notes: found } = await readModuleSymbols(core, modules, { root: args.sysroot ?? "/" });
  for (const note of found) notes.warn(note);
  if (table.length === 0)
    throw new CoregramError(
      "io",
      `no symbols: no file of the core's ${modules.length} modules is here; --sysroot DIR says where they are`,
    );
  return table;
}

function* mapLines(table: SymbolTable): Generator<string> {
  for (const symbol of table.symbols()) yield `${perfMapLine(symbol)}\n`;
}

// gdb 13 ends a script at the first command that fails, and echoes commands only with trace-commands:
// plain `info symbol` lines, which never fail.
async function gdbScript(
  subject: Subject,
  args: SymbolsArgs,
  progress: ProgressLine,
  notes: Notes,
): Promise<Iterable<string>> {
  const chunks = chunksOf(subject, args.scope as ScopeName, shapeOf(args), notes);
  const wanted = wantedOf(args, false);
  const counts = await count(chunks, wanted, args, progress);
  return (function* () {
    yield "set trace-commands on\n";
    for (const { word } of selectRows(counts, wanted, null)) yield `info symbol ${formatAddress(word)}\n`;
  })();
}
