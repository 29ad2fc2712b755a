import { type ElfHeader, Fields, SegmentType } from "../../elf/index.ts";
import { type Address, address } from "../../terms/index.ts";
import type { Core } from "../core.ts";
import { readDynamic } from "./dynamic.ts";
import type { MemoryModule } from "./memory-modules.ts";

/** A module as the dynamic linker lists it. */
export interface LinkedObject {
  /** l_addr: the load bias. */
  readonly loadBias: bigint;
  /** l_name; empty for the executable. Untrusted. */
  readonly name: string;
  /** l_ld: its dynamic section, which lies in the module. */
  readonly dynamic: Address;
}

/** d_tag (gABI, "Dynamic Section"). */
const DT_DEBUG = 21n;
const MOST_OBJECTS = 1 << 14;
const MOST_PROGRAM_HEADERS = 1 << 10;
const MOST_NAME_BYTES = 4096;

/**
 * Walks the dynamic linker's list: AT_PHDR → PT_DYNAMIC → DT_DEBUG → r_debug.r_map → link_map (glibc
 * elf/link.h; gdb finds it in the same way). Null where the program is static or the way is not saved.
 * @param inMemory where no AT_PHDR tells, the first of them with a DT_DEBUG that is filled in is the program
 */
export function readLinkMap(core: Core, inMemory: readonly MemoryModule[]): LinkedObject[] | null {
  const { image, warnings } = core;
  const step = image.layout.class === 64 ? 8n : 4n;
  const main = findDynamic(core);
  const dynamics =
    main === null ? inMemory.flatMap(({ dynamic }) => (dynamic === null ? [] : [dynamic])) : [main];
  let debug = 0n;
  for (const dynamic of dynamics) {
    debug = readDynamic(image, dynamic).get(DT_DEBUG) ?? 0n;
    if (debug !== 0n) break;
  }
  // struct r_debug: int r_version, padded to a pointer; then r_map.
  const first = debug === 0n ? null : image.readWord(debug + step);
  if (first === null || first === 0n) return null;
  const objects: LinkedObject[] = [];
  const seen = new Set<bigint>();
  for (let at: bigint = first; at !== 0n && !seen.has(at); ) {
    if (objects.length === MOST_OBJECTS) {
      warnings.add("link map", `link map has more than ${MOST_OBJECTS} objects; the rest are not read`);
      break;
    }
    seen.add(at);
    // struct link_map: l_addr, l_name, l_ld, l_next.
    const bytes = new Uint8Array(Number(4n * step));
    if (image.read(at, bytes) < bytes.length) {
      warnings.add(
        "link map",
        `link map breaks off at ${objects.length} objects: 0x${at.toString(16)} is not saved`,
      );
      break;
    }
    const fields = new Fields(bytes, image.layout);
    const size = Number(step);
    objects.push({
      loadBias: fields.word(0),
      name: image.readText(fields.word(size), MOST_NAME_BYTES) ?? "",
      dynamic: address(fields.word(2 * size)),
    });
    at = fields.word(3 * size);
  }
  return objects;
}

/** The executable's dynamic section in memory. */
function findDynamic({ header, image, notes }: Core): bigint | null {
  const { programHeaders: at, programHeaderCount: count } = notes.auxiliary ?? {};
  if (at === undefined || at === null || count === undefined || count === null) return null;
  const entryBytes = header.class === 64 ? 56 : 32;
  const bytes = new Uint8Array(Math.min(count, MOST_PROGRAM_HEADERS) * entryBytes);
  const fields = new Fields(bytes.subarray(0, image.read(at, bytes)), header);
  let dynamic: bigint | null = null;
  let bias = 0n;
  for (let entry = 0; entry + entryBytes <= fields.length; entry += entryBytes) {
    const type = fields.u32(entry);
    // PT_PHDR places the headers themselves; without one the program is not position-independent.
    if (type === SegmentType.PHDR) bias = at - addressIn(fields, entry, header);
    if (type === SegmentType.DYNAMIC) dynamic = addressIn(fields, entry, header);
  }
  return dynamic === null ? null : BigInt.asUintN(64, dynamic + bias);
}

/** p_vaddr of the program header at `entry`. */
function addressIn(fields: Fields, entry: number, header: ElfHeader): bigint {
  return fields.word(entry + (header.class === 64 ? 16 : 8));
}
