import type { Image, TargetContents } from "../image/index.ts";
import { formatCount } from "../terms/index.ts";
import { type ScopeName, shapeOf, type WordOptions } from "./scope.ts";

/**
 * One sentence on how a target's own words are counted, where they are not those that were asked for and no option says
 * that this is meant: of 32 bits, big-endian, or standing where the file's words have their middle. Null otherwise.
 * Nothing is counted otherwise for it: the default is what `hexdump | sort | uniq -c` prints of the file.
 */
export function ownWords({ core, image, source }: TargetContents, options: WordOptions): string | null {
  const { class: bits, endian, machineName } = core?.header ?? {};
  const wanted: string[] = [];
  if (bits === 32 && options.word === undefined) wanted.push("--word 4");
  if (endian === "big" && options.endian === undefined) wanted.push("--endian big");
  const scope: ScopeName = options.scope ?? (core?.process ? "memory" : "all");
  const wordBytes = wanted.includes("--word 4") ? 4 : shapeOf(options).bytes;
  const split = image !== null && scope === "all" ? splitBytes(image, wordBytes) : 0;
  const parts: string[] = [];
  if (wanted.length > 0)
    parts.push(
      `a ${bits}-bit ${endian}-endian ${machineName} core: ${wanted.join(" ")} counts its own words`,
    );
  if (split > 0)
    parts.push(
      `${formatCount(split)} of ${formatCount(source.size)} bytes are memory whose words the file's cut in two: ` +
        "--scope memory counts them whole",
    );
  return parts.length === 0 ? null : parts.join("; ");
}

/** Saved bytes of segments whose words do not begin where the file's do: gcore wrote such segments until gdb 8. */
function splitBytes({ table }: Image, wordBytes: number): number {
  let split = 0;
  for (let index = 0; index < table.count; index += 1) {
    const shift = BigInt(table.offsets[index] ?? 0) - (table.starts[index] ?? 0n);
    if (shift % BigInt(wordBytes) !== 0n) split += table.saved[index] ?? 0;
  }
  return split;
}
