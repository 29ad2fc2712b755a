// The ten most frequent words in two sequential passes: the speed to approach.
// Pass 1 adds every word to one of 65,536 counters, which stay in the cache. A counter bounds the count of every
// word that falls to it; so pass 2 counts only the words of the fullest counters. Where the tenth of those is
// at least as frequent as the bound of all others, the ten are proven; otherwise the bound is lowered.
#include <algorithm>

#include "words.hpp"

namespace {
constexpr int BITS = 16;
constexpr size_t BUCKETS = size_t{1} << BITS;
constexpr size_t TOP = 10;

size_t bucket_of(uint64_t word) { return hash(word) >> (64 - BITS); }

/// Open addressing; a count of 0 is a free slot.
class Table {
 public:
  void add(uint64_t word, uint32_t times) {
    size_t at = find(word);
    if (rows[at].count == 0) {
      if (++used * 2 > rows.size()) {
        grow();
        at = find(word);
      }
      rows[at].word = word;
    }
    rows[at].count += times;
  }

  std::vector<Row> rows = std::vector<Row>(size_t{1} << 15);

 private:
  size_t used = 0;

  size_t find(uint64_t word) const {
    size_t mask = rows.size() - 1, at = (hash(word) >> 24) & mask;
    while (rows[at].count && rows[at].word != word) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    std::vector<Row> old(rows.size() * 2);
    old.swap(rows);
    for (const Row &row : old)
      if (row.count) rows[find(row.word)] = row;
  }
};
}  // namespace

int main(int argc, char **argv) {
  const int threads = thread_count(argc, argv);
  const Words words(argv[1]);

  std::vector<std::vector<uint32_t>> counters(threads, std::vector<uint32_t>(BUCKETS));
  in_parallel(threads, [&](int t) {
    uint32_t *mine = counters[t].data();
    const size_t end = part(words.count, t + 1, threads);
    for (size_t i = part(words.count, t, threads); i < end; i++) mine[bucket_of(words.data[i])]++;
  });
  std::vector<uint32_t> &sums = counters[0];
  for (int t = 1; t < threads; t++)
    for (size_t i = 0; i < BUCKETS; i++) sums[i] += counters[t][i];

  std::vector<uint32_t> order(sums);
  std::sort(order.rbegin(), order.rend());
  std::vector<Row> rows;
  for (size_t full = 200;; full *= 4) {
    const uint32_t bound = full < BUCKETS ? std::max(order[full], 1u) : 1;
    std::vector<uint8_t> hot(BUCKETS);
    for (size_t i = 0; i < BUCKETS; i++) hot[i] = sums[i] >= bound;

    std::vector<Table> tables(threads);
    in_parallel(threads, [&](int t) {
      Table &mine = tables[t];
      const size_t end = part(words.count, t + 1, threads);
      for (size_t i = part(words.count, t, threads); i < end; i++)
        if (hot[bucket_of(words.data[i])]) mine.add(words.data[i], 1);
    });
    for (int t = 1; t < threads; t++)
      for (const Row &row : tables[t].rows)
        if (row.count) tables[0].add(row.word, row.count);

    rows.clear();
    for (const Row &row : tables[0].rows)
      if (row.count) rows.push_back(row);
    std::sort(rows.begin(), rows.end(), before);
    if (bound == 1 || (rows.size() >= TOP && rows[TOP - 1].count >= bound)) break;
  }
  for (size_t i = 0; i < rows.size() && i < TOP; i++)
    printf("%7u %016lx\n", rows[i].count, rows[i].word);
}
