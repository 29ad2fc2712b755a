// Makes musl's malloc look as it does after a long time, and writes down which blocks are live: blocks SEED STEPS FILE, then prints "ready" and
// waits. FILE: rows of two u64, address and bytes. musl-gcc -O1 -static blocks.c -o blocks: so that no loader has blocks of its own.
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEPT = 6000 };
static struct { uint64_t at, bytes; } kept[KEPT];
static unsigned state;

static unsigned next(void) { return (state = state * 1664525u + 1013904223u) >> 8; }

static size_t size(void) {
  unsigned kind = next() % 1000;
  if (kind < 700) return next() % 200;
  if (kind < 940) return next() % 4000;
  if (kind < 995) return next() % 100000;
  return next() % 3000000;
}

int main(int count, char **given) {
  if (count < 4) return 2;
  state = (unsigned)atoi(given[1]);
  for (int step = atoi(given[2]); step > 0; step--) {
    unsigned at = next() % KEPT, what = next() % 16;
    void *block = (void *)kept[at].at;
    size_t bytes = size();
    if (block && what < 3) block = realloc(block, bytes + 1), bytes++;
    else if (block) free(block), block = 0, bytes = 0;
    else if (what == 15) {
      // Alignments up to 4 MiB: further than 16 bits of units count.
      if (posix_memalign(&block, 32ul << next() % 18, bytes)) return 3;
    } else block = what == 14 ? calloc(1, bytes) : malloc(bytes);
    if (block) memset(block, 0x5a, bytes < 4096 ? bytes : 4096);
    kept[at].at = (uint64_t)block;
    kept[at].bytes = bytes;
  }
  int file = open(given[3], O_WRONLY | O_CREAT, 0600);
  if (file < 0 || write(file, kept, sizeof kept) != sizeof kept) return 4;
  if (write(1, "ready\n", 6) < 0) return 1;
  for (;;) pause();
}
