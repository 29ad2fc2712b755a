// A process's address space as one thing to read from: segments, mappings, modules, threads, what is missing.
// in: a ByteSource that holds an ELF core or plain memory, or a living process, which is copied as a core
// out: a Core or an Image: saved memory, below it the pages of modules' files; what neither holds is a fault with its
//      address, never zeros
export { AddressTags } from "./address-tags.ts";
export { type Core, type LiveProcess, openCore, rootFor } from "./core.ts";
export { type MemoryExtent, type Scope, savedExtents, writableExtents } from "./extents.ts";
export { type Identity, identifyTarget } from "./identity.ts";
export { Image, type ImageSegment } from "./image.ts";
export { processTree } from "./live/descendants.ts";
export {
  type CoreChunk,
  type CoreFile,
  dumpProcess,
  type TakenProcess,
  takeProcess,
  writeProcess,
} from "./live/dump.ts";
export { isFrozen } from "./live/frozen.ts";
export {
  type CgroupUse,
  findMemoryCgroup,
  type MemoryCgroup,
  readCgroup,
  readPressure,
} from "./live/memory-cgroup.ts";
export { openProcess, type ProcessOptions } from "./live/open.ts";
export { CopyRoom } from "./live/room.ts";
export { type ProcessUsage, programOf, readUsage } from "./live/usage.ts";
export type { CoreSink } from "./live/write.ts";
export type { Fault, MemoryLayer, Origin } from "./memory-layer.ts";
export { memorySource } from "./memory-source.ts";
export { fetchedFile } from "./modules/file-places.ts";
export type { LinkedObject } from "./modules/link-map.ts";
export { loadBias, loadedSpan } from "./modules/load-bias.ts";
export { type ModuleFile, type OpenModuleFile, openModuleFile } from "./modules/module-file.ts";
export { ModuleFiles } from "./modules/module-files.ts";
export type { MatchedBy } from "./modules/module-match.ts";
export { findModule, type Module, pageBytesOf, readModules, VDSO } from "./modules/modules.ts";
export { resolveInside } from "./modules/sysroot.ts";
export { describeNoCore } from "./no-core.ts";
export { DEFAULT_COREDUMP_FILTER, describeNotSaved, type NotSaved, type NotSavedKind } from "./not-saved.ts";
export { type Process, readProcess } from "./process.ts";
export { openRaw } from "./raw.ts";
export { SavedMemory } from "./saved-memory.ts";
export type { SegmentTable } from "./segment-table.ts";
export { openTarget, Target, type TargetContents, type TargetOptions } from "./target.ts";
export {
  callOf,
  isStackSaved,
  readThreads,
  type Thread,
  threadPointersOf,
  type WaitedCall,
} from "./threads.ts";
