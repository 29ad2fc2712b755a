import type { Instruction } from "./instructions.ts";

interface MovedLocals {
  readonly stored: readonly number[];
  readonly loaded: readonly number[];
}

/**
 * How often each local is set or lost, and which of them are another name for what is put there: they are set once,
 * and neither a parameter nor asked for before that.
 * @param parameters how many locals have a value from the start, at least
 */
export function localsOf(
  code: readonly Instruction[],
  parameters: number,
): { readonly stores: ReadonlyMap<number, number>; readonly aliases: ReadonlySet<number> } {
  const stores = new Map<number, number>();
  const early = new Set<number>();
  for (const { name, arg } of code) {
    const { stored, loaded } = localsMoved(name, arg);
    for (const local of stored) stores.set(local, (stores.get(local) ?? 0) + 1);
    for (const local of loaded) if (!stores.has(local)) early.add(local);
  }
  const aliases = new Set<number>();
  for (const [local, count] of stores)
    if (count === 1 && local >= parameters && !early.has(local)) aliases.add(local);
  return { stores, aliases };
}

/** The locals that an instruction sets or loses, and those that it then loads, each in its order. */
export function localsMoved(name: string, arg: number): MovedLocals {
  const both = [arg >>> 4, arg & 15];
  if (name === "STORE_FAST_STORE_FAST") return { stored: both, loaded: [] };
  if (name === "STORE_FAST_LOAD_FAST") return { stored: both.slice(0, 1), loaded: both.slice(1) };
  if (name === "LOAD_FAST_LOAD_FAST" || name === "LOAD_FAST_BORROW_LOAD_FAST_BORROW")
    return { stored: [], loaded: both };
  if (/^(STORE_FAST(_MAYBE_NULL)?|DELETE_FAST|LOAD_FAST_AND_CLEAR)$/.test(name))
    return { stored: [arg], loaded: [] };
  return { stored: [], loaded: name.startsWith("LOAD_FAST") ? [arg] : [] };
}
