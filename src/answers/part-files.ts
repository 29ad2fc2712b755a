import { openParquet, type ParquetFile, subjectOf } from "../bytes/index.ts";
import { CoregramError, type Listener, printable, shellWord } from "../terms/index.ts";
import type { SortedCounts, WordCounts } from "../words/index.ts";
import {
  countedAs,
  groupRowsOf,
  isSameCore,
  type PartInfo,
  partOptions,
  partRange,
  readPartInfo,
} from "./part-info.ts";
import { WORDS_PART } from "./results/index.ts";

/** The file of a part, open. */
interface PartFile {
  readonly file: ParquetFile;
  readonly info: PartInfo;
}

/** All parts of a core, each once. */
export class PartFiles {
  readonly #files: readonly PartFile[];
  /** What the first says, which all have alike but for the number of the part and what was counted. */
  readonly info: PartInfo;

  private constructor(files: readonly PartFile[], info: PartInfo) {
    this.#files = files;
    this.info = info;
  }

  /**
   * Opens them, and looks whether they are all there and of one core.
   * @param listener hears of those that were given twice
   * @throws CoregramError `format` where one is none, or is of something else than the others, `absent` where some are missing,
   * `io`
   */
  static async open(paths: readonly string[], listener: Listener): Promise<PartFiles> {
    const open: PartFile[] = [];
    try {
      for (const path of paths) open.push(await openPart(path));
      const first = open[0];
      if (first === undefined) throw new CoregramError("usage", "no parts given");
      for (const other of open) refuseOther(first, other);
      const parts = await withoutDoubled(open, listener);
      refuseMissing(parts.map(({ info }) => info));
      return new PartFiles(parts, first.info);
    } catch (error) {
      for (const { file } of open) file.close();
      throw error;
    }
  }

  /** Bytes and words of all of them. */
  get totals(): { readonly bytes: number; readonly words: number } {
    const sum = (of: (info: PartInfo) => number) => this.#files.reduce((all, { info }) => all + of(info), 0);
    return { bytes: sum(({ bytes }) => bytes), words: sum(({ words }) => words) };
  }

  get counts(): SortedCounts[] {
    return this.#files.map((part) => new PartCounts(part));
  }

  close(): void {
    for (const { file } of this.#files) file.close();
  }
}

/** @throws CoregramError `format` where it is no part */
async function openPart(path: string): Promise<PartFile> {
  const file = await openParquet(path);
  try {
    const schema = file.metadata.get("coregram.schema");
    const info = readPartInfo(file.metadata.get("coregram.part") ?? "");
    if (schema !== WORDS_PART.schema || info === null) {
      const is = schema === undefined ? "is no part" : `is ${printable(schema)}, and no part`;
      throw new CoregramError(
        "format",
        `${subjectOf(path)} ${is}: coregram words CORE --part 1/8 -o FILE makes one`,
      );
    }
    if (file.rows !== info.distinct)
      throw broken(file, `${file.rows} rows where ${info.distinct} words are said to be different`);
    if (file.rows === 0 && info.words > 0)
      throw broken(file, `no rows where ${info.words} words are said to be`);
    const range = partRange(info.core.bytes, info, info.wordBytes);
    if (info.from !== range.from || info.to !== range.to)
      throw broken(
        file,
        `it is of the bytes ${info.from} to ${info.to}, and part ${info.part} of ${info.of} of ${range.from} to ${range.to}`,
      );
    if (Math.max(0, ...file.groups) > groupRowsOf(1))
      throw broken(file, `row groups of more than ${groupRowsOf(1)} rows`);
    return { file, info };
  } catch (error) {
    file.close();
    throw error;
  }
}

function broken({ name }: ParquetFile, what: string): CoregramError {
  return new CoregramError("format", `${subjectOf(name)}: broken part: ${what}`);
}

/** @throws CoregramError `format` where the two are not parts of the same */
function refuseOther(first: PartFile, other: PartFile): void {
  const names = `${subjectOf(first.file.name)} and ${subjectOf(other.file.name)}`;
  const [a, b] = [first.info, other.info];
  if (!isSameCore(a.core, b.core)) {
    const of = (info: PartInfo) =>
      `${printable(info.core.path)} of ${info.core.bytes} bytes, ${info.core.digest.slice(0, 12)}`;
    throw new CoregramError(
      "format",
      `${names} are parts of different cores, or of one that changed meanwhile: ${of(a)}; ${of(b)}`,
    );
  }
  if (countedAs(a) !== countedAs(b))
    throw new CoregramError("format", `${names} were counted differently: ${countedAs(a)}; ${countedAs(b)}`);
}

/**
 * Those that are the same count once.
 * @throws CoregramError `format` where two say to be the same part and are not
 */
async function withoutDoubled(open: readonly PartFile[], listener: Listener): Promise<PartFile[]> {
  const parts = new Map<number, PartFile>();
  for (const part of open) {
    const { info, file } = part;
    const before = parts.get(info.part);
    if (before === undefined) {
      parts.set(info.part, part);
      continue;
    }
    const names = `${subjectOf(before.file.name)} and ${subjectOf(file.name)}`;
    const number = `${info.part} of ${info.of}`;
    if (!(await isSamePart(before, part)))
      throw new CoregramError("format", `${names} are both part ${number}, and differ`);
    listener({
      kind: "note",
      target: file.name,
      text: `${names} are both part ${number}, and the same: counted once`,
    });
    file.close();
  }
  return [...parts.values()].sort((a, b) => a.info.part - b.info.part);
}

async function isSamePart(a: PartFile, b: PartFile): Promise<boolean> {
  const { from, to, bytes, words, distinct } = a.info;
  const other = b.info;
  if (from !== other.from || to !== other.to || bytes !== other.bytes) return false;
  if (words !== other.words || distinct !== other.distinct) return false;
  if (a.file.groups.join() !== b.file.groups.join()) return false;
  const [one, two] = [new PartCounts(a), new PartCounts(b)];
  for (const group of a.file.groups.keys()) {
    const [left, right] = [await one.read(group), await two.read(group)];
    if (!isEqual(left.words, right.words) || !isEqual(left.counts, right.counts)) return false;
  }
  return true;
}

function isEqual(a: ArrayBufferView, b: ArrayBufferView): boolean {
  return (
    Buffer.compare(
      new Uint8Array(a.buffer, a.byteOffset, a.byteLength),
      new Uint8Array(b.buffer, b.byteOffset, b.byteLength),
    ) === 0
  );
}

/** @throws CoregramError `absent` that names those that are missing, and how the first of them is made */
function refuseMissing(infos: readonly PartInfo[]): void {
  const [first] = infos;
  if (first === undefined) return;
  const there = new Set(infos.map(({ part }) => part));
  const missing = Array.from({ length: first.of }, (_, index) => index + 1).filter(
    (part) => !there.has(part),
  );
  const [next] = missing;
  if (next === undefined) return;
  const which =
    missing.length === 1 ? `part ${next} of ${first.of} is` : `parts ${rangesOf(missing)} of ${first.of} are`;
  const core = first.core.path === "-" ? "CORE" : shellWord(first.core.path);
  throw new CoregramError(
    "absent",
    `${which} missing: coregram words ${core} --part ${next}/${first.of}${partOptions(first)} -o FILE makes ${missing.length === 1 ? "it" : "the first"}`,
  );
}

/** `3, 5-7` of numbers that ascend. */
function rangesOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
}

/** What a part counted, held against what it says. */
class PartCounts implements SortedCounts {
  readonly groups: readonly number[];
  readonly #file: ParquetFile;
  readonly #info: PartInfo;
  #last = -1n;
  #words = 0;

  constructor({ file, info }: PartFile) {
    this.#file = file;
    this.#info = info;
    this.groups = file.groups;
  }

  /** Groups are read in their order. */
  async read(group: number): Promise<WordCounts> {
    const { word: words, count: counts } = await this.#file.columns(group, ["word", "count"]);
    if (!(words instanceof BigUint64Array) || !(counts instanceof BigInt64Array))
      throw broken(this.#file, "its columns are no words and counts");
    for (const word of words) {
      if (word <= this.#last) throw broken(this.#file, "its words do not ascend");
      this.#last = word;
    }
    if (this.#last >= 1n << BigInt(8 * this.#info.wordBytes))
      throw broken(this.#file, `its words have more than ${this.#info.wordBytes} bytes`);
    // As halves: to make a number of each would take longer than to read it.
    const halves = new Int32Array(counts.buffer, counts.byteOffset, 2 * counts.length);
    for (let at = 0; at < halves.length; at += 2) {
      const [low, high] = [(halves[at] ?? 0) >>> 0, halves[at + 1] ?? 0];
      if (high < 0 || (low === 0 && high === 0)) throw broken(this.#file, "a count is less than 1");
      this.#words += high * 2 ** 32 + low;
    }
    if (group === this.groups.length - 1 && this.#words !== this.#info.words)
      throw broken(this.#file, `its counts add up to ${this.#words} of ${this.#info.words} words`);
    return { words, counts };
  }
}
