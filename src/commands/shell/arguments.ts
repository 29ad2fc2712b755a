import type { Options } from "yargs";
import { CoregramError } from "../../terms/index.ts";

/** In front of a word that is a name and that yargs would take for something else: no word of a command line has one (execve(2)). */
const MARK = "\0";
/** yargs takes no dash for a name among several, and gives what follows a flag to that flag. */
const MISTAKEN = /^(?:-|true|false)$/;

/** The word as it was typed. */
export function unmarked(word: string): string {
  return word.startsWith(MARK) ? word.slice(MARK.length) : word;
}

/**
 * Says a command line in the form that yargs understands as getopt_long(3) would have understood the original:
 * yargs reads `-sFILE` as seven flags, takes no `-` for a value, and re-reads what stands behind `--` as options.
 * Some names come with a mark, which `unmarked` takes away.
 *
 * @param options those that may stand in it, to know which of them take a value
 * @throws CoregramError `usage` where a flag was given one, which yargs drops
 */
export function normalizeArguments(argv: readonly string[], options: Record<string, Options>): string[] {
  const takesValue = namesWithValue(options);
  const end = argv.indexOf("--");
  const before = end < 0 ? argv : argv.slice(0, end);
  const words: string[] = [];
  for (const word of before) refuseValue(word, options);
  for (const word of before.flatMap((word) => splitCluster(word, takesValue))) {
    const last = words.at(-1);
    if (last === undefined || !takesValue.has(last)) words.push(marked(word));
    else if (word === "-") words[words.length - 1] = `${last}=-`;
    else words.push(word);
  }
  // Nothing is an option any more: a path in front of the dash says the same.
  const after = end < 0 ? [] : argv.slice(end + 1);
  return [...words, ...after.map((word) => (/^-./.test(word) ? `./${word}` : marked(word)))];
}

function marked(word: string): string {
  return MISTAKEN.test(word) ? `${MARK}${word}` : word;
}

// `--quiet=3`, `-q=3`
function refuseValue(word: string, options: Record<string, Options>): void {
  const [, name = ""] = /^--?([\w-]+)=/.exec(word) ?? [];
  for (const [flag, { type, alias }] of Object.entries(options))
    if (type === "boolean" && (flag === name || alias === name))
      throw new CoregramError("usage", `--${flag} takes no value`);
}

/** `--top` and `-n` of every option that is no flag. */
export function namesWithValue(options: Record<string, Options>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [name, { type, alias }] of Object.entries(options)) {
    if (type === "boolean") continue;
    names.add(`--${name}`);
    for (const short of [alias ?? []].flat()) names.add(`-${short}`);
  }
  return names;
}

/** `-qsFILE` as `-q`, `-s=FILE`; whatever else as it is. */
function splitCluster(word: string, takesValue: ReadonlySet<string>): string[] {
  if (!/^-[^-]./.test(word)) return [word];
  for (let at = 1; at < word.length; ++at) {
    if (!takesValue.has(`-${word[at]}`)) continue;
    const flags = word.slice(1, at);
    const value = word.slice(at + 1).replace(/^=/, "");
    const option = `-${word[at]}${value && "="}${value}`;
    return flags === "" ? [option] : [`-${flags}`, option];
  }
  return [word];
}
