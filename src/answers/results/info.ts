import { defineResult, type RecordOf, type RowOf } from "./columns.ts";
import { OBJECTS } from "./objects.ts";
import { PYTHON } from "./python.ts";
import { MEMORY, SUBJECT } from "./subject.ts";

/** What stands for a module's reason where it is a mapped data file. */
export const NO_ELF = "is no ELF file";

/** What stands for the reason where it is an ELF file that is not loaded. */
export const AS_DATA = "is mapped as data";

/** What stands for the reason where --no-modules was given. */
export const NOT_LOOKED_FOR = "was not looked for";

/** All that a file says of itself: the one row of its frame. */
export const INFO = defineResult({
  schema: "coregram/info@1",
  doc: "What a file or a living process is: process, threads, segments, modules, what was not saved. One row.",
  input: SUBJECT,
  totals: MEMORY,
  row: {
    file: {
      kind: "object",
      doc: "The file.",
      columns: {
        bytes: { kind: "bytes", doc: "Its bytes, after decompression." },
        kind: {
          kind: "choice",
          values: ["elf-core", "process", "raw"],
          doc: "An ELF core, a living process, or any other file of words.",
        },
        class: { kind: "choice", values: [32, 64], nullable: true, doc: "ELF's class: bits of an address." },
        endian: { kind: "choice", values: ["little", "big"], nullable: true, doc: "Its byte order." },
        machine: { kind: "text", tells: "ours", nullable: true, doc: "x86-64, aarch64, …" },
        truncated: { kind: "flag", doc: "Whether the file ends before what its headers claim does." },
        missingBytes: { kind: "bytes", nullable: true, doc: "Bytes beyond the end that its headers claim." },
      },
    },
    process: {
      kind: "object",
      nullable: true,
      doc: "The process; null where the file is no core.",
      columns: {
        pid: { kind: "number", nullable: true, doc: "Its number." },
        ppid: { kind: "number", nullable: true, doc: "Its parent's number." },
        uid: { kind: "number", tells: "value", nullable: true, doc: "Its user's number." },
        gid: { kind: "number", tells: "value", nullable: true, doc: "Its group's number." },
        state: { kind: "text", tells: "ours", nullable: true, doc: "As ps shows it: R, S, …" },
        name: {
          kind: "text",
          tells: "value",
          nullable: true,
          doc: "The command's name, cut at 15 bytes by the kernel.",
        },
        commandLine: {
          kind: "text",
          tells: "value",
          nullable: true,
          doc: "The command line, cut at 79 bytes by the kernel.",
        },
        executable: { kind: "text", tells: "file", nullable: true, doc: "The program's path." },
        signal: { kind: "number", nullable: true, doc: "The signal that ended it; 0 where none did." },
        signalName: { kind: "text", tells: "ours", nullable: true, doc: "SIGSEGV, …" },
        faultAddress: {
          kind: "address",
          tells: "word",
          nullable: true,
          doc: "What a fault's signal was about.",
        },
      },
    },
    python: {
      kind: "object",
      nullable: true,
      doc: "The process as its Python has it, by the interpreter's own structs: no heap is read. Null where none is found.",
      columns: PYTHON,
    },
    objects: {
      kind: "object",
      nullable: true,
      doc: "What Python's objects say of files, sockets, event loops and garbage, where --objects asks for it: then the heap is read. Null otherwise, and where none are found.",
      columns: OBJECTS,
    },
    threads: {
      kind: "list",
      doc: "Its threads, the one that the signal hit first.",
      of: {
        kind: "object",
        columns: {
          pid: { kind: "number", doc: "The thread's number." },
          signal: { kind: "number", doc: "The signal that it got; 0 where none." },
          pc: { kind: "address", nullable: true, doc: "Its program counter." },
          sp: { kind: "address", nullable: true, doc: "Its stack pointer." },
          symbol: {
            kind: "text",
            tells: "symbol",
            nullable: true,
            doc: "The function at pc, where its module's file is found.",
          },
        },
      },
    },
    segments: {
      kind: "list",
      doc: "Ranges of its memory, by address.",
      of: {
        kind: "object",
        columns: {
          start: { kind: "address", doc: "Its first address." },
          bytes: { kind: "bytes", nullable: true, doc: "Its bytes in memory; null above 2^53." },
          savedBytes: { kind: "bytes", doc: "Those of them that the file holds, from its start on." },
          offset: { kind: "bytes", doc: "Where they begin in the file." },
          permissions: { kind: "permissions", doc: "rw-" },
        },
      },
    },
    modules: {
      kind: "list",
      doc: "The program and its libraries, and other files that are mapped.",
      of: {
        kind: "object",
        columns: {
          path: { kind: "text", tells: "file", doc: "The file's path, as the process had it." },
          start: { kind: "address", doc: "Its first address." },
          end: { kind: "end", doc: "One past its last address." },
          buildId: { kind: "hex", tells: "build", nullable: true, doc: "Its build ID." },
          loadBias: {
            kind: "address",
            nullable: true,
            doc: "What is added to the file's own addresses, modulo 2^64.",
          },
          deleted: { kind: "flag", doc: "Whether the file was deleted or replaced when the core was taken." },
          found: { kind: "flag", doc: "Whether there is a file at its path, under --sysroot." },
          matches: {
            kind: "flag",
            nullable: true,
            doc: "Whether that file is proven to be the one that was loaded, or not; null where neither is.",
          },
          how: {
            kind: "choice",
            values: ["build ID", "memory", "layout"],
            nullable: true,
            doc: "By what it is taken for that; layout is a guess. Null where it is not.",
          },
          reason: {
            kind: "text",
            tells: "prose",
            doc: "Why it is taken for the same, or is not; a clause such as build ID.",
          },
          debugFile: { kind: "text", tells: "file", nullable: true, doc: "Its separate debug file." },
        },
      },
    },
    allocator: {
      kind: "object",
      nullable: true,
      doc: "Whose malloc the process has, by the names of its modules; null where none tells: what is linked statically has no module.",
      columns: {
        name: {
          kind: "choice",
          values: ["jemalloc", "tcmalloc", "mimalloc", "musl", "glibc"],
          doc: "The first of these that has one: what is preloaded stands before the C library.",
        },
        path: { kind: "text", tells: "file", doc: "The module's path." },
      },
    },
    notSavedBytes: { kind: "bytes", nullable: true, doc: "As in the totals." },
    notSaved: {
      kind: "list",
      doc: "What was not saved, by the kind of memory, as coredump_filter tells it apart.",
      of: {
        kind: "object",
        columns: {
          kind: {
            kind: "choice",
            values: ["file", "shared", "huge", "anonymous", "unknown", "cut off"],
            doc: "The kind of memory.",
          },
          bytes: { kind: "bytes", nullable: true, doc: "Its bytes; null above 2^53." },
        },
      },
    },
    betterFilter: {
      kind: "mask",
      nullable: true,
      doc: "A coredump_filter that would save more, as 0x3f; null where none would.",
    },
    warnings: {
      kind: "list",
      of: { kind: "text", tells: "prose" },
      doc: "What is wrong with the file, a sentence each.",
    },
  },
  lines: {
    part: {
      kind: "text",
      tells: "ours",
      title: "Part",
      doc: "What the line is about; empty where it goes on.",
    },
    text: {
      kind: "text",
      tells: "ours",
      title: "What",
      doc: "What is said of it; of a module in csv and tsv, why it is taken for the one that was loaded, or not.",
    },
    path: {
      kind: "text",
      tells: "ours",
      nullable: true,
      doc: "In csv and tsv, a module's path; null of all else.",
    },
    start: { kind: "address", nullable: true, doc: "And its first address." },
    end: { kind: "end", nullable: true, doc: "And one past its last." },
    buildId: { kind: "hex", tells: "ours", nullable: true, doc: "And its build ID." },
    matches: {
      kind: "flag",
      nullable: true,
      doc: "And whether the file at its path is proven to be the one that was loaded.",
    },
  },
});

export type InfoRow = RowOf<typeof INFO>;
/** A line of csv and tsv. */
export type InfoRecord = RecordOf<(typeof INFO)["lines"]>;
