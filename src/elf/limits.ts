/** How much of a hostile file is believed. Tests inject smaller ones. */
export interface ElfLimits {
  /** Program headers; Linux allows 65,530 mappings, many distributions 1,048,576 (vm.max_map_count). */
  readonly segments: number;
  readonly sections: number;
  readonly notes: number;
  readonly threads: number;
  /** Bytes of one note that is read whole; the kernel's NT_FILE ends at 16 MiB (fs/coredump.c). */
  readonly noteBytes: number;
  readonly symbols: number;
  /** Bytes of one string table. */
  readonly stringBytes: number;
}

export const ELF_LIMITS: ElfLimits = {
  segments: 1 << 21,
  sections: 1 << 17,
  notes: 1 << 22,
  threads: 1 << 19,
  noteBytes: 16 << 20,
  symbols: 1 << 24,
  stringBytes: 256 << 20,
};
