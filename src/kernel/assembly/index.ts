// The loops that run at memory speed, compiled to WebAssembly by AssemblyScript.
// in: addresses in the one shared memory, laid out by the callers
// out: numbers in that memory; nothing here allocates, throws or keeps state

export { findDataStacks, objectEdges, tableEdges } from "./cpython/edges";
export { dropLoose, keepLoose, linkLoose, looseObjects, markLoose } from "./cpython/loose";
export { formatRows } from "./format";
export { between, countRuns, mergeRuns, orderByCount, sortDescending } from "./group";
export { isLoose, looseEdges, looseWords, markBlocks, poolBlocks } from "./cpython/native";
export { readMapLines } from "./map-lines";
export { pageObjects } from "./cpython/pages";
export { blockObject, chunkObjects, freedObject, poolObjects, staticObjects } from "./cpython/objects";
export { scatter, sift } from "./partition";
export { slotObjects } from "./cpython/slots";
export { surveyPages } from "./cpython/pools";
export { byteSwap4, byteSwap8, widen } from "./shape";
export { fold, sketch, tally } from "./sketch";
export { tableSizes } from "./cpython/tables";
