/** What an instruction takes from the stack and then puts there; what it puts there is nothing that it took. */
export interface StackEffect {
  readonly pops: number;
  readonly pushes: number;
}

type Effect = readonly [pops: number, pushes: number];

const NONE: Effect = [0, 0];
const PUSH: Effect = [0, 1];
const POP: Effect = [1, 0];
const CHANGE: Effect = [1, 1];
const JOIN: Effect = [2, 1];

/** Those that do the same whatever their argument, in all versions that have them (Python/compile.c, Python/bytecodes.c). */
const FIXED: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ...named(
    NONE,
    "NOP RESUME CACHE PRECALL KW_NAMES COPY_FREE_VARS MAKE_CELL SETUP_ANNOTATIONS NOT_TAKEN POP_BLOCK SETUP_FINALLY",
  ),
  ...named(NONE, "SETUP_EXCEPT SETUP_LOOP DELETE_NAME DELETE_GLOBAL DELETE_FAST DELETE_DEREF"),
  ...named(PUSH, "LOAD_CONST LOAD_SMALL_INT LOAD_NAME LOAD_BUILD_CLASS LOAD_ASSERTION_ERROR LOAD_CLOSURE"),
  ...named(PUSH, "LOAD_COMMON_CONSTANT LOAD_LOCALS PUSH_NULL LOAD_CLASSDEREF"),
  ...named(
    POP,
    "POP_TOP STORE_NAME STORE_GLOBAL STORE_FAST STORE_DEREF STORE_ANNOTATION DELETE_ATTR END_FOR",
  ),
  ...named(POP, "POP_ITER LIST_APPEND SET_ADD LIST_EXTEND SET_UPDATE DICT_UPDATE DICT_MERGE GEN_START"),
  ...named(
    CHANGE,
    "UNARY_POSITIVE UNARY_NEGATIVE UNARY_NOT UNARY_INVERT TO_BOOL GET_ITER GET_YIELD_FROM_ITER",
  ),
  ...named(CHANGE, "LIST_TO_TUPLE CONVERT_VALUE FORMAT_SIMPLE CALL_INTRINSIC_1 YIELD_VALUE"),
  ...named(CHANGE, "LOAD_FROM_DICT_OR_GLOBALS LOAD_FROM_DICT_OR_DEREF"),
  ...named(
    JOIN,
    "COMPARE_OP IS_OP CONTAINS_OP FORMAT_WITH_SPEC CALL_INTRINSIC_2 IMPORT_NAME YIELD_FROM END_SEND",
  ),
  ...named(JOIN, "SET_FUNCTION_ATTRIBUTE"),
  ...named([1, 2], "IMPORT_FROM GET_LEN SETUP_WITH BEFORE_WITH LOAD_SPECIAL"),
  ...named([2, 0], "STORE_ATTR DELETE_SUBSCR MAP_ADD"),
  ...named([3, 0], "STORE_SUBSCR"),
  ...named([4, 0], "STORE_SLICE"),
  ...named([3, 1], "BINARY_SLICE"),
]);

/** Those whose argument says how many. */
const COUNTED: ReadonlyMap<string, (arg: number, minor: number) => Effect> = new Map<
  string,
  (arg: number, minor: number) => Effect
>([
  ...["TUPLE", "LIST", "SET", "STRING"].map(
    (kind) => [`BUILD_${kind}`, (arg: number): Effect => [arg, 1]] as const,
  ),
  ...["TUPLE", "LIST", "SET", "MAP"].map(
    (kind) => [`BUILD_${kind}_UNPACK`, (arg: number): Effect => [arg, 1]] as const,
  ),
  ["BUILD_MAP", (arg) => [2 * arg, 1]],
  ["BUILD_CONST_KEY_MAP", (arg) => [arg + 1, 1]],
  ["BUILD_SLICE", (arg, minor) => [minor >= 15 || arg === 3 ? arg : 2, 1]],
  ["FORMAT_VALUE", (arg) => [(arg & 4) === 0 ? 1 : 2, 1]],
  ["UNPACK_SEQUENCE", (arg) => [1, arg]],
  ["UNPACK_EX", (arg) => [1, (arg & 0xff) + (arg >>> 8) + 1]],
  ["CALL_FUNCTION", (arg) => [arg + 1, 1]],
  ["CALL_METHOD", (arg) => [arg + 2, 1]],
  ["CALL_FUNCTION_KW", (arg) => [arg + 2, 1]],
  ["CALL", (arg) => [arg + 2, 1]],
  ["CALL_KW", (arg) => [arg + 3, 1]],
  ["CALL_FUNCTION_EX", (arg, minor) => (minor >= 14 ? [4, 1] : [(minor >= 11 ? 3 : 2) + (arg & 1), 1])],
  ["MAKE_FUNCTION", (arg, minor) => (minor >= 13 ? CHANGE : [(minor >= 11 ? 1 : 2) + bits(arg & 15), 1])],
]);

function* named(effect: Effect, names: string): Generator<[string, Effect]> {
  for (const name of names.split(" ")) yield [name, effect];
}

/** From 3.15 on an iterator has a second word behind it, an index or none (Python/bytecodes.c). */
const WITH_INDEX: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ["GET_ITER", [1, 2]],
  ["POP_ITER", [2, 0]],
  ["END_SEND", [3, 1]],
]);

/** The effect of an instruction of CPython 3.`minor` that goes on with the next one; null where it is not known. */
export function stackEffect(name: string, arg: number, minor: number): StackEffect | null {
  // 3.12 alone has one for both the item and the iterator (Python/bytecodes.c).
  const fixed = name === "END_FOR" && minor === 12 ? ([2, 0] as const) : FIXED.get(name);
  const indexed = minor >= 15 ? WITH_INDEX.get(name) : undefined;
  const effect =
    indexed ??
    fixed ??
    COUNTED.get(name)?.(arg, minor) ??
    (/^(BINARY|INPLACE)_/.test(name) ? JOIN : undefined);
  return effect === undefined ? null : { pops: effect[0], pushes: effect[1] };
}

function bits(number: number): number {
  let count = 0;
  for (let left = number; left > 0; left >>>= 1) count += left & 1;
  return count;
}
