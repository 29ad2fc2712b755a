import { type Core, readThreads, threadPointersOf } from "../../../image/index.ts";
import type { RuntimeResources } from "../../resources.ts";
import { areOfTypes, type Instances, instancesOf } from "../objects/instances.ts";
import type { ObjectTable } from "../objects/object-table.ts";
import type { Python } from "../python.ts";
import type { PythonMemory } from "../python-memory.ts";
import { BUFFERS, RAW_FILES, readFiles, TEXTS } from "./files.ts";
import { readUncollectable } from "./garbage.ts";
import { LOOPS, readLoops } from "./loops.ts";
import { namedObjects } from "./named-objects.ts";
import { readSockets, SOCKETS } from "./sockets.ts";

/** Objects of a kind that are counted. */
const MOST_OBJECTS = 2 ** 20;

/** What only the heap tells of a process, see `RuntimeObjects.resources`. */
export function readResources(
  core: Core,
  memory: PythonMemory,
  python: Python,
  table: ObjectTable,
): RuntimeResources {
  const objects = namedObjects(memory, python);
  const of = (names: ReadonlySet<string>): Instances =>
    instancesOf(table, areOfTypes(python, names), MOST_OBJECTS);
  const [raw, buffers, texts] = [of(RAW_FILES), of(BUFFERS), of(TEXTS)];
  const parts = { raw: raw.addresses, buffers: buffers.addresses, texts: texts.addresses, isCut: raw.isCut };
  return {
    files: readFiles(objects, parts),
    sockets: readSockets(objects, of(SOCKETS)),
    loops: readLoops(objects, of(LOOPS), numbersByPointer(core)),
    uncollectable: readUncollectable(objects, python.collector),
  };
}

/** The system's numbers of threads by pthread_self(). */
function numbersByPointer(core: Core): Map<number, number> {
  const threads = readThreads(core);
  const numbers = new Map<number, number>();
  threadPointersOf(threads).forEach((pointer, index) => {
    const thread = threads[index];
    if (pointer !== null && thread !== undefined) numbers.set(pointer, thread.pid);
  });
  return numbers;
}
