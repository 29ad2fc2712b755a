import type { Runtime } from "../runtime.ts";

/** CPython 3.6 to 3.15. */
export const CPYTHON: Runtime = {
  name: "CPython",
  async detect(crew, core, modules, options) {
    const { detectPython } = await import("./python-objects.ts");
    return detectPython(crew, core, modules, options);
  },
  async openObjects(core, root) {
    const { openPythonObjects } = await import("./values/object-at.ts");
    return openPythonObjects(core, root);
  },
  async threadStacks(core, root, wants) {
    const { readThreadStacks } = await import("./threads/stacks.ts");
    return readThreadStacks(core, root, wants);
  },
  async runtimeProcess(core, root, wantsValues) {
    const { readPythonProcess } = await import("./interpreter/facts.ts");
    return readPythonProcess(core, root, wantsValues);
  },
  async tracedMemory(core, root, wantsBlocks) {
    const { readTracedMemory } = await import("./tracing/traced-memory.ts");
    return readTracedMemory(core, root, wantsBlocks);
  },
  async typeNamesAt(core, root, addresses) {
    const names = await import("./types/type-names.ts");
    return names.typeNamesAt(core, root, addresses);
  },
  async namesOfLibrary(core, root) {
    const { readLibraryNames } = await import("./library-names.ts");
    return readLibraryNames(core, root);
  },
};
