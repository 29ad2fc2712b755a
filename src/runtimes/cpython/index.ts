// CPython 3.6 to 3.15 from memory alone: detection, layouts, types, names, objects and their sizes.
// in: a Core, its modules, the kernel's Crew
// out: Python: types, names, records of all live objects, a tally per type, a balance

export type { PythonEdges } from "./edges/edges.ts";

export { Containers } from "./objects/containers.ts";
export { ObjectTable } from "./objects/object-table.ts";
export { StringGroups } from "./objects/strings.ts";
export { type Python, readPython, typeTotals } from "./python.ts";
export { PythonMemory } from "./python-memory.ts";

export type { Family } from "./types/families.ts";

export { ObjectFinder } from "./values/object-at.ts";
