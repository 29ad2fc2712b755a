import { SegmentFlag } from "../../elf/index.ts";
import { USER_SPACE_END } from "../../terms/index.ts";

/** A mapping of a living process, as /proc/PID/smaps has it: [start, end). */
export interface LiveMapping {
  readonly start: number;
  readonly end: number;
  /** p_flags. */
  readonly flags: number;
  readonly isShared: boolean;
  readonly fileOffset: number;
  /** In Latin-1, a character a byte; empty, or in brackets, for what is no file. */
  readonly path: string;
  readonly isFile: boolean;
  /** Pages that have been touched, those in swap among them. */
  readonly touchedBytes: number;
  /** Of these, the process's own: in no file. */
  readonly ownBytes: number;
  /** No memory to copy: a device's, or excluded from dumps (madvise(2), MADV_DONTDUMP), or the kernel's clock. */
  readonly isExcluded: boolean;
}

const LINE = /^([0-9a-f]+)-([0-9a-f]+) ([r-])([w-])([x-])([sp]) ([0-9a-f]+) [0-9a-f]+:[0-9a-f]+ (\d+) *(.*)$/;
/** Pages of hugetlbfs are not among Rss. */
const TOUCHED: ReadonlySet<string> = new Set(["Rss", "Swap", "Private_Hugetlb", "Shared_Hugetlb"]);
const OWN: ReadonlySet<string> = new Set(["Anonymous", "Swap", "Private_Hugetlb"]);
/** VmFlags: device memory, pages without a struct, not to be dumped (Linux Documentation/filesystems/proc.rst). */
const EXCLUDING: ReadonlySet<string> = new Set(["io", "pf", "dd"]);

/** The mappings of user space, in the order of their addresses. */
export function parseMappings(smaps: string): LiveMapping[] {
  const mappings: LiveMapping[] = [];
  let lines: string[] = [];
  const finish = () => {
    const mapping = parseMapping(lines);
    if (mapping !== null && mapping.end <= USER_SPACE_END) mappings.push(mapping);
  };
  for (const line of smaps.split("\n")) {
    if (/^[0-9a-f]+-/.test(line)) {
      finish();
      lines = [];
    }
    lines.push(line);
  }
  finish();
  return mappings;
}

function parseMapping([head = "", ...values]: readonly string[]): LiveMapping | null {
  const [, start = "", end = "", read, write, execute, shared, offset = "", inode, path = ""] =
    LINE.exec(head) ?? [];
  if (start === "") return null;
  let touched = 0;
  let own = 0;
  let isExcluded = false;
  for (const line of values) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1);
    if (TOUCHED.has(name)) touched += 1024 * Number.parseInt(value, 10);
    if (OWN.has(name)) own += 1024 * Number.parseInt(value, 10);
    if (name === "VmFlags") isExcluded = value.split(" ").some((flag) => EXCLUDING.has(flag));
  }
  return {
    start: Number.parseInt(start, 16),
    end: Number.parseInt(end, 16),
    flags:
      (read === "r" ? SegmentFlag.READ : 0) |
      (write === "w" ? SegmentFlag.WRITE : 0) |
      (execute === "x" ? SegmentFlag.EXECUTE : 0),
    isShared: shared === "s",
    fileOffset: Number.parseInt(offset, 16),
    // The kernel writes a newline in a name as \012.
    path: path.replaceAll("\\012", "\n"),
    isFile: inode !== "0",
    touchedBytes: touched,
    ownBytes: own,
    isExcluded,
  };
}
