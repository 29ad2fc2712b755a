import { CoregramError, parseSize } from "../../terms/index.ts";

/** What a condition is about: memory, its cgroup's, waiting for memory, or live objects of a type. */
export type Subject = "rss" | "cgroup" | "pressure" | { readonly type: string };

/** A condition of `--when`: whether something is above a value, or grew by more than that within a minute. */
export interface Condition {
  /** As it was given. */
  readonly text: string;
  readonly subject: Subject;
  readonly is: "above" | "growth";
  /** Bytes, objects, or percent. */
  readonly value: number;
  readonly unit: "bytes" | "objects" | "percent";
}

/** `rss`, or a name as types have it: `app.models.Session`, `app.make.<locals>.Row`. */
const SUBJECT = /^(?:(?:[\p{L}_][\p{L}\p{N}_]*|<[a-z]+>)\.)*[\p{L}_][\p{L}\p{N}_]*/u;
/** Subjects that are no types. */
const WORDS = ["rss", "cgroup", "pressure"] as const;
const FORMS = "rss>1.5G, rss+100M/min, cgroup>90%, pressure>10%, app.Session>100000";
const MINUTE = /\/(?:min|minute|m)$/;

/**
 * Reads a condition.
 * @throws CoregramError `usage`, with the place in it
 */
export function parseCondition(text: string): Condition {
  const start = text.length - text.trimStart().length;
  const name = SUBJECT.exec(text.slice(start))?.[0] ?? "";
  if (name === "") throw wrong(text, start, `a subject is missing, as in ${FORMS}`);
  const subject = WORDS.find((word) => word === name) ?? { type: name };
  const meant = WORDS.find((word) => word !== name && isNear(name.toLowerCase(), word));
  if (meant !== undefined)
    throw wrong(
      text,
      start,
      `"${name}" is close to ${meant}; a type of this name is written with its module`,
    );
  const operator = skipSpace(text, start + name.length);
  const sign = text[operator];
  if (sign !== ">" && sign !== "+")
    throw wrong(text, operator, `> or + is missing behind "${name}", as in ${FORMS}`);
  const at = skipSpace(text, operator + 1);
  const value = text.slice(at).trimEnd();
  if (value === "") throw wrong(text, at, `a value is missing, as in ${FORMS}`);
  if (sign === "+") return growth(text, subject, at, value);
  if (MINUTE.test(value)) throw wrong(text, operator, `growth is written with +, as in rss+100M/min`);
  return { text: text.trim(), subject, is: "above", ...amount(text, subject, at, value) };
}

function growth(text: string, subject: Subject, at: number, value: string): Condition {
  if (subject === "cgroup" || subject === "pressure")
    throw wrong(text, at - 1, `growth is of rss or of a type's objects: ${subject}>90%`);
  if (!MINUTE.test(value))
    throw wrong(text, at + value.length, `growth is by the minute: /min is missing, as in rss+100M/min`);
  return {
    text: text.trim(),
    subject,
    is: "growth",
    ...amount(text, subject, at, value.replace(MINUTE, "")),
  };
}

function amount(
  text: string,
  subject: Subject,
  at: number,
  value: string,
): Pick<Condition, "value" | "unit"> {
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(value)?.[1];
  if (percent !== undefined) {
    if (subject !== "cgroup" && subject !== "pressure")
      throw wrong(text, at, `"${value}" is a share, which only cgroup and pressure have`);
    if (Number(percent) < 100) return { value: Number(percent), unit: "percent" };
    throw wrong(text, at, `"${value}" is never exceeded: less than 100 %`);
  }
  if (subject === "pressure") throw wrong(text, at, `"${value}" is no share such as 10%`);
  if (typeof subject === "object") {
    const objects = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isSafeInteger(objects)) return { value: objects, unit: "objects" };
    throw wrong(text, at, `"${value}" is no number of objects of ${subject.type}, such as 100000`);
  }
  const bytes = parseSize(value);
  if (bytes === null) throw wrong(text, at, `"${value}" is no size such as 512M or 1.5G`);
  return { value: bytes, unit: "bytes" };
}

/** Whether it is the word, or has one letter more, less, or other. */
function isNear(name: string, word: string): boolean {
  const shorter = Math.min(name.length, word.length);
  let start = 0;
  while (start < shorter && name[start] === word[start]) start += 1;
  let end = 0;
  while (end < shorter - start && name.at(-1 - end) === word.at(-1 - end)) end += 1;
  return Math.max(name.length, word.length) - start - end <= 1;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === " ") at += 1;
  return at;
}

/** @param at where in the text, from 0 on */
function wrong(text: string, at: number, what: string): CoregramError {
  return new CoregramError("usage", `--when '${text}', at character ${at + 1}: ${what}`);
}
