import { execFileSync } from "node:child_process";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

/** Debian's Chromium, or another that is installed; null where there is none, as on most servers. */
export const CHROMIUM = ["chromium", "chromium-browser", "google-chrome"].find(isThere) ?? null;

function isThere(name: string): boolean {
  try {
    execFileSync(name, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A page of a file, with the network cut; all that it should not do. */
export interface Opened {
  readonly page: Page;
  /** Requests for anything but the file itself, errors, and what the page's policy stopped. */
  readonly faults: readonly string[];
}

/** The installed browser, without the sandbox, as root has none to give. */
export function launchChromium(name: string, args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: pathOf(name), args: ["--no-sandbox", ...args] });
}

/** A browser for the tests of a file, closed after them. */
export class TestBrowser {
  #browser: Browser | null = null;

  constructor() {
    beforeAll(async () => {
      if (CHROMIUM !== null) this.#browser = await launchChromium(CHROMIUM);
    });
    afterAll(async () => {
      await this.#browser?.close();
    });
  }

  async open(path: string, hash = "", options: BrowserContextOptions = {}): Promise<Opened> {
    if (this.#browser === null) throw new Error("there is no browser");
    const context = await this.#browser.newContext({
      offline: true,
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("request", (request) => {
      if (!request.isNavigationRequest()) faults.push(`request: ${request.url()}`);
    });
    page.on("pageerror", ({ message }) => faults.push(`error: ${message}`));
    page.on("console", (message) => faults.push(`console: ${message.text()}`));
    page.on("dialog", (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(`file://${path}${hash}`);
    return { page, faults };
  }
}

/** What axe-core finds wrong, with the first node of each; with all that can be opened open. */
export async function violationsOf(page: Page): Promise<unknown> {
  await openAll(page);
  await page.evaluate(axe.source);
  return page.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))",
  );
}

/** Opens all that can be. */
export async function openAll(page: Page): Promise<void> {
  await page.locator("details").evaluateAll((all) => {
    for (const details of all) details.setAttribute("open", "");
  });
}

function pathOf(name: string): string {
  return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
}
