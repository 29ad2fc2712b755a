import { type Frame, type InfoRow, NO_ELF, type SubjectInput } from "../../answers/results/index.ts";
import { formatBytes, formatCount } from "../../terms/index.ts";
import { type Element, element, type Given } from "../element.ts";
import { bytesFigure, counted } from "../figures.ts";
import { type PageTable, tableOf } from "../table.ts";
import { restText, wordsTable } from "../tables.ts";
import type { Section } from "./section.ts";

export function wordsSection({ totals, rows }: Frame<"coregram/words@1">): Section {
  return {
    id: "words",
    title: "Words",
    body: [
      element(
        "p",
        {},
        `The file as ${formatCount(totals.words)} words, and how often each occurs: exact counts. Most objects begin `,
        "with a pointer to their type, so frequent pointers say what there is most of, freed objects included.",
      ),
      tableOf(wordsTable(totals.words), rows, [
        ...(totals.restCount > 0
          ? [[restText(totals.restCount, "word"), formatCount(totals.restCount)]]
          : []),
      ]),
    ],
  };
}

type Segment = InfoRow["segments"][number];

/** The map of the process's memory, for cores that nothing else can be said of. */
export function segmentsSection({ segments }: InfoRow): Section {
  return {
    id: "segments",
    title: "Memory map",
    body: tableOf(
      SEGMENTS_TABLE,
      [...segments].sort((a, b) => b.savedBytes - a.savedBytes),
    ),
  };
}

const SEGMENTS_TABLE: PageTable<Segment> = {
  name: "segments",
  noun: "segments",
  caption: "Segments, by what is saved of them",
  sorted: "savedBytes",
  columns: [
    { key: "start", title: "Start", kind: "code", of: ({ start }) => start },
    { key: "permissions", title: "May", kind: "code", of: ({ permissions }) => permissions },
    { key: "savedBytes", title: "Saved", kind: "bytes", of: ({ savedBytes }) => savedBytes },
    { key: "bytes", title: "In memory", kind: "bytes", of: ({ bytes }) => bytes },
  ],
};

/** What the file is, and what made the page. */
export function fileSection(
  { input, rows: [row] }: Frame<"coregram/info@1">,
  remarks: readonly string[],
): Section {
  if (row === undefined) return { id: "file", title: "File", body: null };
  return {
    id: "file",
    title: "File",
    body: [
      factList([...fileFacts(input, row.file), ...(row.process === null ? [] : processFacts(row.process))]),
      row.notSaved.length > 0 && [element("h3", {}, "Not saved"), notSavedList(row)],
      remarks.length > 0 && [
        element("h3", {}, "To be known of it"),
        element(
          "ul",
          {},
          remarks.map((text) => element("li", {}, text)),
        ),
      ],
      row.threads.length > 0 && [element("h3", {}, "Threads"), tableOf(THREADS_TABLE, row.threads)],
      row.modules.length > 0 && [element("h3", {}, "Modules"), tableOf(MODULES_TABLE, row.modules)],
    ],
  };
}

type Fact = readonly [name: string, value: Given];

function factList(facts: readonly Fact[]): Element {
  return element(
    "dl",
    {},
    facts.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
}

function fileFacts({ path, compression }: SubjectInput, file: InfoRow["file"]): Fact[] {
  const { kind, machine, endian, truncated, missingBytes } = file;
  return [
    ["File", element("code", {}, path)],
    ["Size", [bytesFigure(file.bytes), compression === null ? null : `, from ${compression}`]],
    [
      "Kind",
      kind === "raw"
        ? "no ELF core: plain bytes"
        : `${kind === "process" ? "a living process" : "ELF core"}, ${file.class}-bit ${endian}-endian ${machine}`,
    ],
    ...(truncated
      ? [
          [
            "Cut short",
            `at least ${missingBytes === null ? "very many bytes" : formatBytes(missingBytes)} are missing`,
          ] as const,
        ]
      : []),
  ];
}

function processFacts(process: NonNullable<InfoRow["process"]>): Fact[] {
  const { pid, uid, commandLine, name, executable, signal, signalName, faultAddress } = process;
  const ids = [pid === null ? "" : `pid ${pid}`, uid === null ? "" : `uid ${uid}`].filter(Boolean).join(", ");
  return [
    ["Process", [element("code", {}, commandLine ?? name ?? "unknown"), ids === "" ? null : ` (${ids})`]],
    ...(executable === null ? [] : [["Program", element("code", {}, executable)] as const]),
    ...(signal
      ? [
          [
            "Signal",
            `${signalName ?? "signal"} (${signal})${faultAddress === null ? "" : ` at ${faultAddress}`}`,
          ] as const,
        ]
      : []),
  ];
}

function notSavedList({ notSaved, betterFilter }: InfoRow): Given {
  return [
    element(
      "ul",
      {},
      notSaved.map(({ kind, bytes }) =>
        element("li", {}, `${kind}: `, bytes === null ? "very much" : bytesFigure(bytes)),
      ),
    ),
    betterFilter !== null &&
      element(
        "p",
        {},
        "Before the next dump, ",
        element("code", {}, `echo ${betterFilter} > /proc/PID/coredump_filter`),
        " saves more.",
      ),
  ];
}

const THREADS_TABLE: PageTable<InfoRow["threads"][number]> = {
  name: "threads",
  noun: "threads",
  caption: "Threads of the process",
  sorted: "",
  columns: [
    { key: "pid", title: "Thread", kind: "code", of: ({ pid }) => String(pid) },
    { key: "symbol", title: "In", kind: "code", of: ({ symbol }) => symbol },
    { key: "pc", title: "Program counter", kind: "code", of: ({ pc }) => pc },
    {
      key: "signal",
      title: "Signal",
      kind: "code",
      of: ({ signal }) => (signal === 0 ? null : String(signal)),
    },
  ],
};

const MODULES_TABLE: PageTable<InfoRow["modules"][number]> = {
  name: "modules",
  noun: "modules",
  caption: "The program, its libraries, and other files that are mapped",
  sorted: "",
  columns: [
    {
      key: "path",
      title: "File",
      kind: "code",
      of: ({ path, deleted }) => (deleted ? `${path} (deleted)` : path),
    },
    { key: "start", title: "Start", kind: "code", of: ({ start }) => start },
    { key: "buildId", title: "Build ID", kind: "code", of: ({ buildId }) => buildId },
    {
      key: "reason",
      title: "Its file here",
      kind: "text",
      of: ({ matches, found, reason }) =>
        matches ? `matches: ${reason}` : found && reason !== NO_ELF ? `not used: it ${reason}` : reason,
    },
  ],
};

/** Of a process, a line: what it is called, and how much of it there is. */
export function subjectLine(info: Frame<"coregram/info@1">, runtime: string | null): string {
  const process = info.rows[0]?.process ?? null;
  const { pid = null } = process ?? {};
  return [
    process?.commandLine ?? process?.name ?? info.input.path,
    ...(runtime === null ? [] : [runtime]),
    ...(pid === null ? [] : [`pid ${pid}`]),
    ...(process === null ? [] : [counted(info.rows[0]?.threads.length ?? 0, "thread")]),
    `${formatBytes(info.totals.savedBytes === 0 ? info.input.bytes : info.totals.savedBytes)} saved`,
  ].join(" · ");
}
