// The ten most frequent words by one hash table of all distinct words: what a good engineer writes first.
// Every thread reads all words and counts those whose hash is its own, so that nothing has to be merged.
#include <algorithm>

#include "words.hpp"

namespace {
constexpr size_t TOP = 10;

/// Better mixed than Fibonacci hashing alone, as its low bits pick the slot.
uint64_t mix(uint64_t word) {
  const uint64_t h = hash(word);
  return h ^ (h >> 32);
}

/// Open addressing; a count of 0 is a free slot. Words and counts apart: 12 bytes a slot, not 16.
class Table {
 public:
  ~Table() {
    free(words);
    free(counts);
  }

  void add(uint64_t word, uint32_t times) {
    size_t at = find(word);
    if (counts[at] == 0) {
      words[at] = word;
      counts[at] = times;
      if (++used * 2 > mask) grow();
    } else {
      counts[at] += times;
    }
  }

  void append_rows(std::vector<Row> &rows, uint32_t least) const {
    for (size_t at = 0; at <= mask; at++)
      if (counts[at] >= least) rows.push_back({words[at], counts[at]});
  }

  uint32_t count_at_rank(size_t rank) const {
    std::vector<uint32_t> order(counts, counts + mask + 1);
    std::nth_element(order.begin(), order.begin() + rank, order.end(), std::greater<uint32_t>());
    return order[rank];
  }

 private:
  size_t mask = (size_t{1} << 16) - 1, used = 0;
  uint64_t *words = static_cast<uint64_t *>(calloc(mask + 1, 8));
  uint32_t *counts = static_cast<uint32_t *>(calloc(mask + 1, 4));

  size_t find(uint64_t word) const {
    size_t at = mix(word) & mask;
    while (counts[at] && words[at] != word) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    uint64_t *old_words = words;
    uint32_t *old_counts = counts;
    const size_t old_mask = mask;
    mask = mask * 2 + 1;
    words = static_cast<uint64_t *>(calloc(mask + 1, 8));
    counts = static_cast<uint32_t *>(calloc(mask + 1, 4));
    for (size_t i = 0; i <= old_mask; i++) {
      if (!old_counts[i]) continue;
      const size_t at = find(old_words[i]);
      words[at] = old_words[i];
      counts[at] = old_counts[i];
    }
    free(old_words);
    free(old_counts);
  }
};
}  // namespace

int main(int argc, char **argv) {
  const int threads = thread_count(argc, argv);
  const Words words(argv[1]);

  std::vector<std::vector<Row>> found(threads);
  in_parallel(threads, [&](int t) {
    Table table;
    const auto is_mine = [=](uint64_t word) { return threads == 1 || (mix(word) >> 40) % threads == (unsigned)t; };
    for (size_t i = 0; i < words.count;) {
      const uint64_t word = words.data[i];
      size_t end = i + 1; // equal words mostly come in runs
      while (end < words.count && words.data[end] == word) end++;
      if (is_mine(word)) table.add(word, end - i);
      i = end;
    }
    table.append_rows(found[t], std::max(table.count_at_rank(TOP), 1u));
  });

  std::vector<Row> rows;
  for (const auto &part : found) rows.insert(rows.end(), part.begin(), part.end());
  std::sort(rows.begin(), rows.end(), before);
  for (size_t i = 0; i < rows.size() && i < TOP; i++)
    printf("%7u %016lx\n", rows[i].count, rows[i].word);
}
