import { readFileSync } from "node:fs";

// The build puts the page's style and program into dist/, beside the program's own bundle. From the sources, as the
// tests run, dist/ is two folders up.
const built = import.meta.url.endsWith(".ts") ? "../../dist/" : "./";

/** The page's program: everything else works without it. */
export function readScript(): string {
  return readFileSync(new URL(`${built}page.js`, import.meta.url), "utf8").trim();
}

/** The page's style, minified. */
export function readStyle(): string {
  return readFileSync(new URL(`${built}page.css`, import.meta.url), "utf8").trim();
}
