import { SUMMARY } from "../../answers/results/index.ts";

const { diagnose, types, owners, words, stacks, traces, info, remarks } = SUMMARY.row;

/** The columns of a summary and of the views that `query` makes of several; `core` is its view of tables' column. */
export const COLUMNS: readonly string[] = [
  "file",
  "core",
  "pid",
  "name",
  "signal",
  ...[
    SUMMARY.row,
    SUMMARY.row.subject.columns,
    diagnose.columns.totals.columns,
    ...[diagnose, types, owners, words, stacks, traces].map(({ columns }) => columns.rows.of.columns),
    stacks.columns.totals.columns.threads.of.columns,
    info.columns.rows.of.columns.modules.of.columns,
    remarks.of.columns,
  ].flatMap((columns) => Object.keys(columns)),
];
