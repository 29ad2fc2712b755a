import { formatCount, printable } from "../terms/index.ts";

/** An element as data: made once, it becomes HTML in the page's file or nodes in the browser. Texts in it are printable. */
export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Content[];
}

export type Content = Element | string;

/** What may stand where content is given: null and false are nothing. */
export type Given = Element | string | number | null | false | readonly Given[];

/** Texts from a core may be as long as it; what is beyond is counted. */
const LONGEST_TEXT = 2000;

/**
 * An element. All texts, those of attributes too, are made printable and cut where they are too long: whatever a name
 * says, it stays text.
 */
export function element(
  tag: string,
  attributes: Readonly<Record<string, string | number | boolean | null>> = {},
  ...given: readonly Given[]
): Element {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) continue;
    kept[name] = value === true ? "" : shown(String(value));
  }
  return { tag, attributes: kept, children: given.flatMap(contentOf) };
}

function contentOf(given: Given): Content[] {
  if (given === null || given === false) return [];
  if (typeof given === "string" || typeof given === "number") return [shown(String(given))];
  return isList(given) ? given.flatMap(contentOf) : [given];
}

function isList(given: Given): given is readonly Given[] {
  return Array.isArray(given);
}

/** A text from the core as the page shows it. */
export function shown(text: string): string {
  if (text.length <= LONGEST_TEXT) return printable(text);
  return `${printable(text.slice(0, LONGEST_TEXT))}… (${formatCount(text.length)} characters)`;
}

/** Elements that have no end tag. */
const VOID = new Set(["meta", "br", "input", "col", "hr"]);

/** The HTML of an element. Nothing in it recurses on the data's shape: elements nest as deep as the page is made. */
export function toHtml(content: Content): string {
  if (typeof content === "string") return escapeText(content);
  const { tag, attributes, children } = content;
  let text = `<${tag}`;
  for (const [name, value] of Object.entries(attributes)) text += ` ${name}="${escapeText(value)}"`;
  text += ">";
  if (VOID.has(tag)) return text;
  for (const child of children) text += toHtml(child);
  return `${text}</${tag}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
