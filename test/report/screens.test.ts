import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { coregram, Scratch, sample } from "../commands/program.ts";
import { CHROMIUM, TestBrowser } from "./browser.ts";

/**
 * Screens are compared by squares of this side, in pixels: their mean colours hardly change where letters have other
 * shapes and stand a little apart, and do where text, a box or a picture is missing.
 */
const SQUARE = 40;
/** A channel of 256 that differs by more is another colour. */
const OTHER_COLOUR = 16;

interface Screen {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** That it is scrolled to; null for the top. */
  readonly section: string | null;
  /**
   * The part of squares that may differ. With other fonts it was 3.4 % and 1.0 % on the desktop, 10.5 % on the phone, where lines
   * are short and end elsewhere.
   */
  readonly tolerance: number;
}

const VERDICT: Screen = {
  ...{ file: "downstream-report.png", width: 1000, height: 800, section: null },
  tolerance: 0.06,
};
const OWNERS: Screen = {
  ...{ file: "downstream-report-owners.png", width: 1000, height: 620, section: "owners" },
  tolerance: 0.06,
};
const PHONE: Screen = {
  ...{ file: "downstream-report-phone.png", width: 390, height: 844, section: null },
  tolerance: 0.13,
};

/** The part of squares in which two images differ, both PNG as base64; 1 where one is larger. */
const COMPARE = `async ([a, b, side, most]) => {
  const read = async (text) => {
    const image = new Image();
    image.src = "data:image/png;base64," + text;
    await image.decode();
    const [width, height] = [image.width, image.height].map((pixels) => Math.round(pixels / side));
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, width, height);
    return { size: image.width + "x" + image.height, data: context.getImageData(0, 0, width, height).data };
  };
  const [one, other] = [await read(a), await read(b)];
  if (one.size !== other.size) return 1;
  let differing = 0;
  for (let at = 0; at < one.data.length; at += 4)
    if ([0, 1, 2].some((channel) => Math.abs(one.data[at + channel] - other.data[at + channel]) > most)) differing += 1;
  return (4 * differing) / one.data.length;
}`;

const scratch = new Scratch();
const browser = new TestBrowser();

describe.skipIf(CHROMIUM === null)("the sample's page looks as it did", () => {
  const path = scratch.path("sample.html");
  beforeAll(async () => {
    const { status, stderr } = await coregram(
      ["report", "downstream-after.core.gz", "downstream-before.core.gz", "--no-modules", "-q", "-o", path],
      { cwd: sample("") },
    );
    expect(status, stderr).toBe(0);
  });

  /** What the screen shows, once `change` was done to the page. Its policy is off, so that images can be compared in it. */
  async function show({ width, height, section }: Screen, change = ""): Promise<{ page: Page; now: Buffer }> {
    const { page } = await browser.open(path, "", { viewport: { width, height }, bypassCSP: true });
    if (section !== null) await page.evaluate(`document.getElementById("${section}").scrollIntoView()`);
    await page.evaluate(change);
    return { page, now: await page.screenshot() };
  }

  /** The part of the screen that is not as it was. */
  async function differing(screen: Screen, change = ""): Promise<number> {
    const { page, now } = await show(screen, change);
    const [was, is] = [readFileSync(sample(screen.file)), now].map((image) => image.toString("base64"));
    return page.evaluate(`(${COMPARE})(${JSON.stringify([was, is, SQUARE, OTHER_COLOUR])})`);
  }

  it.each([VERDICT, OWNERS, PHONE])("$file", async (screen) => {
    const isKept = existsSync(sample(screen.file));
    if (!isKept) writeFileSync(sample(screen.file), (await show(screen)).now);
    expect(isKept, "there was none to compare with: now there is, to be looked at").toBe(true);
    expect(await differing(screen)).toBeLessThan(screen.tolerance);
  });

  const withFont = (font: string) =>
    `document.head.append(Object.assign(document.createElement("style"), { textContent: '* { font-family: ${font} !important }' }))`;
  const remove = (what: string) => `for (const each of document.querySelectorAll("${what}")) each.remove()`;

  it.each([
    ["a serif font", VERDICT, withFont("serif")],
    ["a serif font", OWNERS, withFont("serif")],
    ["a serif font", PHONE, withFont("serif")],
  ])("with %s it still does", async (_, screen, change) => {
    expect(await differing(screen, change)).toBeLessThan(screen.tolerance);
  });

  it.each([
    ["its finding", VERDICT, remove(".finding")],
    ["what the finding is told by", VERDICT, remove(".finding details > :not(summary)")],
    ["its head", VERDICT, remove("header")],
    ["its contents", VERDICT, remove("nav")],
    ["its style", VERDICT, remove("style")],
    ["the picture of owners", OWNERS, remove("#icicle")],
    ["the picture's blocks", OWNERS, remove(".block")],
    ["its style on the owners", OWNERS, remove("style")],
    ["its finding on a phone", PHONE, remove(".finding")],
    ["what tells it on a phone", PHONE, remove(".finding details > :not(summary)")],
    ["its style on a phone", PHONE, remove("style")],
  ])("without %s it does not", async (_, screen, change) => {
    expect(await differing(screen, change)).toBeGreaterThan(screen.tolerance);
  });
});
