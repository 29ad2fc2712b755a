import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CoregramError, printable } from "../../terms/index.ts";
import { describeFailure, hasErrorCode, outputError } from "../shell/output-error.ts";

/** A key of the path, and its value; null where that is not known. */
export interface Tag {
  readonly key: string;
  readonly value: string | null;
}

/** What Hive calls a value that there is not (Hive, `hive.exec.default.partition.name`); engines read it as null. */
const NO_VALUE = "__HIVE_DEFAULT_PARTITION__";
const KEY = /^[a-z_][a-z0-9_]*$/;
/** What stands in a path as it is. */
const PLAIN = /^[\w.-]$/;
/** As much of a value as a file name takes with its key, all of it escaped. */
const MOST_VALUE_BYTES = 64;
const DIGEST_DIGITS = 16;

/**
 * What `--tag` gives in place of what the core says, and beyond that, by name.
 * @param taken names of columns, which no key can have: engines take them without regard to case
 * @throws CoregramError `usage` where one is no tag, or has the name of a column
 */
export function tagsOf(given: readonly string[], known: readonly Tag[], taken: readonly string[]): Tag[] {
  const more = new Map<string, string>();
  for (const text of given) {
    const [key = "", ...rest] = text.split("=");
    const value = rest.join("=");
    if (rest.length === 0 || !KEY.test(key) || value === "")
      throw new CoregramError(
        "usage",
        `--tag takes KEY=VALUE, such as service=web, KEY in lower case, not "${printable(text)}"`,
      );
    if (taken.some((name) => name.toLowerCase() === key))
      throw new CoregramError(
        "usage",
        `--tag ${text}: ${key} is a column of every summary or of its views; call it otherwise`,
      );
    if (Buffer.byteLength(value) > MOST_VALUE_BYTES)
      throw new CoregramError("usage", `--tag ${key} takes up to ${MOST_VALUE_BYTES} bytes`);
    more.set(key, value);
  }
  const tags = known.map(({ key, value }) => ({ key, value: more.get(key) ?? value }));
  const others = [...more].filter(([key]) => !known.some((tag) => tag.key === key));
  return [...tags, ...others.sort().map(([key, value]) => ({ key, value }))];
}

/** `service=web/host=app-1/date=2026-11-27`, escaped as Hive does. */
export function pathOfTags(tags: readonly Tag[]): string {
  return tags.map(({ key, value }) => `${key}=${value === null ? NO_VALUE : escaped(value)}`).join("/");
}

function escaped(value: string): string {
  return [...Buffer.from(cut(value))]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return PLAIN.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

/** What is too long for a file name ends with a digest of all of it, after as many whole characters as there is room for. */
function cut(value: string): string {
  if (Buffer.byteLength(value) <= MOST_VALUE_BYTES) return value;
  const end = `-${createHash("sha256").update(value).digest("hex").slice(0, DIGEST_DIGITS)}`;
  let start = "";
  for (const character of value) {
    if (Buffer.byteLength(start + character + end) > MOST_VALUE_BYTES) break;
    start += character;
  }
  return start + end;
}

/**
 * Engines take all paths of a folder apart by the same keys.
 * @throws CoregramError `usage` where summaries are there whose paths have other keys, `io` where it is no folder
 */
export function requireSameKeys(folder: string, tags: readonly Tag[]): void {
  const there = keysIn(folder);
  const wanted = tags.map(({ key }) => key);
  if (there.length === 0 || there.join() === wanted.join()) return;
  throw new CoregramError(
    "usage",
    `${printable(folder)} has summaries by ${there.join(", ")}, and this one would be by ${wanted.join(", ")}: give --tag for the same, or another folder`,
  );
}

/** Those of the first path. */
function keysIn(folder: string): string[] {
  const keys: string[] = [];
  for (let path = folder; ; ) {
    const [first] = foldersIn(path);
    if (first === undefined) return keys;
    keys.push(first.slice(0, first.indexOf("=")));
    path = join(path, first);
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && /^[a-z_][a-z0-9_]*=/.test(entry.name))
      .map(({ name }) => name);
  } catch (error) {
    if (hasErrorCode(error, "ENOENT")) return [];
    throw outputError(folder, describeFailure(error), error);
  }
}
