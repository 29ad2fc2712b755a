import type { DiffRow, TrendRow } from "../answers/results/index.ts";
import { type Element, element } from "./element.ts";
import type { PageTable } from "./table.ts";

/** What became of a name: of two cores, or of more. */
export type GrownRow = DiffRow | TrendRow;

/** The row's bytes in each core, native memory too, the oldest first. */
export function courseOf(row: GrownRow): readonly number[] {
  if ("bytes" in row) return row.bytes;
  const { oldBytes, newBytes, oldNativeBytes, newNativeBytes } = row;
  return [oldBytes + (oldNativeBytes ?? 0), newBytes + (newNativeBytes ?? 0)];
}

function countsOf(row: GrownRow): readonly number[] {
  return "counts" in row ? row.counts : [row.oldCount, row.newCount];
}

/** The last less the first. */
function changeOf(course: readonly number[]): number {
  return (course.at(-1) ?? 0) - (course[0] ?? 0);
}

/** In a word. */
export function describeCourse(course: readonly number[]): string {
  const [first = 0, last = 0] = [course[0], course.at(-1)];
  if (first === 0 && last > 0) return "new";
  if (first > 0 && last === 0) return "gone";
  const steps = course.slice(1).map((bytes, index) => Math.sign(bytes - (course[index] ?? 0)));
  const way = Math.sign(last - first);
  const isSteady = course.length > 2 && way !== 0 && steps.every((step) => step === way);
  const verb = way > 0 ? "grew" : way < 0 ? "shrank" : "same size";
  return isSteady ? `${verb} steadily` : verb;
}

/** What is compared, and how its table is called. */
const COMPARED = {
  owner: { title: "Owner", caption: "Owners that changed most, by what they hold for themselves" },
  type: { title: "Type", caption: "Types whose objects changed most" },
  balance: { title: "Part", caption: "Parts of the saved memory that changed" },
} as const;

/** What grew, for the page's tables. */
export function growthTable(by: keyof typeof COMPARED): PageTable<GrownRow> {
  const { title, caption } = COMPARED[by];
  return {
    name: `growth-${by}`,
    noun: `${title.toLowerCase()}s that changed`,
    caption,
    sorted: "",
    columns: [
      { key: "name", title, kind: "code", of: ({ name }) => name },
      { key: "change", title: "Change", kind: "change", of: (row) => changeOf(courseOf(row)) },
      {
        key: "course",
        title: "Course",
        kind: "text",
        of: (row) => describeCourse(courseOf(row)),
        cell: courseCell,
      },
      { key: "first", title: "Oldest", kind: "bytes", of: (row) => courseOf(row)[0] ?? 0 },
      { key: "last", title: "This core", kind: "bytes", of: (row) => courseOf(row).at(-1) ?? 0 },
      ...(by === "balance"
        ? []
        : [
            {
              key: "count",
              title: "Objects",
              kind: "difference",
              of: (row: GrownRow) => changeOf(countsOf(row)),
            } as const,
          ]),
    ],
  };
}

function courseCell(row: GrownRow): Element {
  const course = courseOf(row);
  return element("span", { class: "course" }, slope(course), ` ${describeCourse(course)}`);
}

/** A line from core to core, from 0 to the most that it had. A picture of numbers that stand beside it. */
function slope(course: readonly number[]): Element {
  const most = Math.max(1, ...course);
  const points = course.map((bytes, index) => {
    const x = (100 * index) / Math.max(1, course.length - 1);
    return `${x.toFixed(1)},${(19 - (18 * bytes) / most).toFixed(1)}`;
  });
  return element(
    "svg",
    {
      class: "slope",
      "aria-hidden": "true",
      focusable: "false",
      viewBox: "0 0 100 20",
      preserveAspectRatio: "none",
    },
    element("polyline", { points: points.join(" ") }),
  );
}
