import { BALANCE_PARTS } from "../../runtimes/balance.ts";
import { byKey } from "../../terms/index.ts";
import type { RecordOf } from "./columns.ts";

/** Where the saved bytes went: disjoint parts that add up to `savedBytes`. */
export const BALANCE = byKey(BALANCE_PARTS, ({ title, doc }) => ({ kind: "bytes" as const, title, doc }));

export type TypesBalance = RecordOf<typeof BALANCE>;
