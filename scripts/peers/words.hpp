// What the programs share: the file as words, in memory or read in chunks, threads, and the order of the rows.
#pragma once
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
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

/// A file whose words are read in chunks, each by whichever thread is free: they stay in the cache until they are
/// counted, and no page tables have to be made. A last partial word is not one of them.
class File {
 public:
  size_t words = 0;

  explicit File(const char *path) : file(open(path, O_RDONLY)) {
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0) Words::fail(path);
    words = status.st_size / 8;
  }

  /// Reads up to `bytes` at the offset; returns how many whole words there were.
  size_t read(size_t offset, uint64_t *into, size_t bytes) const {
    const ssize_t got = pread(file, into, bytes, offset);
    if (got < 0) Words::fail("read");
    return got / 8;
  }

  /// Words of 512 pieces of 2 KiB, each at a place of its own stretch that is picked anew every time.
  std::vector<uint64_t> sample(std::mt19937_64 &random) const {
    uint64_t piece[256];
    const size_t all = words / 256 + (words % 256 != 0), taken = all < 512 ? all : 512;
    std::vector<uint64_t> found;
    for (size_t i = 0; i < taken; i++) {
      const size_t at = (i * all + random() % all) / taken;
      found.insert(found.end(), piece, piece + read(at * sizeof piece, piece, sizeof piece));
    }
    return found;
  }

  /// Calls the task with a thread's number, words, and how many.
  template <typename Task>
  void each_chunk(int threads, size_t bytes, Task task) const;

 private:
  int file;
};

struct Row {
  uint64_t word;
  uint32_t count;
};

/// By count, then by word, descending.
inline bool before(const Row &a, const Row &b) {
  return a.count != b.count ? a.count > b.count : a.word > b.word;
}

/// Equal neighbours as rows.
inline std::vector<Row> runs_of(const std::vector<uint64_t> &words) {
  std::vector<Row> rows;
  for (size_t i = 0, end; i < words.size(); i = end) {
    for (end = i + 1; end < words.size() && words[end] == words[i];) end++;
    rows.push_back({words[i], static_cast<uint32_t>(end - i)});
  }
  return rows;
}

/// Fibonacci hashing: the high bits are the good ones.
inline uint64_t hash(uint64_t word) { return word * 0x9E3779B97F4A7C15u; }

/// Calls the task with 0 to threads - 1, each in a thread of its own.
template <typename Task>
void in_parallel(int threads, Task task) {
  std::vector<std::thread> started;
  for (int t = 0; t < threads; t++) started.emplace_back([&task, t] { task(t); });
  for (auto &thread : started) thread.join();
}

/// The start of the part of `count` items that is thread t's; its end is that of t + 1.
inline size_t part(size_t count, int t, int threads) { return count * t / threads; }

inline int thread_count(int argc, char **argv) {
  if (argc == 3 && atoi(argv[2]) > 0) return atoi(argv[2]);
  fprintf(stderr, "usage: %s FILE THREADS\n", argv[0]);
  exit(2);
}

template <typename Task>
void File::each_chunk(int threads, size_t bytes, Task task) const {
  std::atomic<size_t> next{0};
  in_parallel(threads, [&](int t) {
    std::vector<uint64_t> chunk(bytes / 8);
    for (size_t at; (at = next++ * bytes) < words * 8;) task(t, chunk.data(), read(at, chunk.data(), bytes));
  });
}
