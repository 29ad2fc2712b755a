import { byKey } from "../terms/index.ts";

/** What keeps objects alive from outside, as results and people call it. */
export interface RootKind {
  /** Of the totals that say what it leads to. */
  readonly key: string;
  /** Of a line that says how many objects it leads to. */
  readonly title: string;
  /** Behind a share of all objects: `98.1 % from modules`. */
  readonly share: string;
  readonly doc: string;
}

/** Kinds of roots of all runtimes, the most telling first: a kind is for what no earlier one leads to. */
export const ROOT_KINDS = [
  { key: "modules", title: "reached from modules", share: "from modules", doc: "Reached from modules." },
  {
    key: "frames",
    title: "from running frames",
    share: "from running frames",
    doc: "From variables of running frames.",
  },
  {
    key: "stacks",
    title: "from threads' stacks",
    share: "from stacks",
    doc: "From threads' stacks, below their frames.",
  },
  { key: "data", title: "from C data", share: "from C data", doc: "From modules' writable data." },
  {
    key: "interned",
    title: "interned strings",
    share: "as interned strings",
    doc: "Interned strings that nothing else holds.",
  },
  {
    key: "other",
    title: "from other memory",
    share: "from other memory",
    doc: "Held by something that is no object and was not found.",
  },
] as const satisfies readonly RootKind[];

/** What no root of any kind leads to. */
export const NO_ROOT = {
  key: "garbage",
  title: "garbage, not collected yet",
  share: "garbage, not collected yet",
  doc: "Held by nothing outside: cycles that were not collected.",
} as const satisfies RootKind;

/** What roots go by of which no path tells one from another. */
export const UNNAMED_ROOTS = {
  interned: "<interned>",
  other: "<held by nothing found>",
} as const satisfies Partial<Record<RootKey, string>>;

export type RootKey = (typeof ROOT_KINDS)[number]["key"];

/** The numbers of the kinds, as the graph of objects takes them. */
export const ROOT_NUMBERS = byKey(ROOT_KINDS, (_, number) => number);
