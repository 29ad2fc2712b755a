/** What there is of one name in one heap: a type, an owner's path, a word. */
export interface Amount {
  readonly name: string;
  /** What others of its kind go by as well, of owners: `<threads in fetch app.py:10>.rows`. */
  readonly like?: string;
  readonly count: number;
  readonly bytes: number;
  /** Items, of owners that have them. */
  readonly length?: number;
  /** Bytes of blocks that are no objects, of owners. */
  readonly blockBytes?: number;
}

/** What became of one name; what is not there counts 0. */
export interface Growth {
  readonly name: string;
  readonly oldCount: number;
  readonly newCount: number;
  readonly countDiff: number;
  readonly oldBytes: number;
  readonly newBytes: number;
  readonly bytesDiff: number;
  /** Null where it is not there, or has no items. */
  readonly oldLength: number | null;
  readonly newLength: number | null;
  /** Of owners that were there. */
  readonly oldBlockBytes?: number | undefined;
  readonly newBlockBytes?: number | undefined;
}

/**
 * All names of either heap, by |bytesDiff|, blocks among them, then |countDiff|, descending, then name.
 * Amounts of the same name add up (two classes of one name; items cannot be told apart in a path).
 */
export function compareAmounts(older: Iterable<Amount>, newer: Iterable<Amount>): Growth[] {
  const before = addedUp(older);
  const after = addedUp(newer);
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => growthOf(name, before.get(name), after.get(name)))
    .sort(
      (a, b) =>
        Math.abs(allDiff(b)) - Math.abs(allDiff(a)) ||
        Math.abs(b.countDiff) - Math.abs(a.countDiff) ||
        compareNames(a.name, b.name),
    );
}

/** By how many bytes it grew, blocks among them. */
function allDiff({ bytesDiff, oldBlockBytes, newBlockBytes }: Growth): number {
  return bytesDiff + (newBlockBytes ?? 0) - (oldBlockBytes ?? 0);
}

function growthOf(name: string, before: Amount | undefined, after: Amount | undefined): Growth {
  const oldCount = before?.count ?? 0;
  const newCount = after?.count ?? 0;
  const oldBytes = before?.bytes ?? 0;
  const newBytes = after?.bytes ?? 0;
  return {
    name,
    oldCount,
    newCount,
    countDiff: newCount - oldCount,
    oldBytes,
    newBytes,
    bytesDiff: newBytes - oldBytes,
    oldLength: before?.length ?? null,
    newLength: after?.length ?? null,
    oldBlockBytes: before?.blockBytes,
    newBlockBytes: after?.blockBytes,
  };
}

/**
 * The amounts of heaps, what is alike under one name in all of them: a thread has another number in the next process, and
 * where one was there may be sixty. What is alone in its heap, under one name in all, keeps it.
 */
export function foldAlike(heaps: readonly (readonly Amount[])[]): Amount[][] {
  const names = new Map<string, string>();
  const several = new Set<string>();
  for (const amounts of heaps) {
    const here = new Set<string>();
    for (const { name, like } of amounts) {
      if (like === undefined) continue;
      if (here.has(like) || (names.get(like) ?? name) !== name) several.add(like);
      here.add(like);
      names.set(like, name);
    }
  }
  return heaps.map((amounts) =>
    amounts.map((amount) =>
      amount.like !== undefined && several.has(amount.like) ? { ...amount, name: amount.like } : amount,
    ),
  );
}

/** Amounts by name, those of the same name added up. */
export function addedUp(amounts: Iterable<Amount>): Map<string, Amount> {
  const sums = new Map<string, Amount>();
  for (const amount of amounts) {
    const sum = sums.get(amount.name);
    if (sum === undefined) sums.set(amount.name, amount);
    else {
      const length =
        sum.length === undefined && amount.length === undefined
          ? {}
          : { length: (sum.length ?? 0) + (amount.length ?? 0) };
      const blocks =
        sum.blockBytes === undefined && amount.blockBytes === undefined
          ? {}
          : { blockBytes: (sum.blockBytes ?? 0) + (amount.blockBytes ?? 0) };
      sums.set(amount.name, {
        name: sum.name,
        count: sum.count + amount.count,
        bytes: sum.bytes + amount.bytes,
        ...length,
        ...blocks,
      });
    }
  }
  return sums;
}

/** By UTF-16 code units: the same on every machine. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
