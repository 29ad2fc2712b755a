import { expect, it } from "vitest";
import { ask, putCore } from "./ask.ts";
import type { OwnersJson } from "./results.ts";
import { World } from "./world.ts";

const DICTS = 800;
const ENTRIES = 500;

it.each([9, 12] as const)(
  "tables that overlap are followed as far in CPython 3.%i on any number of threads, and what is not is told",
  async (minor) => {
    const world = new World(minor);
    const { heap, values, dicts, containers } = world;
    const value = containers.list([]);
    const first = dicts.dict(Array.from({ length: ENTRIES }, (_, i) => [values.str(`key${i}`), value]));
    const table = heap.memory.readU64(first.address + 32);
    const others = Array.from({ length: DICTS }, () => {
      const other = dicts.dict([]);
      heap.memory.u64(other.address + 16, ENTRIES);
      heap.memory.u64(other.address + 32, table);
      return other;
    });
    world.module("app", [[values.str("dicts"), containers.list([first, ...others])]]);
    world.addInterpreter();
    const path = putCore(world.build().core);
    const answers: unknown[] = [];
    for (const threads of ["1", "2", "3", "3"]) {
      const { json, said } = await ask<OwnersJson>("owners", [path], "--all", "--threads", threads);
      const lost = said.filter((line) => /: \d+ words of tables that overlap were not followed$/.test(line));
      expect(lost).toHaveLength(1);
      answers.push({ lost, json });
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  },
);
