import { type FunctionPlan, usersOf } from "./naming.ts";

/** Numbers of CPython 3.8 (Include/opcode.h). */
export const [LOAD_FAST, STORE_FAST, LOAD_GLOBAL, STORE_GLOBAL, LOAD_ATTR, STORE_ATTR, DELETE_ATTR] = [
  124, 125, 116, 97, 106, 95, 96,
];
export const [LOAD_METHOD, CALL_METHOD, CALL_FUNCTION, STORE_SUBSCR, DELETE_SUBSCR, BINARY_SUBSCR] = [
  160, 161, 131, 60, 61, 25,
];
export const [POP_TOP, LOAD_CONST, LOAD_DEREF, INPLACE_ADD, BINARY_ADD] = [1, 100, 136, 55, 23];
const RETURN_VALUE = 83;
export const [ROT_TWO, ROT_THREE, DUP_TOP, DUP_TOP_TWO, POP_JUMP_IF_FALSE, JUMP_FORWARD] = [
  2, 3, 4, 5, 114, 110,
];
export const [SELF, KEY, VALUE, ALIAS] = [0, 1, 2, 3];
/** self.rows, where `rows` is the first of the names. */
export const ROWS = [LOAD_FAST, SELF, LOAD_ATTR, 0];
export const CALL_IT = [LOAD_FAST, VALUE, CALL_METHOD, 1, POP_TOP, 0];
export const END = [LOAD_CONST, 0, RETURN_VALUE, 0];
export const method = (code: readonly number[], ...names: readonly string[]): FunctionPlan => ({
  ...{ qualname: "Cache.f", names: ["rows", ...names], code: [...code, ...END] },
});

/** What the first function does: `+`, `-`, both or nothing. */
export async function doesIt(
  plan: FunctionPlan,
  options: Parameters<typeof usersOf>[1] = {},
): Promise<string> {
  const users = await usersOf([plan], options);
  return users.map((user) => (/ [+-]$/.test(user) ? user.slice(-1) : "")).join("");
}
