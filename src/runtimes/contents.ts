/** Live texts by their contents. */
export interface DuplicateStrings {
  readonly totals: StringTotals;
  /** The contents that are there more than once, at most `most` of them, by wasted bytes or by count, then the other. */
  duplicates(order: "bytes" | "count", most: number): StringGroup[];
}

/** Live texts of one type and one content. */
export interface StringGroup {
  readonly typeName: string;
  /** As the runtime writes it, cut; untrusted. Null where it is not saved. */
  readonly text: string | null;
  /** Characters, or bytes. */
  readonly length: number;
  readonly count: number;
  readonly bytes: number;
  /** What one of them would save: all bytes less those of the largest. */
  readonly wastedBytes: number;
  /** Of one of them. */
  readonly address: number;
}

export interface StringTotals {
  readonly count: number;
  readonly bytes: number;
  /** Different contents. */
  readonly distinct: number;
  /** Contents that are there more than once. */
  readonly groups: number;
  readonly wastedBytes: number;
  /** Objects whose content is not saved, or overlaps others' so that it cannot be compared. */
  readonly notCompared: number;
}

/** Live containers, and how full they are. */
export interface ContainerFill {
  readonly totals: ContainerTotals;
  /** The biggest, at most `most` of them: by bytes or by length, then the other, then address. */
  biggest(order: "bytes" | "length", most: number): Container[];
}

/** A live container: in CPython a dict, list, set, frozenset or deque, or one of a class that derives from them. */
export interface Container {
  readonly typeName: string;
  readonly address: number;
  /** Its items. */
  readonly length: number;
  /** Items that it has room for. */
  readonly capacity: number;
  /** What the runtime says that it takes. */
  readonly bytes: number;
}

export interface ContainerTotals {
  readonly count: number;
  readonly length: number;
  readonly capacity: number;
  readonly bytes: number;
  /** Those without an item. */
  readonly emptyCount: number;
  readonly emptyBytes: number;
}
