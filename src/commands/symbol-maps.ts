import { createReadStream } from "node:fs";
import { ioError } from "../bytes/index.ts";
import { readSymbolMap, type SymbolTable } from "../symbols/index.ts";
import { formatCount } from "../terms/index.ts";
import type { Notes } from "./notes.ts";

/**
 * Reads the symbol maps that the user named, in order; `-` is stdin. Says what was not understood.
 * @throws CoregramError where one cannot be read, or no line of it is understood
 */
export async function readSymbolMaps(names: readonly string[], notes: Notes): Promise<SymbolTable[]> {
  const tables: SymbolTable[] = [];
  for (const name of names) {
    const map = await readSymbolMap(bytesOf(name), name);
    const { skippedLines, firstSkippedLine, symbols } = map;
    if (skippedLines > 0)
      notes.warn(
        `symbol map ${name}: ${formatCount(skippedLines)} line${skippedLines === 1 ? " was" : "s were"} not understood, the first is line ${firstSkippedLine}`,
      );
    else if (symbols === 0) notes.warn(`symbol map ${name}: it names no address`);
    tables.push(map.table);
  }
  return tables;
}

async function* bytesOf(name: string): AsyncGenerator<Uint8Array> {
  const stream = name === "-" ? process.stdin : createReadStream(name, { highWaterMark: 2 ** 20 });
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    throw ioError(name, error);
  }
}
