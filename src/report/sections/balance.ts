import { type Frame, TYPES, type TypesBalance } from "../../answers/results/index.ts";
import { type Element, element, type Given } from "../element.ts";
import { bytesFigure, type Part, share, stackedBar, swatch } from "../figures.ts";
import type { Section } from "./section.ts";

type Group = "live" | "native" | "free" | "program" | "unknown" | "untouched";

/** What parts of the balance are to someone who looks for a leak. */
const GROUPS: { readonly [Key in keyof TypesBalance]: Group } = {
  objectBlocks: "live",
  tables: "live",
  internTable: "live",
  otherAllocator: "unknown",
  otherBlocks: "native",
  mapped: "native",
  freedBlocks: "free",
  uncarved: "free",
  freePools: "free",
  unusedArenas: "free",
  mimallocFreed: "free",
  mimallocFree: "free",
  mallocCached: "free",
  mallocFree: "free",
  mallocTop: "free",
  mallocReserved: "untouched",
  headers: "program",
  staticData: "program",
  stacks: "program",
  stacksUntouched: "untouched",
  dataStacks: "program",
  modulePages: "program",
  readOnly: "program",
  unknown: "unknown",
  unknownUntouched: "untouched",
};

const MEANINGS: Readonly<Record<Group, readonly [title: string, meaning: string]>> = {
  live: [
    "Python objects",
    "In use. A leak of objects is in here: see what looks like one, and who holds most.",
  ],
  native: ["Native memory", "In use by C code and libraries: arrays, buffers, caches. It may leak as well."],
  free: ["Free, kept by the allocators", "Not a leak: freed, and kept for what comes next."],
  program: [
    "The program itself",
    "Its code, data and stacks, and the allocators' own records. It rarely grows.",
  ],
  unknown: ["Unknown", "Nothing that was found claims it."],
  untouched: ["Reserved, untouched", "Address space that no memory stands behind."],
};

/** Where all bytes are: from what the kernel mapped to what objects have. */
export function balanceSection(
  { totals: { balance, savedBytes } }: Frame<"coregram/types@1">,
  diagnose: Frame<"coregram/diagnose@1">,
  notSavedBytes: number | null,
): Section {
  const sums = new Map<Group, number>();
  for (const [key, bytes] of Object.entries(balance)) {
    const group = GROUPS[key as keyof TypesBalance];
    sums.set(group, (sums.get(group) ?? 0) + bytes);
  }
  const parts = Object.entries(MEANINGS).map(([tone, [title, meaning]]) => ({
    ...{ tone, title, meaning },
    bytes: sums.get(tone as Group) ?? 0,
  }));
  return {
    id: "memory",
    title: "Where the memory is",
    body: [
      savedParagraph(savedBytes, notSavedBytes),
      stackedBar(parts, `Saved memory by what it is: ${described(parts, savedBytes)}`),
      element(
        "div",
        { class: "scroll", role: "region", "aria-label": "Saved memory by what it is", tabindex: 0 },
        element(
          "table",
          {},
          element("caption", {}, "Saved memory by what it is"),
          headRow(["What", "Bytes", "Share", "Leak or allocator?"]),
          element(
            "tbody",
            {},
            parts.map(({ tone, title, meaning, bytes }) =>
              element(
                "tr",
                {},
                element("th", { scope: "row" }, swatch(tone), ` ${title}`),
                element("td", { class: "number" }, bytesFigure(bytes)),
                element("td", { class: "number" }, share(bytes, savedBytes)),
                element("td", {}, meaning),
              ),
            ),
          ),
        ),
      ),
      garbageParagraph(diagnose),
      element("details", {}, element("summary", {}, "Part by part"), partsTable(balance, savedBytes)),
    ],
  };
}

const described = (parts: readonly Part[], whole: number): string =>
  parts.map(({ title, bytes }) => `${title} ${share(bytes, whole)}`).join(", ");

function savedParagraph(saved: number, notSaved: number | null): Given {
  const missing =
    notSaved === null
      ? "Very much more is mapped and was not saved: unknown, not zero."
      : notSaved === 0
        ? "Nothing that was mapped is missing."
        : [bytesFigure(notSaved), " more are mapped and were not saved: unknown, not zero."];
  return element("p", {}, bytesFigure(saved), " of the process's memory were saved. ", missing);
}

function garbageParagraph({ totals }: Frame<"coregram/diagnose@1">): Given {
  const { garbageBytes, returnableBytes, nativeBytes } = totals;
  return element(
    "p",
    {},
    "Of objects and what they hold, ",
    bytesFigure(garbageBytes),
    " is garbage not collected yet. Live objects and modules hold ",
    bytesFigure(nativeBytes),
    " of the native memory. Of what is free, at least ",
    bytesFigure(returnableBytes),
    " would go back to the system with ",
    element("code", {}, "malloc_trim(0)"),
    ".",
  );
}

function partsTable(balance: TypesBalance, saved: number): Element {
  const { columns } = TYPES.totals.balance;
  return element(
    "div",
    { class: "scroll", role: "region", "aria-label": "All parts of the saved memory", tabindex: 0 },
    element(
      "table",
      {},
      element("caption", {}, "All parts of the saved memory: they add up to it"),
      headRow(["Part", "Bytes", "Share", "What it is"]),
      element(
        "tbody",
        {},
        Object.entries(balance).map(([key, bytes]) => {
          const { title, doc } = columns[key as keyof TypesBalance];
          return element(
            "tr",
            {},
            element("th", { scope: "row" }, swatch(GROUPS[key as keyof TypesBalance]), ` ${title}`),
            element("td", { class: "number" }, bytesFigure(bytes)),
            element("td", { class: "number" }, share(bytes, saved)),
            element("td", {}, doc),
          );
        }),
      ),
      element(
        "tfoot",
        {},
        element(
          "tr",
          {},
          element("td", {}, "Saved memory"),
          element("td", { class: "number" }, bytesFigure(saved)),
          element("td", {}),
          element("td", {}, "All parts together."),
        ),
      ),
    ),
  );
}

function headRow(titles: readonly string[]): Element {
  return element(
    "thead",
    {},
    element(
      "tr",
      {},
      titles.map((title) =>
        element(
          "th",
          { scope: "col", class: title === "Bytes" || title === "Share" ? "number" : null },
          title,
        ),
      ),
    ),
  );
}
