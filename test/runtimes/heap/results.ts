import type { SuspectFields } from "../../../src/answers/results/index.ts";

/** What the program's JSON has, as far as these tests look at it. */
export interface TypesJson {
  readonly totals: {
    readonly count: number;
    readonly bytes: number;
    readonly freedCount: number;
    readonly freedBytes: number;
    readonly savedBytes: number;
    readonly notSavedBytes: number;
    readonly balance: Parts;
    readonly bridge: { readonly tables: number; readonly staticObjects: number; readonly rounding: number };
  };
  readonly rows: readonly (TypeAmounts & {
    readonly address: string;
    readonly inferred: boolean;
    readonly lines: null;
  })[];
}

export interface TypeAmounts {
  readonly type: string;
  readonly count: number;
  readonly bytes: number;
  readonly freedCount: number;
  readonly freedBytes: number;
}

/** The parts that saved memory is told apart in. */
export interface Parts {
  readonly objectBlocks: number;
  readonly tables: number;
  readonly internTable: number;
  readonly otherBlocks: number;
  readonly freedBlocks: number;
  readonly uncarved: number;
  readonly freePools: number;
  readonly unusedArenas: number;
  readonly mallocCached: number;
  readonly mallocFree: number;
  readonly mallocTop: number;
  readonly mallocReserved: number;
  readonly headers: number;
  readonly staticData: number;
  readonly stacks: number;
  readonly stacksUntouched: number;
  readonly dataStacks: number;
  readonly modulePages: number;
  readonly readOnly: number;
  readonly unknown: number;
  readonly unknownUntouched: number;
}

export interface Amounts {
  readonly count: number;
  readonly bytes: number;
}

/** What refers to an object; null where that was not asked. */
export interface ReferrersJson {
  readonly referrers:
    | readonly {
        readonly path: string;
        readonly type: string | null;
        readonly address: string | null;
        readonly count: number;
        readonly conservative: boolean;
      }[]
    | null;
  readonly referrerCount: number | null;
}

export interface OwnersJson {
  readonly totals: Amounts & {
    readonly restCount: number;
    readonly restBytes: number;
    readonly reached: Readonly<
      Record<"modules" | "frames" | "stacks" | "data" | "interned" | "other" | "garbage", Amounts>
    >;
  };
  readonly rows: readonly (Amounts &
    ReferrersJson & {
      readonly path: string | null;
      readonly type: string | null;
      readonly address: string | null;
      readonly length: number | null;
      readonly retainedBytes: number;
      readonly retainedCount: number;
      readonly depth: number;
      readonly holds: readonly (Amounts & { readonly type: string })[];
      readonly suspect: string | null;
      readonly evidence: Partial<SuspectFields> | null;
      readonly holders: readonly string[] | null;
    })[];
}

export interface WhatisJson {
  readonly rows: readonly {
    readonly address: string;
    readonly count: number;
    readonly mapping: {
      readonly path: string;
      readonly start: string;
      readonly end: string;
      readonly fileOffset: string;
    } | null;
    readonly object:
      | (ReferrersJson & {
          readonly type: string;
          readonly address: string;
          readonly offset: number;
          readonly bytes: number | null;
          readonly references: number | null;
          readonly immortal: boolean;
          readonly state: string;
          readonly place: string | null;
          readonly value: string | null;
          readonly length: number | null;
          readonly path: string | null;
          readonly retainedBytes: number | null;
          readonly items: readonly {
            readonly name: string;
            readonly address: string;
            readonly type: string | null;
            readonly value: string | null;
          }[];
        })
      | null;
  }[];
}

export interface StringsJson {
  readonly totals: Amounts & {
    readonly distinct: number;
    readonly duplicates: number;
    readonly wastedBytes: number;
    readonly restWastedBytes: number;
    readonly notCompared: number;
  };
  readonly rows: readonly (Amounts & {
    readonly type: string;
    readonly text: string | null;
    readonly length: number;
    readonly wastedBytes: number;
    readonly address: string;
  })[];
}

export interface ContainersJson {
  readonly totals: Amounts & {
    readonly length: number;
    readonly capacity: number;
    readonly emptyCount: number;
    readonly emptyBytes: number;
    readonly restCount: number;
    readonly restBytes: number;
  };
  readonly rows: readonly {
    readonly type: string;
    readonly address: string;
    readonly length: number;
    readonly capacity: number;
    readonly bytes: number;
  }[];
}

export interface HoldersJson {
  readonly totals: Amounts & { readonly type: string; readonly restCount: number };
  readonly rows: readonly (Amounts & { readonly path: string; readonly example: string })[];
}

export interface DiffJson {
  readonly totals: {
    readonly oldCount: number;
    readonly newCount: number;
    readonly oldBytes: number;
    readonly newBytes: number;
    readonly sameProcess: boolean;
  };
  readonly rows: readonly {
    readonly name: string;
    readonly countDiff: number;
    readonly bytesDiff: number;
    readonly oldLength: number | null;
    readonly newLength: number | null;
    readonly freshCount: number | null;
    readonly freshBytes: number | null;
  }[];
}

/** What nothing claims, pages of zeros among it: here most of what is mapped has nothing in it. */
export function allUnknown({ unknown, unknownUntouched }: Parts): number {
  return unknown + unknownUntouched;
}

export interface DiagnoseJson {
  readonly rows: readonly {
    readonly verdict: string;
    readonly kind: string;
    readonly type: string | null;
    readonly length: number | null;
  }[];
}
