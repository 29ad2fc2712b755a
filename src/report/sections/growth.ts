import type { Growth, Report } from "../../answers/index.ts";
import { formatCount } from "../../terms/index.ts";
import { element, type Given } from "../element.ts";
import { type GrownRow, growthTable } from "../growth-table.ts";
import { tableOf } from "../table.ts";
import type { Section } from "./section.ts";

/** What became of owners, types and all saved bytes since the oldest core. */
export function growthSection(growth: NonNullable<NonNullable<Report["heap"]>["growth"]>): Section {
  return {
    id: "growth",
    title: "What grew",
    body: [
      coresText(growth.owner),
      tableOf(growthTable("owner"), rowsOf(growth.owner)),
      restText(growth.owner),
      tableOf(growthTable("type"), rowsOf(growth.type)),
      restText(growth.type),
      element(
        "details",
        {},
        element("summary", {}, "All saved memory, part by part"),
        tableOf(growthTable("balance"), rowsOf(growth.balance)),
      ),
    ],
  };
}

function rowsOf({ rows }: Growth): readonly GrownRow[] {
  return rows;
}

function coresText(growth: Growth): Given {
  const cores =
    growth.schema === "coregram/diff@1" ? [growth.input.old, growth.input.new] : growth.input.cores;
  const isOther = growth.schema === "coregram/diff@1" && !growth.totals.sameProcess;
  return [
    element(
      "ol",
      {},
      cores.map(({ path }) => element("li", {}, element("code", {}, path))),
    ),
    isOther && element("p", {}, "They are not of one process: a process that started later has less."),
  ];
}

function restText({ totals: { restRows } }: Growth): Given {
  return restRows > 0 && element("p", {}, `${formatCount(restRows)} more changed, and are in no row.`);
}
