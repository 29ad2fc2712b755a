import type { Target } from "../image/index.ts";
import { namesOfLibrary } from "../runtimes/index.ts";
import { CoregramError, formatCount, printable, shellWord } from "../terms/index.ts";
import { type ModuleOptions, rootOf } from "./options.ts";
import { CodeNames } from "./redaction/code-names.ts";
import { type Context, redactObject } from "./redaction/columns.ts";
import { Hashed } from "./redaction/hashed.ts";
import { readOwnWords } from "./redaction/own-words.ts";
import { Places, systemFile } from "./redaction/places.ts";
import { redactProse } from "./redaction/prose.ts";
import {
  type Frame,
  findResult,
  type JsonObject,
  type Redacted,
  type Result,
  type SchemaName,
  type Tells,
} from "./results/index.ts";
import type { Table } from "./tables.ts";
import { classOf, type WordClasses } from "./word-classes.ts";

/** Threads and tasks that nobody named: `Thread-3 (work)` has a function's name in it. */
const GIVEN_NAME =
  /^(?:(?:MainThread|(?:Thread|Dummy|Task|Process|asyncio|QueueFeederThread|QueueManagerThread|ExecutorManagerThread)[-_]?\d*|ThreadPoolExecutor-\d+_\d+))$/;
const NAMED_AFTER = /^(Thread-\d+) \((.*)\)$/s;
const OFFSET = /\+0x[0-9a-f]+$/;
/** What stands between the places of a traceback. */
const BETWEEN_PLACES = " < ";
/** A command that asks for an object by its path: the stand-in leads nowhere. */
const ASKED_PATH = / --of (?!0x[0-9a-f]+$).*$/s;
/** A living process is no file. */
const NO_FILE = /^(?:-|--pid \d+)$/;

/** What is left out of every result. */
const LEFT_OUT = [
  "values: texts, numbers, variables, command lines, users",
  "names of the user's own code, files, threads and tasks: stand-ins of the same shape",
];

/**
 * Takes out of results what tells whose process it was and what it had in memory: a result can then leave the house. Names
 * of the runtime, its library and installed packages stay; what cannot be told is taken for the user's own.
 */
export class Redactor {
  readonly #hashed: Hashed;
  readonly #names: CodeNames;
  readonly #own = readOwnWords();
  readonly #places: Places[] = [];
  /** What the command line calls the targets, and what stands for it. */
  readonly #inputs = new Map<string, string>();

  /** @param key of names: the same names have the same stand-ins under one key alone */
  constructor(key: Uint8Array) {
    this.#hashed = new Hashed(key);
    this.#names = new CodeNames(this.#hashed);
  }

  /**
   * Reads which names in a target are those of libraries, and where its memory is. Results of other targets lose all names.
   * @throws CoregramError as reading does
   */
  async know(target: Target, options: ModuleOptions): Promise<void> {
    this.#inputs.set(shellWord(target.name), this.input(target.name));
    this.#inputs.set(printable(target.name), this.input(target.name));
    await target.ask(async (contents) => {
      this.#places.push(new Places(contents));
      if (contents.core !== null) this.#names.know(await namesOfLibrary(contents.core, rootOf(options)));
    });
  }

  /** Installed packages whose names stay. */
  get packages(): readonly string[] {
    return this.#names.packages;
  }

  /** Whether the word is an address of mapped memory in one of the targets. */
  isAddress(word: bigint): boolean {
    return this.#places.some((places) => places.isMapped(word));
  }

  /** The result without what it must not tell. @throws CoregramError `usage` where nothing would be left of it */
  result<Name extends SchemaName>(result: Result<Name>): Result<Name> {
    if (result.schema === "coregram/strings@1")
      throw new CoregramError(
        "usage",
        "texts cannot be redacted: --redact goes with all but types --strings and dump",
      );
    const columns = findResult(result.schema);
    if (columns === null) throw new RangeError(`${result.schema} is no result`);
    const tell = (text: string, tells: Tells, context: Context) => this.#tell(text, tells, context);
    const { rows } = result;
    const objectOf = (object: object, of: typeof columns.row) => redactObject(object as JsonObject, of, tell);
    const made = {
      schema: result.schema,
      redacted: this.#redacted(result),
      input: objectOf(result.input, columns.input),
      // Some totals are only worked out when they are asked for.
      get totals() {
        return objectOf(result.totals, columns.totals);
      },
      rows: {
        *[Symbol.iterator]() {
          for (const row of rows) yield objectOf(row, columns.row);
        },
      },
    };
    // It has the same columns.
    return made as unknown as Result<Name>;
  }

  /** The same of one whose rows are all there. */
  frame<Name extends SchemaName>(frame: Frame<Name>): Frame<Name> {
    const { schema, redacted, input, totals, rows } = this.result<Name>(frame);
    return { schema, ...(redacted && { redacted }), input, totals, rows: [...rows] };
  }

  /** The same of a table of an export. */
  table<Name extends string>(table: Table<Name>): Table<Name> {
    const tell = (text: string, tells: Tells, context: Context) => this.#tell(text, tells, context);
    const { columns, input, rows } = table;
    return {
      ...table,
      redacted: this.redacted,
      input: { ...input, path: this.input(String(input.path)) },
      rows: (function* () {
        for (const row of rows) yield redactObject(row, columns.row, tell);
      })(),
    };
  }

  /** What an answer says of what is not in it. */
  get redacted(): Redacted {
    return { key: this.#hashed.keyId, leftOut: LEFT_OUT };
  }

  /** A type, or what holds an object, as Python reaches it. */
  path(text: string): string {
    return this.#names.path(text);
  }

  /** One step of a path, from an object of a type. */
  step(text: string, holder: string): string {
    return this.#names.step(text, holder);
  }

  /** A sentence of the program's own without the names and values in it. */
  prose(text: string): string {
    return redactProse(text.replace(ASKED_PATH, " --of ADDR"), this.#names, this.#own, this.#inputs);
  }

  /** Native code's name for the address. */
  symbol(name: string, at: bigint): string {
    const isKnown = this.#places.some((places) => {
      const module = places.moduleAt(at);
      return module !== null && (systemFile(module) ?? this.#names.fileInLibrary(module)) !== null;
    });
    if (isKnown) return name;
    const [offset = ""] = OFFSET.exec(name) ?? [];
    return this.#hashed.symbol(name.slice(0, name.length - offset.length)) + offset;
  }

  /** What a command line gave: a file, or a folder. */
  input(name: string): string {
    return NO_FILE.test(name) ? name : this.#hashed.file(name);
  }

  #redacted(result: Result<SchemaName> & { readonly others?: WordClasses | null }): Redacted {
    const { others } = result;
    return { key: this.#hashed.keyId, leftOut: [...LEFT_OUT, ...(others ? [describeClasses(others)] : [])] };
  }

  #tell(text: string, tells: Tells, context: Context): string | null {
    const isLibrary = context.file !== null && this.#names.fileInLibrary(context.file) !== null;
    switch (tells) {
      case "ours":
        return text;
      case "value":
        return null;
      case "type":
      case "path":
        return this.#names.path(text);
      case "function":
        return this.#names.function(text, isLibrary);
      case "variable":
        return this.#names.variable(text, isLibrary);
      case "label":
        return this.#label(text);
      case "file":
        return this.#names.file(text);
      case "build":
        return isLibrary || (context.file !== null && systemFile(context.file) !== null) ? text : null;
      case "symbol":
        return context.at === null ? this.#hashed.symbol(text) : this.symbol(text, context.at);
      case "word":
        return this.isAddress(BigInt(text.startsWith("0x") ? text : `0x${text}`)) ? text : null;
      case "compared":
        return this.#compared(text, context.by);
      case "input":
        return this.input(text);
      case "prose":
        return this.prose(text);
    }
  }

  #label(text: string): string {
    if (GIVEN_NAME.test(text)) return text;
    const [, number, name = ""] = NAMED_AFTER.exec(text) ?? [];
    return number === undefined
      ? this.#hashed.text(text)
      : `${number} (${this.#names.function(name, false)})`;
  }

  #compared(text: string, by: string | null): string {
    if (by === "balance") return text;
    if (by === "type" || by === "owner") return this.#names.path(text);
    if (by !== "word")
      return text
        .split(BETWEEN_PLACES)
        .map((place) => this.#names.file(place))
        .join(BETWEEN_PLACES);
    const word = BigInt(`0x${text}`);
    return this.isAddress(word) ? text : `<${classOf(word, { bytes: text.length === 8 ? 4 : 8 })}>`;
  }
}

function describeClasses({ zeros, numbers, texts, others, rare }: WordClasses): string {
  const parts = [
    `zeros ${formatCount(zeros)}`,
    `small numbers ${formatCount(numbers)}`,
    `texts ${formatCount(texts)}`,
    `others ${formatCount(others)}`,
  ];
  const rest = rare === 0 ? "" : `; of ${formatCount(rare)} words that are rare it was not looked at`;
  return `words that are no addresses of mapped memory: ${parts.join(", ")}${rest}`;
}
