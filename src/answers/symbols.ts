import { readModules, type Target } from "../image/index.ts";
import { perfMapLine, readModuleSymbols, type SymbolTable } from "../symbols/index.ts";
import { CoregramError, formatAddress, type Listener } from "../terms/index.ts";
import { checkMemory, closeCounts, count, type RowOptions, selectRows, wantedOf } from "./counting.ts";
import type { ModuleOptions, ResourceOptions } from "./options.ts";
import { chunksOf, shapeOf, type WordOptions } from "./scope.ts";
import { requireElfCore } from "./subject.ts";

/** Lines of text, each with its LF, made as they are asked for. Threads stay until `close`. */
export interface Lines {
  readonly lines: Iterable<string>;
  /** Gives up what the lines are made from. Twice does no harm. */
  close(): Promise<void>;
}

export interface SymbolsOptions extends Pick<ModuleOptions, "sysroot"> {
  /** What a symbol at an address is called in place of its name. */
  readonly rename?: ((name: string, at: bigint) => string) | undefined;
}

/**
 * All symbols of a core's modules as a symbol map, in the format of perf's: `START SIZE NAME`, in hex. It names the
 * core's words where the program's files are not.
 * @throws CoregramError `format` where the target is no ELF core, `io` where no symbol was found, `limit` where there
 * are too many
 */
export async function answerSymbols(
  target: Target,
  options: SymbolsOptions = {},
  listener: Listener = () => {},
): Promise<Lines> {
  return target.ask(async (contents) => {
    const core = requireElfCore(contents);
    const modules = readModules(core);
    const { table, notes } = await readModuleSymbols(core, modules, { root: options.sysroot ?? "/" });
    for (const text of notes) listener({ kind: "warning", target: target.name, text });
    if (table.length === 0)
      throw new CoregramError(
        "io",
        `no symbols: no file of the core's ${modules.length} modules is here; --sysroot DIR says where they are`,
      );
    return { lines: { [Symbol.iterator]: () => mapLines(table, options.rename) }, close: async () => {} };
  });
}

function* mapLines(
  table: SymbolTable,
  rename: NonNullable<SymbolsOptions["rename"]> = (name) => name,
): Generator<string> {
  for (const symbol of table.symbols())
    yield `${perfMapLine({ ...symbol, name: rename(symbol.name, symbol.address) })}\n`;
}

export interface GdbScriptOptions extends RowOptions, WordOptions, ResourceOptions {
  /** As of `answerWords`. */
  readonly only?: ((word: bigint) => boolean) | undefined;
}

/**
 * A script that asks gdb for the symbols of a histogram's words. What gdb prints is a symbol map.
 * @throws CoregramError as `answerWords` does
 */
export async function answerGdbScript(
  target: Target,
  options: GdbScriptOptions = {},
  listener: Listener = () => {},
): Promise<Lines> {
  checkMemory(options);
  return target.ask(async (contents) => {
    const chunks = chunksOf(contents, options.scope, shapeOf(options), listener);
    const wanted = wantedOf(options, { only: options.only ?? null });
    const counts = await count(chunks, wanted, options, listener);
    // gdb 13 ends a script at the first command that fails, and echoes commands only with trace-commands: plain
    // `info symbol` lines, which never fail.
    function* lines(): Generator<string> {
      yield "set trace-commands on\n";
      for (const { word } of selectRows(counts, wanted, null)) yield `info symbol ${formatAddress(word)}\n`;
    }
    return { lines: { [Symbol.iterator]: lines }, close: () => closeCounts(counts) };
  });
}
