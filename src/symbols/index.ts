// What an address is called: symbol maps in whatever format they come, and the lookup.
// in: bytes of symbol maps
// out: SymbolTable (address -> name + offset, and the ranges that have names), Names over several of them
export type { MapFormat } from "./format.ts";
export { MAP_FORMATS } from "./formats.ts";
export { Names } from "./names.ts";
export { isInRanges, mergeRanges, type NamedRanges } from "./ranges.ts";
export { readSymbolMap, type SymbolMap } from "./read-map.ts";
export { type Found, SymbolTable } from "./table.ts";
export { SymbolTableBuilder } from "./table-builder.ts";
