// Every distinct word, by count and then by word, descending, as text: partition by hash, so that the table of a
// partition fits the cache; count partition by partition; sort the words that occur once apart from the others.
#include <algorithm>
#include <atomic>

#include "words.hpp"

namespace {
constexpr int BITS = 8;
constexpr size_t PARTS = size_t{1} << BITS;
constexpr size_t OUTPUT_BYTES = 1 << 20;

size_t part_of(uint64_t word) { return hash(word) >> (64 - BITS); }

void write_hex(uint64_t word, char *into) {
  for (int i = 15; i >= 0; i--, word >>= 4) into[i] = "0123456789abcdef"[word & 15];
}

class Output {
 public:
  void print(uint64_t word, uint32_t count) {
    if (used + 40 > OUTPUT_BYTES) flush();
    char *line = buffer.data() + used;
    int width = 8;
    if (count == 1)
      memcpy(line, "      1 ", 8);
    else
      width = snprintf(line, 16, "%7u ", count);
    write_hex(word, line + width);
    line[width + 16] = '\n';
    used += width + 17;
  }

  void flush() {
    fwrite(buffer.data(), 1, used, stdout);
    used = 0;
  }

 private:
  std::vector<char> buffer = std::vector<char>(OUTPUT_BYTES);
  size_t used = 0;
};
}  // namespace

int main(int argc, char **argv) {
  const int threads = thread_count(argc, argv);
  const Words words(argv[1]);
  const auto start = [&](int t) { return part(words.count, t, threads); };

  // How many words of every part each thread has. Zero, a quarter of all words, is counted alone.
  std::vector<std::vector<size_t>> sizes(threads, std::vector<size_t>(PARTS)), ends = sizes;
  std::vector<size_t> zeros(threads);
  in_parallel(threads, [&](int t) {
    auto &mine = sizes[t];
    size_t zero = 0;
    for (size_t i = start(t), end = start(t + 1); i < end; i++) {
      const uint64_t word = words.data[i];
      if (word)
        mine[part_of(word)]++;
      else
        zero++;
    }
    zeros[t] = zero;
  });

  uint64_t *parted = static_cast<uint64_t *>(malloc((words.count + 1) * 8));
  std::vector<size_t> starts(PARTS + 1);
  size_t at = 0;
  for (size_t p = 0; p < PARTS; p++) {
    starts[p] = at;
    for (int t = 0; t < threads; t++) {
      ends[t][p] = at;
      at += sizes[t][p];
    }
  }
  starts[PARTS] = at;
  in_parallel(threads, [&](int t) {
    alignas(64) static thread_local uint64_t lines[PARTS][8];
    uint8_t filled[PARTS] = {};
    auto &end_of = ends[t];
    for (size_t i = start(t), end = start(t + 1); i < end; i++) {
      const uint64_t word = words.data[i];
      if (!word) continue;
      const size_t p = part_of(word);
      lines[p][filled[p]++] = word;
      if (filled[p] < 8) continue;
      memcpy(parted + end_of[p], lines[p], 64);
      end_of[p] += 8;
      filled[p] = 0;
    }
    for (size_t p = 0; p < PARTS; p++) memcpy(parted + end_of[p], lines[p], filled[p] * 8);
  });

  std::vector<std::vector<uint64_t>> once(threads);
  std::vector<std::vector<Row>> often(threads);
  std::atomic<size_t> next{0};
  in_parallel(threads, [&](int t) {
    std::vector<uint64_t> keys;
    std::vector<uint32_t> counts;
    for (size_t p; (p = next++) < PARTS;) {
      size_t slots = 1;
      while (slots < starts[p + 1] - starts[p]) slots *= 2;
      keys.assign(slots, 0);
      counts.assign(slots, 0);
      const size_t mask = slots - 1;
      for (size_t i = starts[p]; i < starts[p + 1]; i++) {
        const uint64_t word = parted[i];
        size_t slot = (hash(word) >> (64 - BITS - 26)) & mask;
        while (counts[slot] && keys[slot] != word) slot = (slot + 1) & mask;
        keys[slot] = word;
        counts[slot]++;
      }
      for (size_t slot = 0; slot < slots; slot++) {
        if (counts[slot] == 1) once[t].push_back(keys[slot]);
        if (counts[slot] > 1) often[t].push_back({keys[slot], counts[slot]});
      }
    }
  });

  std::vector<Row> rows;
  for (const auto &found : often) rows.insert(rows.end(), found.begin(), found.end());
  size_t zero = 0;
  for (size_t count : zeros) zero += count;
  if (zero > 1) rows.push_back({0, static_cast<uint32_t>(zero)});
  if (zero == 1) once[0].push_back(0);
  std::thread sort_rows([&] { std::sort(rows.begin(), rows.end(), before); });
  in_parallel(threads, [&](int t) { std::sort(once[t].begin(), once[t].end(), std::greater<uint64_t>()); });
  sort_rows.join();
  std::vector<uint64_t> singles;
  for (const auto &found : once) {
    const size_t middle = singles.size();
    singles.insert(singles.end(), found.begin(), found.end());
    std::inplace_merge(singles.begin(), singles.begin() + middle, singles.end(), std::greater<uint64_t>());
  }

  Output output;
  for (const Row &row : rows) output.print(row.word, row.count);
  for (uint64_t word : singles) output.print(word, 1);
  output.flush();
}
