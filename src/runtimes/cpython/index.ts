// CPython 3.9 to 3.14 from memory alone: detection, layouts, types, names, objects and their sizes.
// in: a Core, its modules, the kernel's Crew
// out: Python: types, names, records of all live objects, a tally per type, a balance
export type { Balance } from "./balance.ts";
export { type Container, Containers, type ContainerTotals } from "./containers.ts";
export { followEdges, type PythonEdges } from "./edges.ts";
export type { Family } from "./families.ts";
export { PythonLabels } from "./labels.ts";
export { findNameUsers, type NameUser } from "./name-users.ts";
export { type HeldObject, type ObjectAt, ObjectFinder } from "./object-at.ts";
export { ObjectTable } from "./object-table.ts";
export { type NoPython, type Python, readPython, type TypeTotals, typeTotals } from "./python.ts";
export { PythonMemory } from "./python-memory.ts";
export { findRoots, type PythonRoots, ROOT_KINDS } from "./roots.ts";
export { type StringGroup, StringGroups, type StringTotals } from "./strings.ts";
export { typeNamesAt } from "./type-names.ts";
