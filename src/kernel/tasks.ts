import { objectEdges, tableEdges } from "./tasks/edges.ts";
import { group } from "./tasks/group.ts";
import { looseObjects } from "./tasks/loose.ts";
import { looseEdges, looseWords, poolBlocks } from "./tasks/native.ts";
import { partition } from "./tasks/partition.ts";
import { poolObjects } from "./tasks/pool-objects.ts";
import { sketch } from "./tasks/sketch.ts";
import { survey } from "./tasks/survey.ts";
import { tableSizes } from "./tasks/table-sizes.ts";
import { tally } from "./tasks/tally.ts";

/** What threads can be given to do: a generator that takes items, and yields after each so that others get a turn. */
export const tasks = {
  sketch,
  tally,
  partition,
  group,
  survey,
  poolObjects,
  looseObjects,
  tableSizes,
  objectEdges,
  tableEdges,
  poolBlocks,
  looseEdges,
  looseWords,
};

export type TaskName = keyof typeof tasks;
export type TaskArgs<K extends TaskName> = Parameters<(typeof tasks)[K]>[1];
export type TaskOut<K extends TaskName> =
  ReturnType<(typeof tasks)[K]> extends Generator<void, infer Out> ? Out : never;
