import type { ByteSource } from "../bytes/index.ts";
import { CoregramError, printable } from "../terms/index.ts";

/** A file that holds no memory as it lies there, known by how it begins, and what makes memory of it. */
interface ForeignFile {
  /** What messages call it. */
  readonly name: string;
  /** Whether these first HEAD_BYTES are of one. */
  begins(head: Uint8Array): boolean;
  /** A command that makes a core of it, or who reads it where none does. */
  readonly instead: string;
}

const HEAD_BYTES = 32;
/** Dumps of a whole machine have processes within. */
const IN_CRASH = "crash VMLINUX FILE, and gcore PID in it (its extension gcore), makes a core of a process";

/** Magics are of four bytes at least, with what must follow them, so that hardly any heap begins so. */
const FOREIGN_FILES: readonly ForeignFile[] = [
  // The digits of pi head a block, those of its root an empty file's end (bzip2's format).
  {
    name: "bzip2",
    begins: (head) =>
      isText(head, 0, "BZh") && (isText(head, 4, "1AY&SY") || isText(head, 4, "\x17rE8P\x90")),
    instead: "bunzip2 -k FILE",
  },
  { name: "lzma", begins: isLzma, instead: "xz -dk FILE" },
  { name: "lzip", begins: (head) => isText(head, 0, "LZIP\x01"), instead: "lzip -dk FILE" },
  { name: "7z", begins: (head) => isText(head, 0, "7z\xbc\xaf\x27\x1c"), instead: "7z x FILE" },
  { name: "zip", begins: (head) => isText(head, 0, "PK\x03\x04"), instead: "unzip FILE" },
  { name: "lzop", begins: (head) => isText(head, 0, "\x89LZO\0\r\n\x1a\n"), instead: "lzop -d FILE" },
  // lz4_Frame_format.md, "Legacy frame".
  { name: "legacy lz4", begins: (head) => isText(head, 0, "\x02\x21\x4c\x18"), instead: "lz4 -d FILE" },
  // MINIDUMP_HEADER (minidumpapiset.h): its version's low half is always this.
  {
    name: "minidump",
    begins: (head) => isText(head, 0, "MDMP\x93\xa7"),
    instead: "minidump-2-core FILE (Breakpad's)",
  },
  {
    name: "Windows memory dump",
    begins: (head) => isText(head, 0, "PAGEDU64") || isText(head, 0, "PAGEDUMP"),
    instead: "WinDbg reads it, and no tool makes a core of it",
  },
  // mach-o/loader.h: filetype 4 is MH_CORE.
  {
    name: "Mach-O core",
    begins: (head) => isText(head, 1, "\xfa\xed\xfe") && isText(head, 12, "\x04\0\0\0"),
    instead: "lldb -c FILE reads it, and no tool makes an ELF core of it",
  },
  {
    name: "kdump",
    begins: (head) => isText(head, 0, "KDUMP   ") || isText(head, 0, "DISKDUMP"),
    instead: IN_CRASH,
  },
  // MAKEDUMPFILE_SIGNATURE (makedumpfile.h).
  {
    name: "flattened makedumpfile",
    begins: (head) => isText(head, 0, "makedumpfile\0"),
    instead: `makedumpfile -R DUMP < FILE makes a kdump file; of that, ${IN_CRASH}`,
  },
  // lime.h: the magic, and version 1.
  { name: "LiME", begins: (head) => isText(head, 0, "EMiL\x01\0\0\0"), instead: IN_CRASH },
  // parquet-format, README.md: what follows the magic is a page's header, whose first field is an i32.
  {
    name: "Parquet",
    begins: (head) => isText(head, 0, "PAR1\x15"),
    instead: "coregram query SQL FILE asks it; diff, diagnose and report take a summary",
  },
  // criu/include/magic.h: images have one of two magics before their own; pages-N.img has none, and is memory.
  {
    name: "CRIU image",
    begins: (head) => isText(head, 0, "\x19\x43\x56\x54") || isText(head, 0, "\x40\x59\x10\x55"),
    instead: "criu-coredump -i FOLDER; pages-N.img beside it is plain memory",
  },
];

/**
 * Refuses what is known to hold no memory as it lies there: its words would look like those of memory, and be none.
 * @throws CoregramError `format`, with what makes a core of it
 */
export function refuseForeignFile(source: ByteSource): void {
  const head = new Uint8Array(HEAD_BYTES);
  source.read(0, head);
  const known = FOREIGN_FILES.find(({ begins }) => begins(head));
  if (known === undefined) return;
  const name = printable(source.name);
  throw new CoregramError(
    "format",
    `${name} is a ${known.name} file, not memory: ${known.instead.replaceAll("FILE", name)}; ` +
      `coregram --base 0 counts its bytes as they are`,
  );
}

/** Whether these bytes, as Latin-1, stand there. */
function isText(head: Uint8Array, at: number, text: string): boolean {
  return Buffer.from(text, "latin1").equals(head.subarray(at, at + text.length));
}

/** Sizes beyond 256 GiB are none (XZ Utils, alone_decoder.c, which has to tell such files by no more than this). */
const MOST_LZMA_BYTES = 1n << 38n;

/**
 * A file of lzma alone has no magic: properties, which all writers leave at their default, a dictionary of 2^n or
 * 2^n + 2^(n-1) bytes, and the size, or -1.
 */
function isLzma(head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const dictionary = view.getUint32(1, true);
  const size = view.getBigUint64(5, true);
  const top = 2 ** (31 - Math.clz32(dictionary));
  const isRound = dictionary === top || dictionary === top + top / 2;
  const isSize = size === 0xffff_ffff_ffff_ffffn || (size > 0n && size < MOST_LZMA_BYTES);
  // The first byte of the stream is always 0 (LZMA specification, "range coder").
  return head[0] === 0x5d && dictionary >= 4096 && isRound && isSize && head[13] === 0;
}
