import { type Element, element, type Given } from "../element.ts";

/** A part of the page, with its place in the list of contents. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Given;
}

export function sectionElement({ id, title, body }: Section): Element {
  return element(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    element("h2", { id: `${id}-title` }, title),
    body,
  );
}
