import { ARENAS } from "./arenas.ts";
import type { ResultColumns } from "./columns.ts";
import { CONTAINERS } from "./containers.ts";
import { DIAGNOSE } from "./diagnose.ts";
import { DIFF } from "./diff.ts";
import { GENERATORS } from "./generators.ts";
import { HOLDERS } from "./holders.ts";
import { INFO } from "./info.ts";
import { OWNERS } from "./owners.ts";
import { STACKS } from "./stacks.ts";
import { STRINGS } from "./strings.ts";
import { TASKS } from "./tasks.ts";
import { TRACES } from "./traces.ts";
import { TREND } from "./trend.ts";
import { TYPES } from "./types.ts";
import { WATCH } from "./watch.ts";
import { WHATIS } from "./whatis.ts";
import { WORDS } from "./words.ts";

/** Every result there is. A new one is a file beside this one and a place here. */
export const RESULTS = [
  WORDS,
  INFO,
  STACKS,
  TASKS,
  GENERATORS,
  WHATIS,
  TYPES,
  STRINGS,
  CONTAINERS,
  ARENAS,
  OWNERS,
  HOLDERS,
  DIAGNOSE,
  DIFF,
  TREND,
  TRACES,
  WATCH,
] as const;

/** The result that `types`, `types@1` or `coregram/types@1` names; without a version the newest. Null where there is none. */
export function findResult(name: string): ResultColumns | null {
  const wanted = name.replace(/^coregram\//, "");
  const isNamed = ({ schema }: ResultColumns) =>
    schema === `coregram/${wanted}` || schema.startsWith(`coregram/${wanted}@`);
  return RESULTS.findLast(isNamed) ?? null;
}
