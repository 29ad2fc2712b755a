import { readFileSync } from "node:fs";
import type { ByteSource } from "../../src/bytes/index.ts";
import { openCore, readModules } from "../../src/image/index.ts";
import { ObjectFinder, PythonMemory } from "../../src/runtimes/cpython/index.ts";

/** What a process wrote of its objects, see programs/values.py. */
export interface ValueTruth {
  readonly version: string;
  readonly rows: readonly {
    readonly address: string;
    readonly type: string;
    readonly bytes: number;
    readonly value: string | null;
    readonly length: number | null;
    readonly items: readonly (readonly [name: string, address: string])[];
    /** A set's, in no order. */
    readonly members?: readonly string[];
  }[];
  readonly freed: readonly string[];
  readonly survivors: readonly string[];
}

export function readValueTruth(path: string): ValueTruth {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Opens what finds the objects of a core; `close` when done. */
export function openObjects(source: ByteSource, root: string | null) {
  const core = openCore(source);
  if (core === null) throw new Error(`${source.name} is no core`);
  const memory = new PythonMemory(core, readModules(core), root);
  return { memory, finder: new ObjectFinder(memory), close: () => memory.close() };
}

/** What is found of the objects and is not as the process says. */
export function valueFaults(finder: ObjectFinder, truth: ValueTruth): string[] {
  const faults: string[] = [];
  for (const row of truth.rows) {
    const object = finder.objectAt(Number(row.address));
    const where = `${row.type} ${row.address} ${row.value?.slice(0, 30) ?? row.items[0]?.[0] ?? ""}`;
    const say = (what: string, mine: unknown, its: unknown) => {
      if (mine !== its) faults.push(`${where}: ${what} ${String(mine)} for ${String(its)}`);
    };
    say("address", object?.address, Number(row.address));
    if (object === null) continue;
    say("state", object.state, "live");
    say("type", object.typeName, row.type);
    say("bytes", object.bytes, row.bytes);
    if (row.value !== null) say("value", object.text, row.value);
    if (row.length !== null) say("length", object.length, row.length);
    const held = object.held.map(({ label, address }) => `${label} 0x${address.toString(16)}`);
    for (const [name, address] of row.items)
      if (!held.includes(`${name} ${address}`)) faults.push(`${where}: ${name} ${address} is not in ${held}`);
    if (row.members) {
      const members = new Set(row.members);
      say("members", held.length, Math.min(20, row.members.length));
      for (const { address } of object.held)
        if (!members.has(`0x${address.toString(16)}`)) faults.push(`${where}: has ${address.toString(16)}`);
    }
  }
  const states = (addresses: readonly string[], state: string) =>
    addresses.filter((address) => finder.objectAt(Number(address))?.state !== state).length;
  const dead = states(truth.survivors, "live");
  if (dead > 0) faults.push(`${dead} of ${truth.survivors.length} survivors are not live`);
  // Freed blocks go to other objects; what is found there is not a live one of the class.
  for (const address of truth.freed) {
    const object = finder.objectAt(Number(address));
    if (
      object?.state === "live" &&
      object.address === Number(address) &&
      object.typeName === "__main__.Slotted"
    )
      faults.push(`${address}: freed, and found live`);
  }
  return faults;
}
