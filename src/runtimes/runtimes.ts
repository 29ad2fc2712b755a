import { CPYTHON } from "./cpython/runtime.ts";
import type { Runtime } from "./runtime.ts";

/** The runtimes that are known, in the order in which a core is tried for them. */
export const RUNTIMES: readonly Runtime[] = [CPYTHON];
