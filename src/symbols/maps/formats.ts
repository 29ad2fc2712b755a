import { addressName } from "../table/address-name.ts";
import { crashSymbols } from "./crash-symbols.ts";
import { disassembly } from "./disassembly.ts";
import type { MapFormat } from "./format.ts";
import { gdbExamine } from "./gdb-examine.ts";
import { gdbTranscript } from "./gdb-transcript.ts";
import { goNm } from "./go-nm.ts";
import { nm } from "./nm.ts";
import { nmPosix } from "./nm-posix.ts";
import { objdump } from "./objdump.ts";
import { perfMap } from "./perf-map.ts";
import { readelf } from "./readelf.ts";

/**
 * Every map format. The one that understands most lines of a map reads all of it; where several understand
 * the same number, the first here does, so the more particular ones come first.
 */
export const MAP_FORMATS: readonly MapFormat[] = [
  gdbTranscript,
  gdbExamine,
  readelf,
  objdump,
  disassembly,
  crashSymbols,
  nmPosix,
  goNm,
  nm,
  perfMap,
  addressName,
];
