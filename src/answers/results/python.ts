import { defineColumns } from "./columns.ts";
import { RUNTIME } from "./subject.ts";

/** A process as its Python has it. */
export const PYTHON = defineColumns({
  ...RUNTIME,
  version: {
    kind: "text",
    tells: "value",
    nullable: true,
    doc: "sys.version: with the build and its compiler.",
  },
  executable: { kind: "text", tells: "file", nullable: true, doc: "sys.executable." },
  arguments: {
    kind: "list",
    nullable: true,
    of: { kind: "text", tells: "value" },
    doc: "sys.argv, as far as it is texts.",
  },
  originalArguments: {
    kind: "list",
    nullable: true,
    of: { kind: "text", tells: "value" },
    doc: "sys.orig_argv, with the interpreter's own options; null before 3.10.",
  },
  path: {
    kind: "list",
    nullable: true,
    of: { kind: "text", tells: "file" },
    doc: "sys.path, as far as it is texts.",
  },
  flags: {
    kind: "list",
    doc: "sys.flags, in its order.",
    of: {
      kind: "object",
      columns: {
        name: { kind: "text", tells: "ours", doc: "dev_mode, utf8_mode, …" },
        value: { kind: "number", doc: "0 where it is off." },
      },
    },
  },
  collector: {
    kind: "object",
    nullable: true,
    doc: "The state of its collector; null before 3.8, without the GIL, and where it is not found.",
    columns: {
      isEnabled: { kind: "flag", doc: "gc.isenabled()." },
      isRunning: { kind: "flag", doc: "Whether it was collecting." },
      generations: {
        kind: "list",
        doc: "The youngest first.",
        of: {
          kind: "object",
          columns: {
            threshold: { kind: "number", doc: "Of gc.get_threshold()." },
            count: { kind: "number", doc: "Of gc.get_count()." },
            collections: {
              kind: "count",
              nullable: true,
              doc: "Of gc.get_stats(): how often it was collected. Null from 3.15 on.",
            },
            collected: { kind: "count", nullable: true, doc: "How many objects it freed; null as above." },
            uncollectable: {
              kind: "count",
              nullable: true,
              doc: "How many it found that it could not free; null as above.",
            },
          },
        },
      },
    },
  },
  modules: {
    kind: "list",
    doc: "sys.modules, in its order; what stands there in place of a module is left out.",
    of: {
      kind: "object",
      columns: {
        name: { kind: "text", tells: "path", doc: "As it is imported." },
        file: { kind: "text", tells: "file", nullable: true, doc: "Its __file__; null where it has none." },
        version: {
          kind: "text",
          tells: "value",
          nullable: true,
          doc: "Its __version__, where that is a text.",
        },
        origin: {
          kind: "choice",
          values: ["built-in", "standard", "installed", "own"],
          doc: "By its file: without one, beside os.py, in site-packages or dist-packages, or elsewhere.",
        },
      },
    },
  },
  environment: {
    kind: "list",
    nullable: true,
    doc: "os.environ, where --values asks for it; null otherwise. It holds what the process was given in secret.",
    of: {
      kind: "object",
      columns: {
        name: { kind: "text", tells: "label", doc: "The variable's name." },
        value: { kind: "text", tells: "value", doc: "Its value." },
      },
    },
  },
  isCut: { kind: "flag", doc: "Whether there are more modules than were read." },
});
