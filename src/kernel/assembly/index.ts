// The loops that run at memory speed, compiled to WebAssembly by AssemblyScript.
// in: addresses in the one shared memory, laid out by the callers
// out: numbers in that memory; nothing here allocates, throws or keeps state

export { findDataStacks, objectEdges, tableEdges } from "./edges";
export { formatRows } from "./format";
export { between, countRuns, mergeRuns, orderByCount, sortDescending } from "./group";
export { readMapLines } from "./map-lines";
export { blockObject, chunkObjects, poolObjects, staticObjects } from "./objects";
export { scatter, sift } from "./partition";
export { surveyPages } from "./pools";
export { byteSwap4, byteSwap8, widen } from "./shape";
export { fold, sketch, tally } from "./sketch";
export { tableSizes } from "./tables";
