import { createServer } from "node:net";
import type { Browser, Locator, Page } from "playwright-core";
import { launchChromium } from "../report/browser.ts";

/** Chromium's own DevTools with a heap snapshot in their Memory panel: what a user sees of it. */
export class DevTools {
  readonly #browser: Browser;
  readonly #page: Page;

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.#page = page;
  }

  static async load(browserName: string, file: string): Promise<DevTools> {
    const port = await freePort();
    const browser = await launchChromium(browserName, [
      `--remote-debugging-port=${port}`,
      "--remote-allow-origins=*",
    ]);
    try {
      const context = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
      // DevTools want a page to inspect, which must not be themselves.
      await (await context.newPage()).goto("data:text/html,<title>inspected</title>");
      const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
      const pages = JSON.parse(await answer.text()) as { id: string; title: string }[];
      const inspected = pages.find(({ title }) => title === "inspected");
      const page = await context.newPage();
      await page.goto(
        `http://127.0.0.1:${port}/devtools/devtools_app.html?ws=127.0.0.1:${port}/devtools/page/${inspected?.id}&panel=heap-profiler`,
      );
      const [chooser] = await Promise.all([
        page.waitForEvent("filechooser"),
        page
          .getByRole("button", { name: /^Load profile/ })
          .first()
          .click(),
      ]);
      await chooser.setFiles(file);
      // Its size is there once it is read: `after, 16.0 MB`.
      await page.getByRole("treeitem", { name: /, \d[\d.,]* .?B$/ }).click({ timeout: 120_000 });
      return new DevTools(browser, page);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  /** Opens a row, so that what is below it has rows. */
  async expand(wanted: RegExp): Promise<void> {
    await (await this.#row(wanted)).row.click();
    await this.#page.keyboard.press("ArrowRight");
  }

  /** Selects a row, which shows what retains it. */
  async select(wanted: RegExp): Promise<void> {
    await (await this.#row(wanted)).row.click();
  }

  /** The cells of the first row that begins so, once there is one. */
  async cells(wanted: RegExp): Promise<string[]> {
    const { text } = await this.#row(wanted);
    return text.split("\t").flatMap((cell) => cell.trim() || []);
  }

  async #row(wanted: RegExp): Promise<{ row: Locator; text: string }> {
    const rows = this.#page.getByRole("row");
    const deadline = Date.now() + 60_000;
    for (;;) {
      const texts = await rows.allInnerTexts();
      const index = texts.findIndex((text) => wanted.test(text));
      if (index >= 0) return { row: rows.nth(index), text: texts[index] ?? "" };
      if (Date.now() > deadline) throw new Error(`no row is like ${wanted}: ${JSON.stringify(texts)}`);
      await this.#page.waitForTimeout(100);
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
