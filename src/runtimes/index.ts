// What the blocks are: typed objects of the runtimes that a process is made of.
// in: a Core, its modules, the kernel's Crew
// out: types with names, live and freed instances of each, a balance of the bytes; objects as records
export type { Balance, BalanceParts, Bridge } from "./balance.ts";
export {
  type Container,
  Containers,
  type ContainerTotals,
  type Family,
  findNameUsers,
  findRoots,
  followEdges,
  type HeldObject,
  type NameUser,
  type NoPython,
  type ObjectAt,
  ObjectFinder,
  ObjectTable,
  type Python,
  type PythonEdges,
  PythonLabels,
  PythonMemory,
  type PythonRoots,
  readPython,
  type StringGroup,
  StringGroups,
  type StringTotals,
  type TypeTotals,
  typeNameOf,
  typeNamesAt,
  typeTotals,
} from "./cpython/index.ts";
export { NO_ROOT, ROOT_KINDS, type RootKey } from "./root-kinds.ts";
