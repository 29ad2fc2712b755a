// What the blocks are: typed objects of the runtimes that a process is made of.
// in: a Core, its modules, the kernel's Crew
// out: types, objects as numbers, who points to whom, roots, names, values, a balance of the bytes; of any runtime
export { BALANCE_PARTS, type Balance, type BalanceParts, type Bridge } from "./balance.ts";
export type { Collector } from "./collector.ts";
export type {
  Container,
  ContainerFill,
  ContainerTotals,
  DuplicateStrings,
  StringGroup,
  StringTotals,
} from "./contents.ts";
export {
  detectRuntime,
  namesOfLibrary,
  openObjects,
  runtimeProcess,
  threadStacks,
  tracedMemory,
  typeNamesAt,
} from "./detect.ts";
export type { GeneratorGroup, GeneratorList } from "./generator-list.ts";
export type { GreenletList, GreenletStack } from "./greenlet-list.ts";
export { withoutInterpreter } from "./interpreter-names.ts";
export type { LibraryNames } from "./library-names.ts";
export type { HeldObject, ObjectAt, ObjectReader } from "./object-at.ts";
export type {
  NameUser,
  NativeMemory,
  ObjectLabels,
  ObjectList,
  ObjectRoots,
  References,
} from "./references.ts";
export type { EventLoop, FileObject, RuntimeResources, SocketObject } from "./resources.ts";
export { NO_ROOT, ROOT_KINDS, ROOT_NUMBERS, type RootKey, UNNAMED_ROOTS } from "./root-kinds.ts";
export type {
  DetectOptions,
  NotDetected,
  ObjectType,
  Runtime,
  RuntimeObjects,
  TypeTotals,
} from "./runtime.ts";
export type {
  CollectorFacts,
  RuntimeFlag,
  RuntimeModule,
  RuntimeProcess,
} from "./runtime-facts.ts";
export type { PendingTask, TaskList } from "./task-list.ts";
export type {
  FrameLocal,
  StackFrame,
  StackWants,
  ThreadCall,
  ThreadException,
  ThreadStack,
  ThreadStacks,
  ThreadWait,
} from "./thread-stacks.ts";
export type {
  Traceback,
  TracedBlocks,
  TracedMemory,
  TraceFrame,
  TraceGroup,
  TraceSnapshot,
} from "./traced-memory.ts";
export type { ObjectTraits, SizeClass, SmallArena } from "./traits.ts";
