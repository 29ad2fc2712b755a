import { formatBytes, formatCount } from "../terms/index.ts";
import { type Element, element } from "./element.ts";

/** A size with its unit; its exact value on hover. */
export function bytesFigure(bytes: number): Element {
  return element("data", { value: bytes, title: `${formatCount(bytes)} bytes` }, formatBytes(bytes));
}

/** The same of a difference, never without its sign. */
export function changeFigure(bytes: number): Element {
  const text = `${bytes < 0 ? "−" : "+"}${formatBytes(Math.abs(bytes))}`;
  const exact = `${bytes < 0 ? "−" : "+"}${formatCount(Math.abs(bytes))} bytes`;
  return element("data", { value: bytes, title: exact }, text);
}

/** `38 %`; `<1 %` where that would say that it is nothing. */
export function share(part: number, whole: number): string {
  const percent = (100 * part) / Math.max(1, whole);
  return percent > 0 && percent < 0.5 ? "<1 %" : `${Math.round(percent)} %`;
}

/** A bar as long as the part is of the whole: a picture of a number that stands beside it. */
export function bar(part: number, whole: number, tone = "live"): Element {
  const width = Math.min(100, (100 * Math.max(0, part)) / Math.max(1, whole));
  return element(
    "svg",
    { class: "bar", "aria-hidden": "true", focusable: "false", width: "100%", height: 6 },
    element("rect", { class: `tone-${tone}`, width: `${width.toFixed(2)}%`, height: 6, rx: 1 }),
  );
}

/** Segment of a stacked bar. */
export interface Part {
  readonly tone: string;
  readonly title: string;
  readonly bytes: number;
}

/** Parts of a whole side by side; a table near it says the same. */
export function stackedBar(parts: readonly Part[], label: string): Element {
  const whole = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  let at = 0;
  const rects = parts.map(({ tone, title, bytes }) => {
    const width = (100 * bytes) / Math.max(1, whole);
    const rect = element(
      "rect",
      { class: `tone-${tone}`, x: `${at.toFixed(3)}%`, width: `${width.toFixed(3)}%`, height: 36 },
      element("title", {}, `${title}: ${formatBytes(bytes)}, ${share(bytes, whole)}`),
    );
    at += width;
    return rect;
  });
  return element(
    "svg",
    { class: "stack", role: "img", "aria-label": label, width: "100%", height: 36 },
    rects,
  );
}

/** The colour of a part, where a legend names it. */
export function swatch(tone: string): Element {
  return element(
    "svg",
    { class: "swatch", "aria-hidden": "true", focusable: "false", width: 12, height: 12 },
    element("rect", { class: `tone-${tone}`, width: 12, height: 12, rx: 2 }),
  );
}

/** `3 types`, `1 type`. */
export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
