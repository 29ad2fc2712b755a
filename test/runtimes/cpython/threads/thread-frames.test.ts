import { expect, it } from "vitest";
import { openCore, readModules } from "../../../../src/image/index.ts";
import { Crew } from "../../../../src/kernel/index.ts";
import { followEdges } from "../../../../src/runtimes/cpython/edges/edges.ts";
import { ObjectTable, readPython } from "../../../../src/runtimes/cpython/index.ts";
import { readThreadFrames } from "../../../../src/runtimes/cpython/threads/thread-frames.ts";
import { openCoreFile, pathOf } from "../../read-core.ts";

it("reads a frame once however many stacks lead to it, and says where there are more than it reads", async () => {
  const source = await openCoreFile(pathOf("cores/py-3.12.core.xz"));
  const crew = new Crew(1);
  try {
    const core = openCore(source);
    if (core === null) throw new Error("no core");
    const python = await readPython(crew, core, readModules(core), { root: null });
    if ("reason" in python) throw new Error(python.reason);
    const { stacks, lostStacks } = await followEdges(
      crew,
      python,
      new ObjectTable(crew.memory, python.records),
    );
    const threadOf = (stack: number) => stacks.indexOf(stack);
    const all = readThreadFrames(python, stacks, threadOf);
    const count = all.frames.length;
    expect({ lostStacks, isCut: all.isCut }).toEqual({ lostStacks: 0, isCut: false });
    expect(count).toBeGreaterThan(0);
    expect(readThreadFrames(python, [...stacks, ...stacks], threadOf)).toEqual(all);
    expect(readThreadFrames(python, stacks, threadOf, count)).toEqual(all);
    const some = readThreadFrames(python, stacks, threadOf, count - 1);
    expect(some).toEqual({ frames: all.frames.slice(0, -1), isCut: true });
  } finally {
    await crew.close();
    source.close();
  }
});
