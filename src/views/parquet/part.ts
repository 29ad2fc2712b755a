import { groupRowsOf, WORDS_PART, type WordsPart } from "../../answers/index.ts";
import { identifyTarget, type Target } from "../../image/index.ts";
import { VERSION } from "../../terms/index.ts";
import { ParquetFile } from "./file.ts";

/** The words of a part as a file: as columns throughout, as a row of each would take most of the time. */
export async function* partChunks(part: WordsPart, target: Target): AsyncGenerator<Uint8Array> {
  const metadata = {
    schema: WORDS_PART.schema,
    version: VERSION,
    part: JSON.stringify(part.info),
    cores: JSON.stringify([await identifyTarget(target)]),
  };
  const file = new ParquetFile(
    WORDS_PART.row,
    Object.entries(metadata).map(([key, value]) => ({ key: `coregram.${key}`, value })),
  );
  const groupRows = groupRowsOf(part.info.of);
  const words = new BigUint64Array(groupRows);
  const counts = new BigInt64Array(groupRows);
  let filled = 0;
  for await (const piece of part.pieces) {
    for (let at = 0; at < piece.words.length; ) {
      const rows = Math.min(groupRows - filled, piece.words.length - at);
      words.set(piece.words.subarray(at, at + rows), filled);
      counts.set(piece.counts.subarray(at, at + rows), filled);
      filled += rows;
      at += rows;
      if (filled < groupRows) continue;
      yield write(words, counts);
      filled = 0;
    }
  }
  if (filled > 0) yield write(words.subarray(0, filled), counts.subarray(0, filled));
  yield file.finish();

  function write(word: BigUint64Array, count: BigInt64Array): Uint8Array {
    return file.writeGroup(word.length, [
      { data: word, encoding: "PLAIN" },
      { data: count, encoding: "PLAIN" },
    ]);
  }
}
