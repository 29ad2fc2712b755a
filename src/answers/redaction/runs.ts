/** A piece of a sentence: what may be a word, a name or a path; what stands between; or a text in quotes. */
export interface Run {
  readonly kind: "run" | "between" | "quoted";
  readonly text: string;
}

/** What is no part of a word, a name or a path, but in its brackets. */
const BETWEEN = /[\s(){},;=|→…—–]/;
const WORD = /[\p{L}\p{N}_]/u;
/** A bracket that does not close soon is none. */
const LONGEST_GROUP = 4096;

/** Cuts a sentence. All of the runs together are the sentence. Brackets and quotes in a path are part of its run, with what is in them. */
export function* runsOf(text: string): Generator<Run> {
  let at = 0;
  while (at < text.length) {
    const start = at;
    while (at < text.length && BETWEEN.test(text[at] ?? "")) at += 1;
    if (at > start) yield { kind: "between", text: text.slice(start, at) };
    if (at >= text.length) return;
    const quoted = isOpening(text, at) ? quotedEnd(text, at) : -1;
    if (quoted > 0) {
      yield { kind: "quoted", text: text.slice(at, quoted) };
      at = quoted;
      continue;
    }
    const end = runEnd(text, at);
    const [, run = "", rest = ""] = /^(.*?)([.:!?]*)$/s.exec(text.slice(at, end)) ?? [];
    if (run !== "") yield { kind: "run", text: run };
    if (rest !== "") yield { kind: "between", text: rest };
    at = end;
  }
}

/** Where the bracket at the place closes, quotes in it passed over: one past that; -1 where it does not. */
export function groupEnd(text: string, start: number): number {
  const closing: string[] = [];
  const last = Math.min(text.length, start + LONGEST_GROUP);
  for (let at = start; at < last; at += 1) {
    const character = text[at] ?? "";
    if ((character === "'" || character === '"') && isOpening(text, at)) {
      const end = quotedEnd(text, at);
      if (end > 0) at = end - 1;
    } else if (CLOSING.has(character)) closing.push(CLOSING.get(character) ?? "");
    else if (character === closing.at(-1)) {
      closing.pop();
      if (closing.length === 0) return at + 1;
    }
  }
  return -1;
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ["[", "]"],
  ["<", ">"],
  ["(", ")"],
]);

function runEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && !BETWEEN.test(text[at] ?? "")) {
    const end = text[at] === "[" || text[at] === "<" ? groupEnd(text, at) : -1;
    at = end > 0 ? end : at + 1;
  }
  return at;
}

/** Not the one in `glibc's`. */
function isOpening(text: string, at: number): boolean {
  const character = text[at];
  if (character !== "'" && character !== '"') return false;
  const before = text[at - 1] ?? " ";
  return !WORD.test(before) || /^(?:.*[^\p{L}\p{N}_])?[bB]$/su.test(text.slice(Math.max(0, at - 2), at));
}

/** One past the quote that ends a text as Python writes it; -1 where none does. */
function quotedEnd(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return -1;
}
