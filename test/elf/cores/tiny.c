/* A process whose memory is known: one page of each kind, each full of a word that tells which, and a crash. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

enum { PAGE = 4096 };

uintptr_t pattern[64] = {0x11223344, 0x55667788, 1, 2, 3};

static void fill(void *page, uintptr_t word) {
  if (page == MAP_FAILED) return;
  for (uintptr_t *at = page; at < (uintptr_t *)page + PAGE / sizeof *at; at++) *at = word;
}

#ifdef WITH_MAPPINGS
void *own(void); /* from libtiny.so, which is gone from the disk when the process dies */

static void map_all(const char *file) {
  own();
  unlink("libtiny.so");
  fill(mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 0xa110c001);
  fill(mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), 0x5a5a0001);
  int fd = memfd_create("tiny", 0);
  ftruncate(fd, PAGE);
  fill(mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), 0x5a5a0002);
  fd = shm_open("/coregram-tiny", O_RDWR | O_CREAT, 0600);
  ftruncate(fd, PAGE);
  fill(mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), 0x5a5a0003);
  shm_unlink("/coregram-tiny");
  int id = shmget(0x7e57, PAGE, IPC_CREAT | 0600);
  fill(shmat(id, 0, 0), 0x5a5a0004);
  shmctl(id, IPC_RMID, 0);
  /* One file at two places: two modules of one path. */
  fd = open(file, O_RDONLY);
  mmap(0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
}
#endif

int main(int argc, char **argv) {
#ifdef WITH_MAPPINGS
  map_all(argv[0]);
#endif
  pattern[5] = (uintptr_t)&pattern;
  if (argc > 1) {
    puts("ready");
    fflush(stdout);
    pause();
  }
  raise(SIGABRT);
}
