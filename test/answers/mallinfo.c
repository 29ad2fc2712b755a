// Threads that allocate and free a lot, each in an arena of its own; then malloc's own account of it goes to FILE.
// mallinfo FILE WAYS; prints "ready" and waits. WAYS, any of: f brk that is moved by another in the middle, - none.
// gcc -O1 -pthread mallinfo.c -o mallinfo
#define _GNU_SOURCE
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 5, KEPT = 4000, LARGE = 20 };
static pthread_barrier_t done;
static void *large[LARGE];
static char buffer[1 << 18];

static unsigned next(unsigned *state) { return (*state = *state * 1664525u + 1013904223u) >> 8; }

static void churn(unsigned state) {
  void **kept = calloc(KEPT, sizeof *kept);
  for (int step = 0; step < 60000; step++) {
    unsigned at = next(&state) % KEPT;
    size_t bytes = next(&state) % (step % 50 ? 600 : 30000);
    free(kept[at]);
    kept[at] = next(&state) % 3 ? malloc(bytes) : 0;
    if (kept[at]) memset(kept[at], 0x5a, bytes);
  }
  // Fastbins and tcaches fill only where nothing is merged afterwards.
  for (int at = 0; at < KEPT; at++)
    if (kept[at] && malloc_usable_size(kept[at]) < 100) {
      free(kept[at]);
      kept[at] = 0;
    }
}

static void *thread(void *number) {
  churn(7 + (unsigned)(size_t)number);
  pthread_barrier_wait(&done);
  for (;;) pause();
  return 0;
}

int main(int count, char **given) {
  if (count < 3) return 2;
  FILE *file = fopen(given[1], "w");
  if (!file) return 1;
  // So that nothing is allocated while malloc tells of itself.
  setvbuf(file, buffer, _IOFBF, sizeof buffer);
  pthread_barrier_init(&done, 0, THREADS + 1);
  for (long i = 0; i < THREADS; i++) {
    pthread_t made;
    pthread_create(&made, 0, thread, (void *)i);
  }
  churn(1);
  if (strchr(given[2], 'f')) {
    memset(sbrk(8192), 0x31, 8192);
    churn(2);
  }
  for (int i = 0; i < LARGE; i++) {
    if (i % 3) large[i] = malloc(300000 + 40000 * (size_t)i);
    else if (posix_memalign(&large[i], 64ul << i, 500000)) return 1;
    if (i % 4 == 0) large[i] = realloc(large[i], 900000);
    memset(large[i], 1, 1000);
  }
  for (int i = 0; i < LARGE; i += 5) {
    free(large[i]);
    large[i] = 0;
  }
  pthread_barrier_wait(&done);
  usleep(200000);
  struct mallinfo2 all = mallinfo2();
  fprintf(file, "arena %zu ordblks %zu smblks %zu hblks %zu hblkhd %zu ", all.arena, all.ordblks, all.smblks, all.hblks, all.hblkhd);
  fprintf(file, "fsmblks %zu uordblks %zu fordblks %zu keepcost %zu\n", all.fsmblks, all.uordblks, all.fordblks, all.keepcost);
  malloc_info(0, file);
  fflush(file);
  if (write(1, "ready\n", 6) < 0) return 1;
  for (;;) pause();
}
