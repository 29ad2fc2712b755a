import type { FileMapping } from "../elf/index.ts";

/**
 * What a mapping's name tells of who else has its memory. A dump does not say MAP_SHARED; these names do:
 * POSIX shared memory, memfd_create(2), System V segments, and shared anonymous memory, which the kernel backs
 * with an unlinked file and calls `/dev/zero (deleted)` (Linux mm/shmem.c, ipc/shm.c).
 */
export function isSharedByName(mapping: FileMapping): boolean {
  const { path, deleted } = mapping;
  return (
    path.startsWith("/dev/shm/") ||
    path.startsWith("/memfd:") ||
    /^\/SYSV[0-9a-f]{8}$/.test(path) ||
    (path === "/dev/zero" && deleted)
  );
}

/** Pages of hugetlbfs, by the kernel's own name or the usual mount point. */
export function isHugeByName(mapping: FileMapping): boolean {
  return mapping.path.startsWith("/anon_hugepage") || mapping.path.startsWith("/dev/hugepages/");
}
