// Which blocks malloc has handed out, as malloc's own callers know it: preloaded, it keeps a table of them in the file RECORD, which is
// mapped so that no core holds it. A row: address, bytes asked for. gcc -O1 -shared -fPIC record.c -o record.so
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

enum { ROWS = 1 << 18 };
struct row { uint64_t address, bytes; };
static struct row *rows;
static volatile int isLocked, state;

static void start(void) {
  if (!__sync_bool_compare_and_swap(&state, 0, 1)) {
    while (state == 1) sched_yield();
    return;
  }
  const char *file = getenv("RECORD");
  int fd = file ? open(file, O_RDWR | O_CREAT, 0600) : -1;
  if (fd >= 0 && ftruncate(fd, ROWS * sizeof(struct row)) == 0) {
    void *table = mmap(0, ROWS * sizeof(struct row), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (table != MAP_FAILED) {
      madvise(table, ROWS * sizeof(struct row), MADV_DONTDUMP);
      rows = table;
    }
  }
  if (fd >= 0) close(fd);
  state = 2;
}

// An open hash table; 1 marks a row that was given back.
static void keep(void *block, size_t bytes) {
  if (!block) return;
  if (state != 2) start();
  if (!rows) return;
  uint64_t address = (uint64_t)block;
  while (__sync_lock_test_and_set(&isLocked, 1)) sched_yield();
  uint64_t at = (address >> 4) * 0x9E3779B97F4A7C15ull >> 46;
  while (rows[at].address > 1) at = (at + 1) % ROWS;
  rows[at].bytes = bytes;
  rows[at].address = address;
  __sync_lock_release(&isLocked);
}

static void drop(void *block) {
  if (!block || !rows) return;
  uint64_t address = (uint64_t)block;
  while (__sync_lock_test_and_set(&isLocked, 1)) sched_yield();
  uint64_t at = (address >> 4) * 0x9E3779B97F4A7C15ull >> 46;
  for (int seen = 0; seen < ROWS && rows[at].address != 0; seen++, at = (at + 1) % ROWS)
    if (rows[at].address == address) {
      rows[at].address = 1;
      break;
    }
  __sync_lock_release(&isLocked);
}

void *malloc(size_t bytes) { void *block = __libc_malloc(bytes); keep(block, bytes); return block; }
void free(void *block) { drop(block); __libc_free(block); }
void *calloc(size_t count, size_t each) { void *block = __libc_calloc(count, each); keep(block, count * each); return block; }
void *realloc(void *old, size_t bytes) { drop(old); void *block = __libc_realloc(old, bytes); keep(block, bytes); return block; }
void *memalign(size_t to, size_t bytes) { void *block = __libc_memalign(to, bytes); keep(block, bytes); return block; }
void *aligned_alloc(size_t to, size_t bytes) { return memalign(to, bytes); }
int posix_memalign(void **block, size_t to, size_t bytes) { return (*block = memalign(to, bytes)) ? 0 : ENOMEM; }
