import { type Content, type Element, element } from "../element.ts";

const SVG = "http://www.w3.org/2000/svg";
const IS_SVG = new Set(["svg", "rect", "line", "polyline", "circle", "text"]);

/** The nodes of an element, by calls that take text for text. */
export function toDom(content: Element): HTMLElement;
export function toDom(content: Content): Node;
export function toDom(content: Content): Node {
  if (typeof content === "string") return document.createTextNode(content);
  const { tag, attributes, children } = content;
  const node = IS_SVG.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  for (const child of children) node.append(toDom(child));
  return node;
}

/** A button that does something. */
export function button(text: string, onClick: () => void): HTMLElement {
  const made = toDom(element("button", { type: "button" }, text));
  made.addEventListener("click", onClick);
  return made;
}
