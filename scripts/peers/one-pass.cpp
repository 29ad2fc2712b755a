// The ten most frequent words as coregram finds them: a sample names the likely words, one pass counts those exactly,
// each in a slot of its own, and bounds all others by the sum of their slot. What of them could still be among the
// ten, if any, is counted in a second pass. How much of coregram's time the algorithm needs, and how much Node does.
#include <algorithm>
#include <random>
#include <unordered_map>

#include "words.hpp"

namespace {
constexpr int BITS = 14;
constexpr size_t SLOTS = size_t{1} << BITS;
constexpr size_t TOP = 10, LIKELY = 4 * TOP + 64;
constexpr size_t CHUNK_BYTES = 1 << 18;

struct Slot {
  uint64_t key;
  uint32_t counts[2]; // of other words, of the key
};

struct Table {
  uint64_t multiplier;
  std::vector<Slot> slots;
  std::vector<bool> taken;

  size_t slot_of(uint64_t word) const { return (word * multiplier) >> (64 - BITS); }
};

/// Words of the sample seen twice or more, most frequent first.
std::vector<uint64_t> likely_words(const File &file, std::mt19937_64 &random) {
  std::vector<uint64_t> sample = file.sample(random);
  std::sort(sample.begin(), sample.end());
  std::vector<Row> rows = runs_of(sample);
  std::erase_if(rows, [](const Row &row) { return row.count < 2; });
  std::sort(rows.begin(), rows.end(), before);
  std::vector<uint64_t> words;
  for (size_t i = 0; i < rows.size() && i < LIKELY; i++) words.push_back(rows[i].word);
  return words;
}

/// A table in which most of the words have a slot of their own, and which all words can be hashed to.
Table make_table(const std::vector<uint64_t> &words, std::mt19937_64 &random) {
  Table table{random() | 1, std::vector<Slot>(SLOTS), std::vector<bool>(SLOTS)};
  for (uint64_t word : words) {
    const size_t at = table.slot_of(word);
    if (table.taken[at]) continue;
    table.taken[at] = true;
    table.slots[at].key = word;
  }
  // A free slot's key is a word of another slot, so that nothing here is equal to it.
  for (size_t at = 0; at < SLOTS; at++)
    while (!table.taken[at] && table.slot_of(table.slots[at].key) == at) table.slots[at].key = random();
  return table;
}

void count(Table &table, const uint64_t *words, size_t n) {
  Slot *const slots = table.slots.data();
  const uint64_t multiplier = table.multiplier;
  const auto add = [&](uint64_t word) {
    Slot &slot = slots[(word * multiplier) >> (64 - BITS)];
    slot.counts[slot.key == word]++;
  };
  size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    const uint64_t a = words[i], b = words[i + 1], c = words[i + 2], d = words[i + 3];
    add(a), add(b), add(c), add(d);
  }
  for (; i < n; i++) add(words[i]);
}
}  // namespace

int main(int argc, char **argv) {
  const int threads = thread_count(argc, argv);
  const File file(argv[1]);
  std::mt19937_64 random{std::random_device{}()};
  const Table empty = make_table(likely_words(file, random), random);

  std::vector<Table> tables(threads, empty);
  file.each_chunk(threads, CHUNK_BYTES, [&](int t, const uint64_t *words, size_t n) { count(tables[t], words, n); });
  Table &sum = tables[0];
  for (int t = 1; t < threads; t++)
    for (size_t at = 0; at < SLOTS; at++)
      for (int of : {0, 1}) sum.slots[at].counts[of] += tables[t].slots[at].counts[of];

  std::vector<Row> rows;
  for (const Slot &slot : sum.slots)
    if (slot.counts[1]) rows.push_back({slot.key, slot.counts[1]});
  std::sort(rows.begin(), rows.end(), before);
  const uint32_t bar = rows.size() < TOP ? 1 : rows[TOP - 1].count;
  std::vector<bool> hot(SLOTS);
  bool any = false;
  for (size_t at = 0; at < SLOTS; at++)
    if (sum.slots[at].counts[0] >= bar) any = hot[at] = true;
  if (any) {
    std::vector<std::unordered_map<uint64_t, uint32_t>> found(threads);
    file.each_chunk(threads, CHUNK_BYTES, [&](int t, const uint64_t *words, size_t n) {
      for (size_t i = 0; i < n; i++) {
        const size_t at = sum.slot_of(words[i]);
        if (hot[at] && sum.slots[at].key != words[i]) found[t][words[i]]++;
      }
    });
    for (int t = 1; t < threads; t++)
      for (const auto &[word, times] : found[t]) found[0][word] += times;
    for (const auto &[word, times] : found[0]) rows.push_back({word, times});
    std::sort(rows.begin(), rows.end(), before);
  }
  for (size_t i = 0; i < rows.size() && i < TOP; i++) printf("%7u %016lx\n", rows[i].count, rows[i].word);
}
