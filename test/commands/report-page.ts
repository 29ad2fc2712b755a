import { expect } from "vitest";
import { coregram } from "./program.ts";

/** What a reader sees of a piece of HTML. */
export function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, " ")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");
}

/** The text of a section. */
export function textOfSection(html: string, id: string): string {
  return textOf(new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(html)?.[0] ?? "");
}

const BLOCK = /<script type="application\/json" id="data-([\w-]+)">([\s\S]*?)<\/script>/g;

/** The results that a page holds. */
export function dataOf(html: string): Map<string, unknown> {
  return new Map([...html.matchAll(BLOCK)].map(([, name = "", json = ""]) => [name, JSON.parse(json)]));
}

/** Of each row of a table, the exact numbers that stand in its cells, those with a unit. */
export function numbersOf(html: string, table: string): number[][] {
  const [, body = ""] =
    new RegExp(`<table data-table="${table}">[\\s\\S]*?<tbody>([\\s\\S]*?)</tbody>`).exec(html) ?? [];
  return body
    .replace(/<details>[\s\S]*?<\/details>/g, "")
    .split("</tr>")
    .slice(0, -1)
    .map((row) => [...row.matchAll(/<data value="(-?\d+)"/g)].map(([, value]) => Number(value)));
}

/** What a command prints as JSON. */
export async function askJson<Answer>(args: readonly string[]): Promise<Answer> {
  const { stdout } = await coregram([...args, "-q", "-f", "json"]);
  return JSON.parse(Buffer.from(stdout, "latin1").toString("utf8"));
}

/** Compares what a page holds with what these command lines print. */
export async function expectSame(
  html: string,
  wanted: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const data = dataOf(html);
  for (const [name, args] of Object.entries(wanted))
    expect(data.get(name), name).toEqual(await askJson(args));
}
