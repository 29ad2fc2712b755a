const OPENS: Readonly<Record<string, string>> = { "[": "]", "<": ">", "(": ")" };

/**
 * The steps of a path, which joined are the path: `app`, `.state`, `.sessions`, `['a.b']`, `.history`. What brackets and
 * quotes hold is not looked into; where they do not match, the rest is one step.
 */
export function splitPath(path: string): string[] {
  const steps: string[] = [];
  const closing: string[] = [];
  let quote = "";
  let start = 0;
  for (let at = 0; at < path.length; at += 1) {
    const letter = path[at] ?? "";
    if (quote !== "") {
      if (letter === "\\") at += 1;
      else if (letter === quote) quote = "";
      continue;
    }
    if (closing.length === 0 && (letter === "." || letter === "[") && at > start) {
      steps.push(path.slice(start, at));
      start = at;
    }
    if (closing.length > 0 && (letter === "'" || letter === '"')) quote = letter;
    else if (letter === closing.at(-1)) closing.pop();
    else if (OPENS[letter] !== undefined) closing.push(OPENS[letter]);
  }
  return [...steps, path.slice(start)];
}
