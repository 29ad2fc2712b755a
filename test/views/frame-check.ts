/**
 * The contract of src/views/schema.ts once more, as data that is checked at run time: what the types promise,
 * the tests hold against real output. A schema is an entry in SHAPES.
 */
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isWord: Check = (value) => typeof value === "string" && /^([0-9a-f]{8}|[0-9a-f]{16})$/.test(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);

type Shape = Readonly<Record<string, Check>>;

const isAddress: Check = (value) => typeof value === "string" && /^0x(0|[1-9a-f][0-9a-f]{0,15})$/.test(value);
// What ends at the last address ends one past it.
const isEnd: Check = (value) => isAddress(value) || value === "0x10000000000000000";
const isNumber: Check = (value) => Number.isSafeInteger(value);
const isFlag: Check = (value) => typeof value === "boolean";
const isPermissions: Check = (value) => typeof value === "string" && /^[r-][w-][x-]$/.test(value);
const hasShape =
  (shape: Shape): Check =>
  (value) =>
    checkShape("", value, shape).length === 0;
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

const SUBJECT: Shape = { path: isText, bytes: isCount, compression: orNull(isText) };
const MEMORY: Shape = { savedBytes: isCount, notSavedBytes: orNull(isCount) };

const INFO: Shape = {
  file: hasShape({
    bytes: isCount,
    kind: oneOf("elf-core", "raw"),
    class: oneOf(32, 64, null),
    endian: oneOf("little", "big", null),
    machine: orNull(isText),
    truncated: isFlag,
    missingBytes: orNull(isCount),
  }),
  process: orNull(
    hasShape({
      pid: orNull(isNumber),
      ppid: orNull(isNumber),
      uid: orNull(isNumber),
      gid: orNull(isNumber),
      state: orNull(isText),
      name: orNull(isText),
      commandLine: orNull(isText),
      executable: orNull(isText),
      signal: orNull(isNumber),
      signalName: orNull(isText),
      faultAddress: orNull(isAddress),
    }),
  ),
  threads: listOf(
    hasShape({
      pid: isNumber,
      signal: isNumber,
      pc: orNull(isAddress),
      sp: orNull(isAddress),
      symbol: orNull(isText),
    }),
  ),
  segments: listOf(
    hasShape({
      start: isAddress,
      bytes: orNull(isCount),
      savedBytes: isCount,
      offset: isCount,
      permissions: isPermissions,
    }),
  ),
  modules: listOf(
    hasShape({
      path: isText,
      start: isAddress,
      end: isEnd,
      buildId: orNull((value) => typeof value === "string" && /^([0-9a-f]{2})+$/.test(value)),
      loadBias: orNull(isAddress),
      deleted: isFlag,
      found: isFlag,
      matches: orNull(isFlag),
      reason: isText,
      debugFile: orNull(isText),
    }),
  ),
  notSavedBytes: orNull(isCount),
  notSaved: listOf(
    hasShape({
      kind: oneOf("file", "shared", "huge", "anonymous", "unknown", "cut off"),
      bytes: orNull(isCount),
    }),
  ),
  betterFilter: orNull((value) => typeof value === "string" && /^0x[0-9a-f]{2}$/.test(value)),
  warnings: listOf(isText),
};

const OBJECT: Shape = {
  type: isText,
  typeAddress: isAddress,
  address: isAddress,
  offset: isNumber,
  bytes: orNull(isCount),
  references: orNull(isCount),
  immortal: isFlag,
  state: oneOf("live", "freed", "unknown"),
  place: oneOf("pool", "chunk", "mapped", "static", null),
  value: orNull(isText),
  length: orNull(isCount),
  path: orNull(isText),
  retainedBytes: orNull(isCount),
  items: listOf(hasShape({ name: isText, address: isAddress, type: orNull(isText), value: orNull(isText) })),
};

const WHATIS: Shape = {
  address: isAddress,
  count: isCount,
  segment: orNull(
    hasShape({ start: isAddress, end: isEnd, permissions: isPermissions, savedBytes: isCount }),
  ),
  memory: oneOf("saved", "not saved", "cut off", "not mapped"),
  mapping: orNull(hasShape({ path: isText, start: isAddress, end: isEnd, fileOffset: isAddress })),
  module: orNull(isText),
  symbol: orNull(isText),
  unnamed: orNull(isText),
  bytes: orNull((value) => typeof value === "string" && /^([0-9a-f]{2}){1,64}$/.test(value)),
  object: orNull(hasShape(OBJECT)),
};

const AMOUNTS = hasShape({ count: isCount, bytes: isCount });
const isBy = oneOf("type", "owner", "word");

const SHAPES: Readonly<Record<string, { input: Shape; totals: Shape; row: Shape }>> = {
  "coregram/words@1": {
    input: {
      path: isText,
      bytes: isCount,
      compression: orNull(isText),
      wordBytes: oneOf(4, 8),
      endian: oneOf("little", "big"),
    },
    totals: { bytes: isCount, words: isCount, distinct: orNull(isCount), restCount: isCount },
    row: { count: isCount, word: isWord, symbol: orNull(isText), type: orNull(isText) },
  },
  "coregram/info@1": { input: SUBJECT, totals: MEMORY, row: INFO },
  "coregram/whatis@1": { input: SUBJECT, totals: MEMORY, row: WHATIS },
  "coregram/types@1": {
    input: SUBJECT,
    totals: {
      ...MEMORY,
      types: isCount,
      count: isCount,
      bytes: isCount,
      freedCount: isCount,
      freedBytes: isCount,
      restCount: isCount,
      restBytes: isCount,
      runtime: isText,
      balance: hasShape({
        objectBlocks: isCount,
        tables: isCount,
        internTable: isCount,
        otherBlocks: isCount,
        freedBlocks: isCount,
        uncarved: isCount,
        freePools: isCount,
        unusedArenas: isCount,
        mallocFree: isCount,
        headers: isCount,
        staticData: isCount,
        stacks: isCount,
        modulePages: isCount,
        readOnly: isCount,
        unknown: isCount,
      }),
      bridge: hasShape({ tables: isCount, staticObjects: isCount, rounding: isNumber }),
    },
    row: {
      type: isText,
      address: isAddress,
      count: isCount,
      bytes: isCount,
      freedCount: isCount,
      freedBytes: isCount,
      inferred: isFlag,
    },
  },
  "coregram/strings@1": {
    input: SUBJECT,
    totals: {
      ...MEMORY,
      runtime: isText,
      count: isCount,
      bytes: isCount,
      distinct: isCount,
      duplicates: isCount,
      wastedBytes: isCount,
      restWastedBytes: isCount,
      notCompared: isCount,
    },
    row: {
      type: isText,
      text: orNull(isText),
      length: isCount,
      count: isCount,
      bytes: isCount,
      wastedBytes: isCount,
      address: isAddress,
    },
  },
  "coregram/containers@1": {
    input: SUBJECT,
    totals: {
      ...MEMORY,
      runtime: isText,
      count: isCount,
      length: isCount,
      capacity: isCount,
      bytes: isCount,
      emptyCount: isCount,
      emptyBytes: isCount,
      restCount: isCount,
      restBytes: isCount,
    },
    row: { type: isText, address: isAddress, length: isCount, capacity: isCount, bytes: isCount },
  },
  "coregram/owners@1": {
    input: SUBJECT,
    totals: {
      ...MEMORY,
      runtime: isText,
      count: isCount,
      bytes: isCount,
      restCount: isCount,
      restBytes: isCount,
      reached: hasShape({
        modules: AMOUNTS,
        frames: AMOUNTS,
        stacks: AMOUNTS,
        data: AMOUNTS,
        interned: AMOUNTS,
        other: AMOUNTS,
        garbage: AMOUNTS,
      }),
    },
    row: {
      path: isText,
      type: orNull(isText),
      address: orNull(isAddress),
      length: orNull(isCount),
      retainedBytes: isCount,
      retainedCount: isCount,
      bytes: isCount,
      count: isCount,
      depth: isCount,
      holds: listOf(hasShape({ type: isText, count: isCount, bytes: isCount })),
      suspect: orNull(isText),
    },
  },
  "coregram/holds@1": {
    input: SUBJECT,
    totals: {
      ...MEMORY,
      type: isText,
      count: isCount,
      bytes: isCount,
      restCount: isCount,
      restBytes: isCount,
    },
    row: { path: isText, count: isCount, bytes: isCount, example: isAddress },
  },
  "coregram/diff@1": {
    input: { old: hasShape(SUBJECT), new: hasShape(SUBJECT) },
    totals: {
      by: isBy,
      oldCount: isCount,
      newCount: isCount,
      oldBytes: isCount,
      newBytes: isCount,
      sameProcess: isFlag,
      restRows: isCount,
    },
    row: {
      by: isBy,
      name: isText,
      oldCount: isCount,
      newCount: isCount,
      countDiff: isNumber,
      oldBytes: isCount,
      newBytes: isCount,
      bytesDiff: isNumber,
      oldLength: orNull(isCount),
      newLength: orNull(isCount),
      freshCount: orNull(isCount),
      freshBytes: orNull(isCount),
    },
  },
  "coregram/trend@1": {
    input: { cores: listOf(hasShape(SUBJECT)) },
    totals: { by: isBy, bytes: listOf(isCount), restRows: isCount },
    row: {
      by: isBy,
      name: isText,
      counts: listOf(isCount),
      bytes: listOf(isCount),
      countDiff: isNumber,
      bytesDiff: isNumber,
      steps: isCount,
    },
  },
};

/** What is wrong with a parsed `--format json` output, a line each; empty where it keeps the contract. */
export function checkFrame(frame: unknown): string[] {
  if (!isObject(frame)) return ["the frame is no object"];
  if (Object.keys(frame).join() !== "schema,input,totals,rows") return [`keys ${Object.keys(frame).join()}`];
  const shape = SHAPES[String(frame.schema)];
  if (!shape) return [`unknown schema ${String(frame.schema)}`];
  const rows = frame.rows;
  if (!Array.isArray(rows)) return ["rows are no list"];
  return [
    ...checkShape("input", frame.input, shape.input),
    ...checkShape("totals", frame.totals, shape.totals),
    ...rows.flatMap((row, index) => checkShape(`row ${index}`, row, shape.row)),
  ];
}

function checkShape(where: string, value: unknown, shape: Shape): string[] {
  if (!isObject(value)) return [`${where} is no object`];
  const keys = Object.keys(value).join();
  if (keys !== Object.keys(shape).join()) return [`${where} has the keys ${keys}`];
  return Object.entries(shape)
    .filter(([key, check]) => !check(value[key]))
    .map(([key]) => `${where}: ${key} is ${String(value[key])}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
