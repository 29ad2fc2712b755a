// Blocks that malloc maps each on its own, aligned, and moved to places where they are not: moved FILE writes a line
// for each, address and usable bytes, prints "ready" and waits. No place is left to the kernel. gcc -O1 moved.c -o moved
#define _GNU_SOURCE
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, BYTES = 300000, SLOT = 1 << 21, SLOTS = 64 };
static char *slots;
static int used;

/** The mapping of a block: its header's prev_size is the way from the mapping's start (malloc/malloc.c, `mremap_chunk`). */
static char *mapping(void *block, size_t *bytes) {
  size_t *header = (size_t *)block - 2;
  *bytes = (header[0] + (header[1] & ~7ul) + PAGE - 1) & ~(PAGE - 1ul);
  return (char *)header - header[0];
}

/** As realloc has the kernel move a mapping that cannot grow where it is; `pages` behind a place of any alignment. */
static void *move(void *block, size_t pages) {
  size_t bytes;
  char *from = mapping(block, &bytes), *to = slots + SLOT * (size_t)used++ + pages * PAGE;
  if (used > SLOTS || mremap(from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to) exit(3);
  return to + ((char *)block - from);
}

static void tell(FILE *file, void *block) { fprintf(file, "%zu %zu\n", (size_t)block, malloc_usable_size(block)); }

static void *aligned(size_t to) {
  void *block;
  if (posix_memalign(&block, to, BYTES) || (uintptr_t)block % to) exit(4);
  memset(block, 1, 100);
  return block;
}

int main(int count, char **given) {
  FILE *file = fopen(given[count - 1], "w");
  if (count < 2 || !file) return 2;
  // No block is another's neighbour, and each slot begins at a multiple of any alignment here.
  char *all = mmap(0, (SLOTS + 1) * (size_t)SLOT, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (all == MAP_FAILED) return 1;
  slots = all + SLOT - (uintptr_t)all % SLOT;
  // Freed blocks of this size would raise the threshold: then nothing was mapped on its own.
  mallopt(M_MMAP_THRESHOLD, 128 * 1024);
  tell(file, malloc(BYTES));
  for (size_t to = 32; to <= 1 << 17; to *= 2) {
    tell(file, aligned(to));
    size_t pages = to / PAGE;
    for (size_t page = 1; page < pages; page = page * 2 + 1) {
      // Its own header has another size afterwards, and the one at the mapping's start the old one.
      tell(file, move(aligned(to), page));
      tell(file, realloc(move(aligned(to), page), BYTES / 2));
    }
  }
  fflush(file);
  if (write(1, "ready\n", 6) < 0) return 1;
  for (;;) pause();
}
