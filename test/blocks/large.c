// Blocks that malloc maps each on its own, of sizes about whole pages, and writes down what they are: large SEED FILE, then prints
// "ready" and waits. FILE: rows of three u64, address, bytes asked for, malloc_usable_size.
// gcc -O1 large.c -o large, and musl-gcc -O1 -static
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCKS = 300, LEAST = 160 << 10 };
static struct { uint64_t at, bytes, usable; } blocks[BLOCKS];
static unsigned state;

static unsigned next(void) { return (state = state * 1664525u + 1013904223u) >> 8; }

int main(int count, char **given) {
  if (count < 3) return 2;
  state = (unsigned)atoi(given[1]);
  for (int block = 0; block < BLOCKS; block++) {
    // Near a page's end each size but one byte more or less is another number of pages.
    size_t bytes = LEAST + 4096 * (next() % 200) + next() % 80 - 40, how = next() % 4;
    void *at = how == 3 ? calloc(1, bytes) : malloc(how == 2 ? bytes + 4096 * (next() % 100) : bytes);
    if (how == 2) at = realloc(at, bytes);
    if (!at) return 3;
    memset(at, 0x5a, bytes);
    blocks[block].at = (uint64_t)at;
    blocks[block].bytes = bytes;
    blocks[block].usable = malloc_usable_size(at);
    if (next() % 5 == 0) free(at), blocks[block].at = 0;
  }
  int file = open(given[2], O_WRONLY | O_CREAT, 0600);
  if (file < 0 || write(file, blocks, sizeof blocks) != sizeof blocks) return 4;
  if (write(1, "ready\n", 6) < 0) return 1;
  for (;;) pause();
}
