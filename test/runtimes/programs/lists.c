/* malloc that no reader knows, to be preloaded: blocks of a size are cut from mapped memory one behind the other, behind a
   word with the size, and freed ones are kept in a list by their first word.

       cc -shared -fPIC -O1 -o liblists.so lists.c */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#define UNIT 16
#define CHUNK (1 << 20)
#define CLASSES 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void *freed[CLASSES];
static char *next, *end;

static size_t *head(void *block) { return (size_t *)block - 2; }

static char *cut(size_t bytes) {
  if (bytes > (size_t)(end - next)) {
    size_t room = bytes > CHUNK ? (bytes + 4095) & ~(size_t)4095 : CHUNK;
    char *map = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) return NULL;
    if (bytes > CHUNK) return map;
    next = map;
    end = map + room;
  }
  next += bytes;
  return next - bytes;
}

void *malloc(size_t bytes) {
  size_t size = (bytes + UNIT - 1) / UNIT * UNIT;
  size_t kind = size / UNIT;
  pthread_mutex_lock(&lock);
  char *block = NULL;
  if (kind < CLASSES && freed[kind] != NULL) {
    block = freed[kind];
    freed[kind] = *(void **)block;
  } else {
    char *at = cut(size + UNIT);
    if (at != NULL) {
      block = at + UNIT;
      *head(block) = size;
    }
  }
  pthread_mutex_unlock(&lock);
  if (block == NULL) errno = ENOMEM;
  return block;
}

void free(void *block) {
  if (block == NULL) return;
  size_t kind = *head(block) / UNIT;
  if (kind >= CLASSES || kind == 0) return;
  pthread_mutex_lock(&lock);
  *(void **)block = freed[kind];
  freed[kind] = block;
  pthread_mutex_unlock(&lock);
}

void *calloc(size_t count, size_t each) {
  if (each != 0 && count > SIZE_MAX / each) return NULL;
  void *block = malloc(count * each);
  return block == NULL ? NULL : memset(block, 0, count * each);
}

void *realloc(void *block, size_t bytes) {
  if (block == NULL) return malloc(bytes);
  size_t size = *head(block);
  if (bytes <= size && bytes > size / 2) return block;
  void *other = malloc(bytes);
  if (other == NULL) return NULL;
  memcpy(other, block, bytes < size ? bytes : size);
  free(block);
  return other;
}

void *memalign(size_t alignment, size_t bytes) {
  if (alignment <= UNIT) return malloc(bytes);
  char *block = malloc(bytes + alignment + UNIT);
  if (block == NULL) return NULL;
  char *aligned = (char *)(((uintptr_t)block + alignment) & ~(alignment - 1));
  /* Such a block is never used again. */
  *head(aligned) = 0;
  return aligned;
}

int posix_memalign(void **to, size_t alignment, size_t bytes) { return (*to = memalign(alignment, bytes)) == NULL ? ENOMEM : 0; }
void *aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }
