// What an address is called: symbol maps in whatever format they come, ELF symbol tables, and the lookup.
// in: bytes of symbol maps and ELF files; a core's modules, whose files are found on this machine
// out: SymbolTable (address -> name + offset, and the ranges that have names), Names over several of them
export { demangle } from "./demangle/index.ts";
export type { SymbolOrigin } from "./elf-table.ts";
export type { MapFormat } from "./format.ts";
export { MAP_FORMATS } from "./formats.ts";
export { locateModule, type ModuleFile } from "./module-file.ts";
export { type ModuleSymbols, type ModuleSymbolsOptions, readModuleSymbols } from "./module-symbols.ts";
export { Names } from "./names.ts";
export { perfMapLine } from "./perf-map.ts";
export { isInRanges, lastRangeFrom, mergeRanges, type NamedRanges } from "./ranges.ts";
export { readSymbolMap } from "./read-map.ts";
export { parseSymbolFileName, readSymbolFile, type SymbolFileName } from "./symbol-file.ts";
export { SymbolMap } from "./symbol-map.ts";
export { type Found, SymbolTable, type TableSymbol } from "./table.ts";
export { SymbolTableBuilder } from "./table-builder.ts";
