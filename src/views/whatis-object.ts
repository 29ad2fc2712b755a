import type { WhatisBlock, WhatisObject } from "../answers/results/index.ts";
import { formatCount } from "../terms/index.ts";
import { CONSERVATIVE, restOf } from "./referrers.ts";

/** Where an object lies, for people. */
const PLACES: Readonly<Record<string, string>> = {
  pool: "a block of pymalloc's",
  page: "a block of mimalloc's",
  slot: "a slot of musl's malloc",
  chunk: "a chunk of malloc's",
  mapped: "a mapping of malloc's",
  static: "a module's data",
};

function placeOf(address: string, offset: number): string {
  if (offset === 0) return "";
  return offset > 0
    ? ` at ${address}, ${formatCount(offset)} bytes into it`
    : ` at ${address}, ${formatCount(-offset)} bytes before it: in what the collector keeps`;
}

/** `app.cache[*]  0x…  builtins.dict, 20 times`, a line each, and how many references are in none. */
function* referrerTexts(object: WhatisObject | WhatisBlock): Generator<string> {
  for (const { path, type, address, count, conservative } of object.referrers ?? []) {
    const from = type === null ? "" : `  ${address}  ${type}`;
    const times = count === 1 ? "" : `, ${formatCount(count)} times`;
    yield `${path}${from}${times}${conservative ? `, ${CONSERVATIVE}` : ""}`;
  }
  const rest = restOf(object);
  if (rest > 0) yield `and ${formatCount(rest)} more`;
}

/** The lines of an object: what fact it is, and its text. */
export function* objectFacts(object: WhatisObject): Generator<[fact: string, text: string]> {
  const { type, address, offset, state, place, bytes, references, value, length, path, retainedBytes } =
    object;
  yield ["object", `${type}${placeOf(address, offset)}`];
  const said = [state === "unknown" ? "live or freed: its allocator is not known" : state];
  if (references !== null)
    said.push(references === 1 ? "1 reference" : `${formatCount(references)} references`);
  if (object.immortal) said.push("immortal");
  if (bytes !== null) said.push(`${formatCount(bytes)} bytes`);
  if (place !== null) said.push(`in ${PLACES[place] ?? place}`);
  yield ["state", said.join(", ")];
  yield ["type", `${object.typeAddress}  ${type}`];
  if (value !== null) yield ["value", value];
  if (length !== null) yield ["length", formatCount(length)];
  if (path !== null) yield ["held by", path];
  if (retainedBytes !== null)
    yield ["retains", `${formatCount(retainedBytes)} bytes: its own and what is alive only through it`];
  for (const text of referrerTexts(object)) yield ["referrer", text];
  for (const item of object.items) {
    const text = item.value === null ? "" : `  ${item.value}`;
    yield ["item", `${item.name}  ${item.address}  ${item.type ?? "no object"}${text}`];
  }
}

/** The lines of a block that no object is in. */
export function* blockFacts(block: WhatisBlock): Generator<[fact: string, text: string]> {
  const { address, offset, bytes, state, place, part, path, type, retainedBytes } = block;
  const into = offset === 0 ? "" : `, ${formatCount(offset)} bytes into it`;
  yield ["block", `${PLACES[place] ?? place} at ${address}${into}: ${formatCount(bytes)} bytes, ${state}`];
  if (part === false && path === null) yield ["held by", "nothing found"];
  if (path === null) return;
  yield ["held by", part ? `${path}: ${type} has it for itself, and its size counts it` : path];
  if (retainedBytes !== null)
    yield [
      "retains",
      `${formatCount(retainedBytes)} bytes, native memory among them, that are in use only through it`,
    ];
  for (const text of referrerTexts(block)) yield ["referrer", text];
}
