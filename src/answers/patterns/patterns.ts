import { garbagePattern } from "./garbage.ts";
import type { Pattern } from "./pattern.ts";

/** All that are looked for. */
export const PATTERNS: readonly Pattern[] = [garbagePattern];
