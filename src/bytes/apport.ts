// Ubuntu's crash reports (apport's problem_report.py): fields of text, one of which is the core, compressed and in base64.
import type { CompressedInput } from "./compressed.ts";

const NEWLINE = 0x0a;
const BLANK = 0x20;
/** The field's name, and how its value is written; lines of it begin with a blank, each is base64 on its own. */
const CORE_FIELD = "CoreDump: base64";
/** What cores in reports are compressed by. */
const PACKINGS = [
  { name: "gzip", magic: [0x1f, 0x8b], load: () => import("./gzip.ts") },
  { name: "zstd", magic: [0x28, 0xb5, 0x2f, 0xfd], load: () => import("./zstd.ts") },
];
/** Longer names of fields are none of apport's. */
const MOST_NAME_BYTES = 256;

/** The core of a report. */
export async function* decompress(input: CompressedInput): AsyncGenerator<Uint8Array, void, undefined> {
  if (!(await skipToCore(input))) throw input.refused("format", "has no core (no field CoreDump)");
  const pieces = decoded(input);
  // A report's first line of base64 is the header alone.
  const head = await pieces.next();
  const first: Uint8Array = head.done ? new Uint8Array(0) : head.value;
  const packing = PACKINGS.find(({ magic }) => magic.every((byte, at) => first[at] === byte));
  if (packing === undefined)
    throw head.done ? input.endsEarly() : input.corrupt("its core is neither gzip nor zstd");
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    yield first;
    yield* pieces;
  }
  const inner = input.inner(packing.name, all());
  try {
    yield* (await packing.load()).decompress(inner);
  } catch (error) {
    // Where it breaks off in the report is what can be looked at.
    throw inner.isCut ? input.endsEarly() : error;
  }
}

/** Steps over the fields before the core's; false where there is none. */
async function skipToCore(input: CompressedInput): Promise<boolean> {
  let name = "";
  for (let piece = await input.peek(); piece !== null; piece = await input.peek()) {
    const newline = piece.indexOf(NEWLINE);
    const part = piece.subarray(0, newline < 0 ? piece.length : newline);
    if (name.length < MOST_NAME_BYTES)
      name += Buffer.from(part.subarray(0, MOST_NAME_BYTES)).toString("latin1");
    input.consume(newline < 0 ? piece.length : newline + 1);
    if (newline < 0) continue;
    if (name === CORE_FIELD) return true;
    name = "";
  }
  return false;
}

/** The bytes of the lines that begin with a blank: four characters are three bytes, and padding ends a line. */
async function* decoded(input: CompressedInput): AsyncGenerator<Uint8Array, void, undefined> {
  let isLineStart = true;
  let isFirst = true;
  let kept = "";
  for (let piece = await input.peek(); piece !== null; piece = await input.peek()) {
    if (isLineStart && piece[0] !== BLANK) return;
    const newline = piece.indexOf(NEWLINE);
    const text = Buffer.from(piece.buffer, piece.byteOffset, newline < 0 ? piece.length : newline).toString(
      "latin1",
      isLineStart ? 1 : 0,
    );
    input.consume(newline < 0 ? piece.length : newline + 1);
    isLineStart = newline >= 0;
    kept += text;
    // The first bytes of all come together: they say what the rest is.
    const whole = isLineStart
      ? kept.length
      : isFirst && kept.length < 8
        ? 0
        : kept.length - (kept.length % 4);
    const bytes = Buffer.from(kept.slice(0, whole), "base64");
    kept = kept.slice(whole);
    if (bytes.length === 0) continue;
    isFirst = false;
    yield bytes;
  }
}
