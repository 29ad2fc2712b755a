// What the three programs share: the file as words in memory, threads, and a line of output.
#pragma once
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

/// A file's 8-byte words, mapped with all its pages present. A last partial word is not one of them.
struct Words {
  const uint64_t *data = nullptr;
  size_t count = 0;

  explicit Words(const char *path) {
    int file = open(path, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0) fail(path);
    count = status.st_size / 8;
    if (count == 0) return;
    void *map = mmap(nullptr, status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (map == MAP_FAILED) fail(path);
    data = static_cast<const uint64_t *>(map);
  }

  static void fail(const char *path) {
    perror(path);
    exit(1);
  }
};

struct Row {
  uint64_t word;
  uint32_t count;
};

/// By count, then by word, descending.
inline bool before(const Row &a, const Row &b) {
  return a.count != b.count ? a.count > b.count : a.word > b.word;
}

/// Fibonacci hashing: the high bits are the good ones.
inline uint64_t hash(uint64_t word) { return word * 0x9E3779B97F4A7C15u; }

/// Calls the task with 0 to threads - 1, each in a thread of its own.
template <typename Task>
void in_parallel(int threads, Task task) {
  std::vector<std::thread> started;
  for (int t = 0; t < threads; t++) started.emplace_back([=] { task(t); });
  for (auto &thread : started) thread.join();
}

/// The start of the part of `count` items that is thread t's; its end is that of t + 1.
inline size_t part(size_t count, int t, int threads) { return count * t / threads; }

inline int thread_count(int argc, char **argv) {
  if (argc == 3 && atoi(argv[2]) > 0) return atoi(argv[2]);
  fprintf(stderr, "usage: %s FILE THREADS\n", argv[0]);
  exit(2);
}
