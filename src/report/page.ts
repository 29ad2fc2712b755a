import { createHash } from "node:crypto";
import type { Redacted, Report } from "../answers/index.ts";
import { VERSION } from "../terms/index.ts";
import { readScript, readStyle } from "./artifacts.ts";
import { dataBlock } from "./data.ts";
import { type Element, element, type Given, toHtml } from "./element.ts";
import { balanceSection } from "./sections/balance.ts";
import { fileSection, segmentsSection, subjectLine, wordsSection } from "./sections/file.ts";
import { growthSection } from "./sections/growth.ts";
import { containersSection, ownersSection, stringsSection, typesSection } from "./sections/objects.ts";
import { type Section, sectionElement } from "./sections/section.ts";
import { threadsSection } from "./sections/threads.ts";
import { headline, verdictSection } from "./sections/verdict.ts";
import { MOST_TASKS } from "./tables.ts";

export interface PageOptions {
  /** The command that made it, as a shell takes it. */
  readonly command: string;
}

/**
 * The page, in chunks. It makes no request and runs nothing but what is in it: its policy names its style and its program
 * by their hashes, and names from a core are text wherever they stand.
 */
export function* reportPage(report: Report, { command }: PageOptions): Generator<string> {
  const sections = sectionsOf(report);
  const [style, script] = [readStyle(), readScript()];
  const name = nameOf(report);
  const title = report.heap === null ? name : `${name}: ${headline(report.heap.diagnose)}`;
  const subject = subjectLine(report.info, report.heap?.diagnose.totals.runtime ?? null);
  yield "<!doctype html>\n";
  yield '<html lang="en">';
  yield toHtml(
    element(
      "head",
      {},
      element("meta", { charset: "utf-8" }),
      element("meta", { "http-equiv": "Content-Security-Policy", content: policyOf(style, script) }),
      element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      element("meta", { name: "color-scheme", content: "light dark" }),
      element("title", {}, `${title} · coregram`),
    ),
  ).replace("</head>", () => `<style>${style}</style></head>`);
  yield '<body><a class="skip" href="#main">Skip to the verdict</a>';
  yield toHtml(
    element(
      "header",
      {},
      element("p", { class: "brand" }, "coregram"),
      element("h1", {}, name),
      element("p", {}, subject),
    ),
  );
  yield toHtml(contentsOf(sections));
  yield '<main id="main" tabindex="-1">';
  if (report.redacted !== null) yield toHtml(redactedElement(report.redacted));
  const care = careElement(report);
  if (care !== null) yield toHtml(care);
  for (const section of sections) yield `\n${toHtml(sectionElement(section))}`;
  yield "\n</main>";
  yield toHtml(footer(command, report.redacted !== null));
  yield* dataOf(report);
  yield `<script>${script}</script></body></html>\n`;
}

/** All results that the page has, for whoever reads it by a program, the page's own among them. */
function* dataOf({ info, words, stacks, heap }: Report): Generator<string> {
  yield "\n";
  yield* dataBlock("info", info);
  yield* dataBlock("words", words);
  if (stacks !== null) yield* dataBlock("stacks", stacks);
  if (heap === null) return;
  yield* dataBlock("diagnose", heap.diagnose);
  yield* dataBlock("types", heap.types);
  yield* dataBlock("owners", heap.owners);
  if (heap.strings !== null) yield* dataBlock("strings", heap.strings);
  if (heap.containers !== null) yield* dataBlock("containers", heap.containers);
  if (heap.tasks !== null)
    yield* dataBlock("tasks", { ...heap.tasks, rows: heap.tasks.rows.slice(0, MOST_TASKS) });
  for (const [index, { chain }] of heap.suspects.chains.entries())
    yield* dataBlock(`suspect-${index}`, chain);
  if (heap.suspects.objects !== null) yield* dataBlock("suspects", heap.suspects.objects);
  for (const [by, growth] of Object.entries(heap.growth ?? {}))
    yield* growth.schema === "coregram/diff@1"
      ? dataBlock(`growth-${by}`, growth)
      : dataBlock(`growth-${by}`, growth);
}

/** What the process was called; the file where there is none. */
function nameOf({ info }: Report): string {
  return info.rows[0]?.process?.name ?? info.input.path.replace(/^.*\//, "");
}

function sectionsOf({ heap, info, words, stacks, remarks, unread }: Report): Section[] {
  const [row] = info.rows;
  const notes = remarks.filter(({ kind }) => kind === "note").map(({ text }) => text);
  const tasks = heap?.tasks ?? null;
  const threads = stacks === null && tasks === null ? [] : [threadsSection(stacks, tasks)];
  if (heap === null)
    return [
      { id: "verdict", title: "Verdict", body: unreadBody(unread) },
      ...threads,
      wordsSection(words),
      ...(row === undefined || row.segments.length === 0 ? [] : [segmentsSection(row)]),
      fileSection(info, notes),
    ];
  return [
    verdictSection(heap, stacks),
    balanceSection(heap.types, heap.diagnose, info.totals.notSavedBytes),
    ...(heap.growth === null ? [] : [growthSection(heap.growth)]),
    ownersSection(heap.owners),
    typesSection(heap.types, heap.owners.rows),
    ...threads,
    ...(heap.containers === null ? [] : [containersSection(heap.containers)]),
    ...(heap.strings === null ? [] : [stringsSection(heap.strings)]),
    wordsSection(words),
    fileSection(info, notes),
  ];
}

/** What was damaged or left out, before anything is believed. */
function careElement({ info, remarks }: Report): Element | null {
  const warnings = [
    ...info.rows.flatMap((row) => row.warnings),
    ...remarks.filter(({ kind }) => kind === "warning").map(({ text }) => text),
  ];
  if (warnings.length === 0) return null;
  return element(
    "aside",
    { class: "care", "aria-label": "Warnings" },
    element("strong", {}, "To be read with care:"),
    element(
      "ul",
      {},
      [...new Set(warnings)].map((text) => element("li", {}, text)),
    ),
  );
}

function unreadBody(unread: string | null): Given {
  return element("p", { class: "claim" }, `No objects can be told of: ${unread}.`);
}

function contentsOf(sections: readonly Section[]): Element {
  return element(
    "nav",
    { "aria-label": "Contents" },
    element(
      "ul",
      {},
      sections.map(({ id, title }) => element("li", {}, element("a", { href: `#${id}` }, title))),
    ),
  );
}

/** What a page that was made to be sent lacks. */
function redactedElement({ leftOut }: Redacted): Element {
  return element(
    "aside",
    { class: "redacted", "aria-label": "Redacted" },
    element("strong", {}, "Redacted. Left out of this page:"),
    element(
      "ul",
      {},
      [...leftOut, "equal texts and items of what looks like a leak, which are nothing but values"].map(
        (text) => element("li", {}, text),
      ),
    ),
  );
}

function footer(command: string, isRedacted: boolean): Element {
  return element(
    "footer",
    {},
    element("p", {}, `Made by coregram ${VERSION}: `, element("code", {}, command)),
    element(
      "p",
      {},
      isRedacted
        ? "Names of Python's own library and of installed packages are kept; all others are stand-ins, the same for the same name."
        : "This page shows names and texts that stood in the process's memory, which may be passwords and customers' data: look before you pass it on.",
    ),
  );
}

/** Nothing but the page's own style and program; the program may not even make markup of a text (Trusted Types). */
function policyOf(style: string, script: string): string {
  return [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

/** As a policy names an inline text (CSP Level 3, section 2.3.1). */
function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
