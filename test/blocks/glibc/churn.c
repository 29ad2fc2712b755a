// Makes malloc's heaps look as they do after a long time: churn SEED THREADS STEPS WAYS, then prints "ready" and waits.
// WAYS, any of: s foreign brk in the middle, n brk cannot grow any more, m aligned blocks, b large ones, t malloc_trim, c many cached ones,
// w threads that go on while the core is taken. gcc -O1 -pthread churn.c -o churn
#define _GNU_SOURCE
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { KEPT = 3000 };
static const char *ways;
static unsigned seed;
static int steps;
static void *shared[KEPT];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int has(char way) { return strchr(ways, way) != 0; }

static unsigned next(unsigned *state) { return (*state = *state * 1664525u + 1013904223u) >> 8; }

static size_t size(unsigned *state) {
  unsigned kind = next(state) % 1000;
  if (kind < 700) return next(state) % 200;
  if (kind < 950) return next(state) % 2000;
  if (kind < 997 || !has('b')) return next(state) % 20000;
  return next(state) % 400000;
}

static void churn(unsigned state, int isMain) {
  void **kept = calloc(KEPT, sizeof *kept);
  for (int step = 0; step < steps; step++) {
    unsigned at = next(&state) % KEPT, what = next(&state) % 16;
    if (kept[at] && what == 0) kept[at] = realloc(kept[at], size(&state) + 1);
    else if (kept[at] && what < 9) { free(kept[at]); kept[at] = 0; }
    else if (!kept[at]) {
      size_t bytes = size(&state);
      size_t to = 32ul << next(&state) % 10;
      if (has('m') && what == 15) { if (posix_memalign(&kept[at], to, bytes)) kept[at] = 0; }
      else kept[at] = what == 14 ? calloc(1, bytes) : malloc(bytes);
      if (kept[at]) memset(kept[at], 0x5a, bytes < 4096 ? bytes : 4096);
    }
    // Blocks go from one thread to another, and are freed into an arena that is not the thread's.
    if (what == 3) {
      pthread_mutex_lock(&lock);
      unsigned place = next(&state) % KEPT;
      void *old = shared[place];
      shared[place] = kept[at];
      kept[at] = 0;
      pthread_mutex_unlock(&lock);
      free(old);
    }
    if (isMain && has('s') && step == steps / 3) memset(sbrk(5000), 0x31, 5000);
    if (isMain && has('n') && step == steps / 2)
      mmap((char *)(((size_t)sbrk(0) + 4095) & ~4095ul), 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (isMain && has('t') && step == steps * 3 / 4) malloc_trim(0);
  }
  if (has('c')) {
    void *blocks[600];
    for (int i = 0; i < 600; i++) blocks[i] = malloc(24 + 16 * (i % 60));
    for (int i = 0; i < 600; i++) free(blocks[i]);
  }
}

static pthread_barrier_t done;

static void *thread(void *number) {
  churn(seed + 77 * (unsigned)(size_t)number, 0);
  pthread_barrier_wait(&done);
  // Every third one ends, and leaves its arena to nobody.
  if ((size_t)number % 3 == 2) return 0;
  for (;;) pause();
}

int main(int count, char **given) {
  if (count < 5) return 2;
  seed = (unsigned)atoi(given[1]);
  int threads = atoi(given[2]);
  steps = atoi(given[3]);
  ways = given[4];
  pthread_barrier_init(&done, 0, (unsigned)threads + 1);
  for (long i = 1; i <= threads; i++) {
    pthread_t made;
    pthread_create(&made, 0, thread, (void *)i);
  }
  churn(seed, 1);
  pthread_barrier_wait(&done);
  usleep(threads ? 300000 : 0);
  if (write(1, "ready\n", 6) < 0) return 1;
  for (;;) pause();
}
