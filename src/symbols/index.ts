// What an address is called: symbol maps in whatever format they come, ELF symbol tables, and the lookup.
// in: bytes of symbol maps and ELF files; a core's modules, whose files are found on this machine
// out: SymbolTable (address -> name + offset, and the ranges that have names), Names over several of them
export { demangle } from "./demangle/index.ts";
export type { MapFormat } from "./maps/format.ts";
export { MAP_FORMATS } from "./maps/formats.ts";
export { perfMapLine } from "./maps/perf-map.ts";
export { readSymbolMap } from "./maps/read-map.ts";
export { parseSymbolFileName, readSymbolFile, type SymbolFileName } from "./maps/symbol-file.ts";
export { SymbolMap } from "./maps/symbol-map.ts";
export type { SymbolOrigin } from "./modules/elf-table.ts";
export {
  type ModuleSymbols,
  type ModuleSymbolsOptions,
  readModuleSymbols,
} from "./modules/module-symbols.ts";
export { locateModule, type ModuleSymbolFiles } from "./modules/open-module.ts";
export { Names, type Untag } from "./table/names.ts";
export { lastRangeFrom, mergeRanges, type NamedRanges } from "./table/ranges.ts";
export { type Found, SymbolTable, type TableSymbol } from "./table/table.ts";
export { SymbolTableBuilder } from "./table/table-builder.ts";
