import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/answers/index.ts";
import { reportPage } from "../../src/report/index.ts";
import { Scratch, sample } from "../commands/program.ts";
import { CHROMIUM, openAll, TestBrowser } from "./browser.ts";

/** What breaks out of one place or another where it is not escaped there. */
const PIECES = [
  ...[
    "<",
    ">",
    '"',
    "'",
    "&",
    "`",
    "=",
    "/",
    "\\",
    "\0",
    "\n",
    "\r",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
    "\ufeff",
  ],
  ...["<img src=x onerror=alert(1)>", "</script>", "<script>", "<!--", "-->", "]]>", "</title>", "</style>"],
  ...[
    "javascript:",
    "&lt;",
    "&#x3c;",
    "${",
    "url(",
    "\ud800",
    "\udfff",
    "\u{1f40d}",
    "日本",
    "a",
    "onload=",
    " ",
  ],
];

let state = 1;
function next(limit: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

/** One for each name, so that what belongs together still does. */
const made = new Map<string, string>();
function hostileName(name: string): string {
  const known = made.get(name) ?? makeName();
  made.set(name, known);
  return known;
}

function makeName(): string {
  return Array.from({ length: 1 + next(12) }, () => PIECES[next(PIECES.length)] ?? "").join("");
}

/** Keys whose texts are coregram's own, or have a form that reading them made sure of. */
const OWN =
  /^(?:schema|address|word|start|end|permissions|verdict|kind|by|buildId|loadBias|endian|pc|sp|compression)$/;

/** The value with a hostile name in place of each text. */
function withHostileNames(value: unknown, key = ""): unknown {
  if (typeof value === "string") return OWN.test(key) ? value : hostileName(value);
  if (Array.isArray(value)) return value.map((item) => withHostileNames(item, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withHostileNames(inner, name)]),
  );
}

const BLOCK = /<script type="application\/json" id="data-([\w-]+)">([\s\S]*?)<\/script>/g;

/** The results that a page holds. */
function dataOf(html: string): Map<string, unknown> {
  return new Map([...html.matchAll(BLOCK)].map(([, name = "", json = ""]) => [name, JSON.parse(json)]));
}

/** All tags of a page with the names of their attributes; throws at a `<` that begins none. */
function tagsOf(html: string): string[] {
  const body = html.replace(BLOCK, "").replace(/<(script|style)>[\s\S]*?<\/\1>/g, "<$1></$1>");
  const tags: string[] = [];
  for (const [part] of body.matchAll(/<[^<]*/g)) {
    const [tag, name = "", attributes = ""] =
      /^<([!/]?[a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"<>]*")?)*)>/i.exec(part) ?? [];
    if (tag === undefined) throw new Error(`no tag: ${part.slice(0, 100)}`);
    if (part.slice(tag.length).includes(">")) throw new Error(`a bare >: ${part.slice(0, 100)}`);
    tags.push(`${name} ${[...attributes.matchAll(/ ([a-z-]+)/gi)].length}`);
  }
  return tags;
}

const scratch = new Scratch();
const browser = new TestBrowser();

// Each has some 1,800 of them, all together more than 10,000.
describe.each([1, 2, 3, 4, 5, 6])("a page of names that are made to break out, %i", (seed) => {
  let original: Report;
  let hostile: Report;
  let html = "";
  beforeAll(() => {
    state = seed;
    made.clear();
    const data = dataOf(readFileSync(sample("downstream-report.html"), "utf8"));
    const { info, words, stacks = null, ...rest } = Object.fromEntries(data) as Record<string, unknown>;
    const growth = {
      owner: rest["growth-owner"],
      type: rest["growth-type"],
      balance: rest["growth-balance"],
    };
    const { "suspect-0": chain, suspects: objects } = rest;
    const task = {
      ...{ depth: 1, address: "0x1", name: "Task-1", state: "waiting", awaitedBy: [] },
      waitsFor: { address: "0x2", type: "_asyncio.Future" },
      frames: [{ function: "fetch", file: "app.py", line: 3 }],
    };
    const tasks = { ...(rest.tasks as object), rows: [task] };
    const suspects = { chains: [{ finding: 0, chain }], objects };
    const remarks = [{ kind: "note", target: "core", text: "a note" }];
    original = {
      info,
      words,
      stacks,
      heap: { ...rest, tasks, suspects, growth },
      unread: null,
      remarks,
      redacted: null,
    } as unknown as Report;
    hostile = withHostileNames(original) as Report;
    html = [...reportPage(hostile, { command: hostileName("command") })].join("");
  });

  it("has many of them", () => {
    expect(made.size).toBeGreaterThan(1700);
  });

  it("is the same page to a parser", () => {
    const plain = [...reportPage(original, { command: "coregram" })].join("");
    const kinds = (page: string) => [...new Set(tagsOf(page))].sort();
    expect(kinds(html)).toEqual(kinds(plain));
    expect(html.match(/<\/?script/gi)?.length).toBe(plain.match(/<\/?script/gi)?.length);
    expect(html.match(/<\/?style/gi)?.length).toBe(2);
  });

  it("shows no character that moves what is around it, nor has one in its data", () => {
    expect(html).not.toMatch(/[\0\r\u2028\u2029\u202e\u2066\p{Cs}]/u);
  });

  it("holds what it was given", () => {
    const { rows } = dataOf(html).get("owners") as { rows: { path: string | null; type: string | null }[] };
    const names = (list: typeof rows) => list.slice(0, 100).map(({ path, type }) => [path, type]);
    expect(names(rows)).toEqual(names([...(hostile.heap?.owners.rows ?? [])]));
  });

  it("has no link but to its own places", () => {
    const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, to]) => to ?? "");
    expect(links.length).toBeGreaterThan(100);
    for (const to of links) expect(to).toMatch(/^#(?:\w+|(?:owner|type)=(?:[\w.!~*()%-]|&#39;)*)$/);
  });

  it.skipIf(CHROMIUM === null)("does nothing in a browser but show them", async () => {
    const { page, faults } = await browser.open(scratch.put("hostile.html", html));
    await openAll(page);
    expect(await page.locator("script").count()).toBe(html.match(/<script/g)?.length);
    expect(
      await page.locator("img, iframe, object, embed, base, form, link, body [style*=url]").count(),
    ).toBe(0);
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('*')].flatMap((each) => [...each.attributes]).filter(({ name }) => name.startsWith('on')).length",
      ),
    ).toBe(0);
    expect(faults).toEqual([]);
  });
});
