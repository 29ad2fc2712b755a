import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { canDump, dump, tool } from "../commands/live.ts";
import { Scratch, sample } from "../commands/program.ts";
import { CHROMIUM, openAll, TestBrowser, violationsOf } from "./browser.ts";
import { pageMaker } from "./page-maker.ts";

const scratch = new Scratch();
const makePage = pageMaker(scratch);
const browser = new TestBrowser();
const python = "/usr/bin/python3";

const [after, before] = [sample("downstream-after.core.gz"), sample("downstream-before.core.gz")];

/** What it makes, whether it can, and what it must say. */
const PAGES = [
  ["of three cores", true, () => makePage("three.html", after, before, before), "Profiler.results"],
  ["that was redacted", true, () => makePage("redacted.html", after, before, "--redact"), "Redacted"],
  [
    "of what tracemalloc traced",
    true,
    () => makePage("traced.html", sample("traced-after.core.xz")),
    "Lines that",
  ],
  ["without Python", canDump, () => makePlain(), "No objects can be told of"],
  [
    "of many owners and tasks",
    canDump && tool(python, "--version") !== null,
    () => makeMany(),
    "2,600 tasks in",
  ],
] as const;

async function makePlain(): Promise<string> {
  const { core } = await dump("sh", ["-c", "echo ready; sleep 1000"], scratch.path("sh.core"));
  return makePage("sh.html", core);
}

const MANY = `
import asyncio
for n in range(2600):
    globals()[f"cache_{n}"] = [object() for _ in range(40 + n % 7)]
async def wait():
    await asyncio.Event().wait()
async def main():
    tasks = [asyncio.create_task(wait()) for _ in range(2600)]
    await asyncio.sleep(0)
    print("ready", flush=True)
    await asyncio.gather(*tasks)
asyncio.run(main())
`;

async function makeMany(): Promise<string> {
  const { core } = await dump(python, [scratch.put("many.py", MANY)], scratch.path("many.core"));
  return makePage("many.html", core);
}

describe.skipIf(CHROMIUM === null).each(PAGES)("a page %s", (_, can, make, wanted) => {
  let path = "";
  beforeAll(async () => {
    if (can) path = await make();
  }, 120_000);

  it.skipIf(!can).each([
    [1280, "light"],
    [360, "dark"],
  ] as const)("is for everybody, %i wide, %s, and asks for nothing", async (width, colorScheme) => {
    const { page, faults } = await browser.open(path, "", { viewport: { width, height: 900 }, colorScheme });
    await openAll(page);
    expect(await page.locator("main").textContent()).toContain(wanted);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    expect(await violationsOf(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});

describe.skipIf(CHROMIUM === null)("a page that was redacted", () => {
  it("shows no name or value of the program, and all its sections", async () => {
    const path = await makePage("sent.html", after, before, "--redact");
    expect(readFileSync(path, "utf8")).not.toMatch(/downstream|Profiler|profiler|\/orders\/|ORDERS/);
    const { page } = await browser.open(path);
    expect(await page.locator("h2").allTextContents()).toEqual([
      ...["Verdict", "Where the memory is", "What grew", "Who holds it", "Types", "What it was doing"],
      ...["Biggest containers", "Words", "File"],
    ]);
    const [name = ""] =
      /Name_\w{8}\.name_\w{8}/.exec((await page.locator(".claim").first().textContent()) ?? "") ?? [];
    expect(name).not.toBe("");
    await page.getByLabel("Search owners", { exact: true }).fill(name);
    expect(await page.locator("#owners tbody tr").count()).toBe(1);
    await page.locator("#verdict .chain a").last().click();
    expect(await page.locator("tr.target").textContent()).toContain(name);
  });
});
