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

describe.skipIf(CHROMIUM === null)("the sample's page in a browser", () => {
  let path = "";
  beforeAll(async () => {
    path = await makePage(
      "sample.html",
      sample("downstream-after.core.gz"),
      sample("downstream-before.core.gz"),
    );
  });

  it("asks for nothing, and breaks none of its own rules", async () => {
    const { page, faults } = await browser.open(path);
    expect(await page.locator("h2").allTextContents()).toEqual([
      ...["Verdict", "Where the memory is", "What grew", "Who holds it", "Types", "What it was doing"],
      ...["Biggest containers", "Duplicate texts", "Words", "File"],
    ]);
    expect(faults).toEqual([]);
    // What tries to anyway is stopped.
    const stopped = await page.evaluate(`new Promise((resolve) => {
      const image = document.createElement("img");
      image.addEventListener("error", () => resolve("stopped"));
      image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
      document.body.append(image);
    })`);
    expect(stopped).toBe("stopped");
    const markup = await page
      .evaluate("void (document.body.innerHTML = '<p>x</p>')")
      .catch((error: unknown) => String(error));
    expect(markup).toMatch(/TypeError/);
  });

  it("sorts by each column, both ways, and says so", async () => {
    const { page, faults } = await browser.open(path);
    const table = page.locator("table[data-table=types]");
    const counts = async () =>
      (await table.locator("tbody tr td:nth-child(3)").allTextContents()).map((text) =>
        Number(text.replace(/,/g, "")),
      );
    const objects = table.getByRole("button", { name: "Objects" });
    await objects.click();
    const down = await counts();
    expect(down).toEqual([...down].sort((a, b) => b - a));
    expect(await table.locator("th[data-key=count]").getAttribute("aria-sort")).toBe("descending");
    await objects.press("Enter");
    const up = await counts();
    expect(up).toEqual([...up].sort((a, b) => a - b));
    expect(up[0]).toBeLessThan(down.at(-1) ?? 0);
    await table.getByRole("button", { name: "Type", exact: true }).click();
    const names = await table
      .locator("tbody tr > th")
      .evaluateAll((cells) => cells.map((cell) => (cell.querySelector("summary") ?? cell).textContent ?? ""));
    expect(names).toEqual([...names].sort());
    expect(faults).toEqual([]);
  });

  it("searches, shows more, and tells how many there are", async () => {
    const { page } = await browser.open(path);
    const owners = page.locator("#owners");
    const lines = owners.locator("table tbody tr");
    const said = (await owners.getByRole("status").textContent()) ?? "";
    const all = Number(/of ([\d,]+) shown/.exec(said)?.[1]?.replace(/,/g, ""));
    expect(all).toBeGreaterThan(250);
    expect(await lines.count()).toBe(50);
    await owners.getByRole("button", { name: /^Show 200 more/ }).click();
    expect(await lines.count()).toBe(250);
    await page.getByLabel("Search owners", { exact: true }).fill("PROFILER.RES");
    expect(await lines.count()).toBe(1);
    expect(await owners.getByRole("status").textContent()).toBe("1 of 1 shown");
    await page.getByLabel("Search owners", { exact: true }).fill("no such owner");
    expect(await lines.count()).toBe(0);
  });

  it("zooms into owners by mouse and by keys, and the address follows", async () => {
    const { page, faults } = await browser.open(path);
    const way = page.locator(".way");
    await page.getByRole("button", { name: /^downstream\.profiler\.Profiler: 7\.8 MiB/ }).click();
    expect(decodeURIComponent(page.url())).toMatch(/#owner=downstream\.profiler\.Profiler$/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(decodeURIComponent(page.url())).toMatch(/#owner=downstream\.profiler\.Profiler\.results$/);
    expect(await way.textContent()).toBe("All of it › downstream.profiler.Profiler › .results");
    expect(await page.locator(".about").textContent()).toContain("60,000 builtins.tuple");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    expect(await way.textContent()).toBe("All of it");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    expect(await page.evaluate("document.activeElement.ariaLabel")).toMatch(/: .* [MK]iB, /);
    // One stop for all blocks on the way through the page.
    expect(await page.locator(".icicle button[tabindex='0']").count()).toBe(1);
    expect(faults).toEqual([]);
  });

  it("opens what a link names", async () => {
    const { page } = await browser.open(path, "#owner=downstream.app.ORDERS");
    const line = page.locator("tr.target");
    expect(await line.textContent()).toContain("downstream.app.ORDERS");
    expect(
      await line
        .locator("details")
        .first()
        .evaluate((details) => (details as unknown as { open: boolean }).open),
    ).toBe(true);
    expect(await line.evaluate((node) => node.getBoundingClientRect().top)).toBeLessThan(900);
    expect(await page.locator(".way").textContent()).toContain("downstream.app.ORDERS");
    const { page: other, faults } = await browser.open(path, "#type=builtins.tuple");
    expect(await other.locator("tr.target").textContent()).toContain("builtins.tuple");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy the path" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe("downstream.app.ORDERS");
    // Two go by this name.
    const { page: two } = await browser.open(path, `#owner=${encodeURIComponent("_ssl.<state>")}`);
    expect(await two.locator("tr.target").count()).toBe(2);
    const { page: stack } = await browser.open(path);
    await stack.locator("#stack0 > summary").click();
    await stack.evaluate("location.hash = '#stack0'");
    await stack.locator("#stack0[open]").waitFor();
    const { page: none, faults: alsoNone } = await browser.open(path, "#owner=%E0%A4%A");
    expect(await none.locator("tr.target").count()).toBe(0);
    expect([...faults, ...alsoNone]).toEqual([]);
  });

  it("has verdict and tables where no program may run", async () => {
    const { page } = await browser.open(path, "", { javaScriptEnabled: false });
    expect(await page.locator("#verdict").textContent()).toContain(
      "downstream.profiler.Profiler.results holds 7.8 MiB",
    );
    for (const name of ["owners", "types", "words", "strings", "containers", "growth-owner"])
      expect(await page.locator(`table[data-table=${name}] tbody tr`).count()).toBeGreaterThan(5);
    expect(await page.locator("#icicle").isHidden()).toBe(true);
    await page.locator("table[data-table=owners] summary").first().click();
    expect(await page.locator("table[data-table=owners] details[open]").textContent()).toContain("60,000");
  });

  it.each([
    [360, "light"],
    [360, "dark"],
    [1280, "light"],
    [3840, "dark"],
  ] as const)("fits a screen of %i, %s, and axe finds nothing", async (width, colorScheme) => {
    const { page } = await browser.open(path, "", { viewport: { width, height: 900 }, colorScheme });
    await openAll(page);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    const paper = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(paper === "rgb(20, 23, 27)").toBe(colorScheme === "dark");
    expect(await violationsOf(page)).toEqual([]);
  });

  it("prints all sections, with what was closed open", async () => {
    const { page } = await browser.open(path);
    const closed = () => page.locator("details:not([open])").count();
    expect(await closed()).toBeGreaterThan(10);
    await page.evaluate(`void addEventListener("beforeprint", () => {
      document.title = String(document.querySelectorAll("details:not([open])").length);
    })`);
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(5);
    expect(await page.title()).toBe("0");
    expect(await closed()).toBeGreaterThan(10);
  });

  it.skipIf(tool("pdftotext", "-v") === null)("has on paper what it has on the screen", async () => {
    const { page } = await browser.open(path);
    const file = scratch.put("sample.pdf", await page.pdf({ format: "A4" }));
    const paper = (tool("pdftotext", file, "-") ?? "").replace(/\s+/g, "");
    await openAll(page);
    const texts = await page
      .locator(
        "h2, h3, caption, .claim, #verdict li, #threads li > code, dt, .block > span, tbody th summary, tbody th:not(:has(details))",
      )
      .evaluateAll((all) => all.map((each) => each.textContent ?? ""));
    // What takes several lines of a table's row is told line by line.
    const lines = texts.filter((text) => text.length < 40);
    expect(lines.length).toBeGreaterThan(300);
    const latin = lines.map((line) => Buffer.from(line.replace(/\s+/g, ""), "utf8").toString("latin1"));
    expect(latin.filter((line) => !paper.includes(line))).toEqual([]);
  });
});

const HOSTILE = String.raw`
import sys, time
names = ["<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "\u202egnp.exe", "a\u2028b",
         "x" * 2**20, "\"'><svg onload=alert(3)>", "&lt;b&gt;", "--><!--", "javascript:alert(4)"]
kept = []
for name in names:
    made = type(name, (), {})
    made.__module__ = name
    held = [made() for _ in range(3000)]
    for item in held: item.__dict__["\ud800" + name[:200]] = name[:100] * 2
    setattr(sys.modules["__main__"], name, held)
    kept.append(held)
setattr(sys.modules["__main__"], "\udfff lone", [object() for _ in range(5000)])
print("ready", flush=True)
time.sleep(1000)
`;

describe.skipIf(CHROMIUM === null || !canDump || tool(python, "--version") === null)(
  "a process whose names are markup",
  () => {
    let path = "";
    beforeAll(async () => {
      const { core } = await dump(
        python,
        [scratch.put("hostile.py", HOSTILE)],
        scratch.put("hostile.core", ""),
      );
      path = await makePage("hostile.html", core);
    });

    it("gets a page on which they are text", async () => {
      const { page, faults } = await browser.open(path, "#type=builtins.list");
      await openAll(page);
      const text = await page.locator("main").textContent();
      for (const name of [
        "<img src=x onerror=alert(1)>",
        "</script><script>alert(2)",
        "\\u202egnp.exe",
        "a\\u2028b",
      ])
        expect(text).toContain(name);
      expect(text).toMatch(/x{1000}/);
      expect(text).not.toMatch(/x{5000}/);
      expect(text).not.toMatch(/[\u202e\u2028\ud800\udfff]/u);
      expect(await page.locator("img, svg[onload], iframe, object, embed").count()).toBe(0);
      expect(await page.locator("script").count()).toBe(
        (await page.locator("script[type='application/json']").count()) + 1,
      );
      expect(faults).toEqual([]);
      for (const line of await page.locator("table[data-table=owners] a[href^='#owner=']").all()) {
        const href = (await line.getAttribute("href")) ?? "";
        expect(href).toMatch(/^#owner=[\w%.!~*'()-]+$/);
      }
    });

    it("opens each of them by its link", async () => {
      const { page, faults } = await browser.open(path);
      const links = await page
        .locator("table[data-table=owners] a[href*='onerror'], table[data-table=owners] a[href*='lone']")
        .evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
      expect(links.length).toBeGreaterThan(1);
      for (const link of links) {
        const { page: opened } = await browser.open(path, link);
        expect(await opened.locator("tr.target").count()).toBe(1);
      }
      expect(faults).toEqual([]);
    });

    it("gets one of a size that can be sent", () => {
      expect(readFileSync(path).length).toBeLessThan(4_000_000);
    });
  },
);

describe.skipIf(CHROMIUM === null || !canDump)("a process without Python", () => {
  it("gets words, its map and what the file is", async () => {
    const { core } = await dump("sh", ["-c", "echo ready; sleep 1000"], scratch.put("sh.core", ""));
    const { page, faults } = await browser.open(await makePage("sh.html", core));
    expect(await page.locator("h2").allTextContents()).toEqual(["Verdict", "Words", "Memory map", "File"]);
    expect(await page.locator("#verdict").textContent()).toContain("No objects can be told of");
    expect(await page.locator("table[data-table=words] tbody tr").count()).toBe(50);
    expect(await page.locator("#segments tbody tr").count()).toBeGreaterThan(5);
    expect(await page.locator("#file").textContent()).toContain("ELF core, 64-bit");
    expect(faults).toEqual([]);
  });
});
