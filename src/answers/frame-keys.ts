import { shellWord } from "../terms/index.ts";
import { groupEnd } from "./redaction/runs.ts";
import type { Finding, WatchedOwner } from "./results/index.ts";

/** What is in brackets in a path or a sentence is a key, which is a value of the process: `app.users['anna']` as `app.users[*]`. */
export function withoutKeys(text: string): string {
  let out = "";
  let done = 0;
  for (let at = text.indexOf("["); at >= 0; at = text.indexOf("[", done)) {
    // One that is cut off is a key as well.
    const end = groupEnd(text, at);
    out += `${text.slice(done, at)}[*]`;
    done = end < 0 ? text.length : end;
  }
  return out + text.slice(done);
}

/** Names of an owner without keys. */
export function ownerWithoutKeys<Row extends Pick<WatchedOwner, "path" | "holders">>(row: Row): Row {
  const { path, holders } = row;
  return { ...row, path: path && withoutKeys(path), holders: holders?.map(withoutKeys) ?? null };
}

/** The same of a finding, with what it says and the command that shows more. */
export function findingWithoutKeys(finding: Finding): Finding {
  const { path, why, next, fanOut } = finding;
  return {
    ...ownerWithoutKeys(finding),
    why: withoutKeys(why),
    // An address has no keys; a shell's quotes are no text's.
    next:
      next === null || path === null || withoutKeys(path) === path
        ? next
        : next.replace(/ --of (?!0x).*$/s, () => ` --of ${shellWord(withoutKeys(path))}`),
    fanOut: fanOut && { ...fanOut, path: withoutKeys(fanOut.path) },
  };
}
