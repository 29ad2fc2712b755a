/** How an ELF file writes its numbers: EI_CLASS and EI_DATA (gABI, "ELF Identification"). */
export interface ElfLayout {
  /** Bits of an address. */
  readonly class: 32 | 64;
  readonly endian: "little" | "big";
}

/** Bytes of an address, an offset, or a C `long` in this file. */
export function addressBytes(layout: ElfLayout): 4 | 8 {
  return layout.class === 64 ? 8 : 4;
}
