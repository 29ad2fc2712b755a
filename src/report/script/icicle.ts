import { formatBytes, formatCount } from "../../terms/index.ts";
import { element, shown } from "../element.ts";
import { bytesFigure, share } from "../figures.ts";
import { heldList, ownerName } from "../tables.ts";
import type { Placed } from "./blocks.ts";
import { button, toDom } from "./dom.ts";

/** Levels that are seen below the one that the picture is of. */
const LEVELS = 7;
/** Pixels: what is narrower is left out, and what is narrower than a few letters has no text. */
const LEAST_WIDTH = 3;
const LEAST_TEXT = 36;

const HINT =
  "A block is as wide as what it retains; below it are the owners in it. What is blank has no owner that is worth a row. " +
  "A click or Enter zooms in, Escape out; arrow keys go from block to block.";

/** The owners as a picture: who is in whom, and how much. Each block is a button; the table below says the same. */
export class Icicle {
  readonly #root: Placed;
  readonly #way = toDom(
    element("div", { class: "way", role: "group", "aria-label": "Where the picture is" }),
  );
  readonly #blocks = toDom(
    element("div", { class: "icicle", role: "group", "aria-label": "Owners by what they retain" }),
  );
  readonly #about = toDom(element("div", { class: "about" }));
  readonly #buttons = new Map<Placed, HTMLElement>();
  readonly #onZoom: (node: Placed) => void;
  #top: Placed;
  /** Pixels that it was drawn for. */
  #width = 0;

  /** @param onZoom called with the owner that the picture is of from now on */
  constructor(place: HTMLElement, root: Placed, onZoom: (node: Placed) => void) {
    this.#root = root;
    this.#top = root;
    this.#onZoom = onZoom;
    place.append(this.#way, this.#blocks, this.#about);
    place.hidden = false;
    this.#blocks.addEventListener("keydown", (event) => this.#onKey(event));
    new ResizeObserver(() => {
      // Its height changes with each drawing.
      if (this.#blocks.clientWidth !== this.#width) this.#draw();
    }).observe(this.#blocks);
    this.#draw();
    this.#tell(root);
  }

  /** Makes it the top of the picture. */
  zoom(node: Placed, hasFocus = false): void {
    this.#top = node;
    this.#draw();
    this.#tell(node);
    if (hasFocus) this.#buttons.get(node)?.focus();
  }

  #pick(node: Placed): void {
    const next = node === this.#top ? (node.parent ?? node) : node;
    this.zoom(next, true);
    this.#onZoom(next);
  }

  #draw(): void {
    const all = this.#blocks.clientWidth;
    this.#width = all;
    const { x0, x1, depth } = this.#top;
    const whole = Math.max(Number.MIN_VALUE, x1 - x0);
    this.#buttons.clear();
    let levels = 1;
    const seen: Placed[] = [this.#top];
    // A list that grows is walked to its end.
    for (const node of seen) {
      const width = Math.min(1, (node.x1 - node.x0) / whole);
      const made = this.#block(node, all * width);
      // Shares of the width, as paper is of another.
      made.style.left = `${(100 * (node.x0 - x0)) / whole}%`;
      made.style.width = `${100 * width}%`;
      made.style.setProperty("--level", String(node.depth - depth));
      levels = Math.max(levels, node.depth - depth + 1);
      this.#buttons.set(node, made);
      if (node.depth - depth >= LEVELS) continue;
      for (const child of node.children ?? [])
        if ((all * (child.x1 - child.x0)) / whole >= LEAST_WIDTH) seen.push(child);
    }
    this.#blocks.style.setProperty("--levels", String(levels));
    this.#blocks.replaceChildren(...this.#buttons.values());
    this.#buttons.get(this.#top)?.setAttribute("tabindex", "0");
    const steps = this.#top.ancestors().reverse();
    this.#way.replaceChildren(
      ...steps.flatMap((node) => [
        document.createTextNode(node.parent === null ? "" : " › "),
        button(stepName(node), () => {
          this.zoom(node);
          this.#onZoom(node);
        }),
      ]),
    );
    this.#way.lastElementChild?.setAttribute("aria-current", "true");
  }

  #block(node: Placed, width: number): HTMLElement {
    const made = toDom(
      element(
        "button",
        {
          type: "button",
          tabindex: -1,
          class: isNative(node) ? "block native" : "block",
          "aria-label": `${nameOf(node)}: ${formatBytes(bytesOf(node))}, ${share(bytesOf(node), bytesOf(this.#root))}`,
        },
        width >= LEAST_TEXT && element("span", {}, node === this.#top ? nameOf(node) : stepName(node)),
      ),
    );
    made.addEventListener("click", () => this.#pick(node));
    made.addEventListener("focus", () => this.#tell(node));
    made.addEventListener("pointerenter", () => this.#tell(node));
    return made;
  }

  #onKey(event: KeyboardEvent): void {
    const from = [...this.#buttons].find(([, block]) => block === document.activeElement)?.[0];
    if (from === undefined) return;
    if (event.key === "Escape" && this.#top.parent !== null) this.#pick(this.#top);
    const to = this.#neighbour(from, event.key);
    if (to === null && event.key !== "Escape") return;
    event.preventDefault();
    if (to === null) return;
    for (const block of this.#buttons.values()) block.setAttribute("tabindex", "-1");
    this.#buttons.get(to)?.setAttribute("tabindex", "0");
    this.#buttons.get(to)?.focus();
  }

  /** The block that an arrow key leads to. */
  #neighbour(from: Placed, key: string): Placed | null {
    if (key === "ArrowUp") return from === this.#top ? null : from.parent;
    if (key === "ArrowDown") return from.children?.find((child) => this.#buttons.has(child)) ?? null;
    if (key !== "ArrowLeft" && key !== "ArrowRight") return null;
    const level = [...this.#buttons.keys()]
      .filter(({ depth }) => depth === from.depth)
      .sort((a, b) => a.x0 - b.x0);
    return level[level.indexOf(from) + (key === "ArrowLeft" ? -1 : 1)] ?? null;
  }

  #tell(node: Placed): void {
    const { row } = node.data;
    const name = nameOf(node);
    const bytes = bytesOf(node);
    const text = element(
      "p",
      {},
      element("code", {}, name),
      " retains ",
      bytesFigure(bytes),
      `, ${share(bytes, bytesOf(this.#root))} of all`,
      row !== null && [
        `, ${formatCount(row.retainedCount)} objects`,
        row.retainedNativeBytes > 0 && [", of it native memory ", bytesFigure(row.retainedNativeBytes)],
        row.holds.length > 0 && ". For itself it holds:",
      ],
    );
    this.#about.replaceChildren(
      toDom(text),
      ...(row === null
        ? [toDom(element("p", {}, HINT))]
        : [toDom(heldList(row.holds)), copyButton("Copy the path", shown(name))]),
    );
  }
}

/** A button that says whether it could copy the text. */
function copyButton(title: string, text: string): HTMLElement {
  const made = button(title, () => {
    navigator.clipboard.writeText(text).then(
      () => made.replaceChildren("Copied"),
      () => made.replaceChildren("The browser does not let it copy"),
    );
  });
  made.setAttribute("aria-live", "polite");
  return made;
}

/** An owner by its path. */
export function nameOf({ data: { row } }: Placed): string {
  return row === null ? "All of it" : ownerName(row);
}

/** The same without what its holder's has, where it goes on from there. */
function stepName(node: Placed): string {
  const name = nameOf(node);
  const holder = node.parent?.data.row ?? null;
  const above = holder === null ? "" : ownerName(holder);
  return above !== "" && name.startsWith(above) && name.length > above.length
    ? name.slice(above.length)
    : name;
}

function bytesOf({ data: { row }, value }: Placed): number {
  return row === null ? (value ?? 0) : row.retainedBytes + row.retainedNativeBytes;
}

function isNative({ data: { row } }: Placed): boolean {
  return row !== null && row.retainedNativeBytes > row.retainedBytes;
}
