// Every distinct word, by count and then by word, descending, as text, the way coregram does it: a sample names the
// frequent words, which are counted as they come by, and cuts all others by value into parts that fit the cache
// (Sanders and Winkel, Super Scalar Sample Sort, 2004); each part is sorted by radix and its runs are counted.
#include <algorithm>
#include <random>
#include <utility>

#include "words.hpp"

namespace {
constexpr int LEVELS = 9, KEY_BITS = 14, DIGIT_BITS = 11;
constexpr size_t PARTS = size_t{1} << LEVELS, SLOTS = size_t{1} << KEY_BITS, MOST_KEYS = 2048, LEAST_SEEN = 3;
constexpr size_t CHUNK_BYTES = 1 << 18, OUTPUT_BYTES = 1 << 20, BLOCK_WORDS = 510, HUGE_PAGE = 1 << 21;

struct Slot {
  uint64_t key;
  uint32_t other, equal;
};

struct Block {
  Block *next;
  size_t used;
  uint64_t words[BLOCK_WORDS];
};

/// What a thread has found: counts of the keys, and the words of each part in a list of blocks.
struct Found {
  std::vector<Slot> slots;
  std::vector<Block *> parts = std::vector<Block *>(PARTS);
  size_t next = 0;

  void append(size_t part, uint64_t word) {
    Block *block = parts[part];
    if (!block || block->used == BLOCK_WORDS) {
      // So many that no thread needs more; the pages that are not touched cost nothing.
      Block *fresh = pool + next++;
      fresh->next = block;
      fresh->used = 0;
      parts[part] = block = fresh;
    }
    block->words[block->used++] = word;
  }

  Block *pool = nullptr;
};

/// Sorts by the key, greatest first, equals in their order: digits from the lowest on, those in which all agree left
/// out. The result may be in either.
template <typename Item, typename Key>
void radix_sort(std::vector<Item> &items, std::vector<Item> &spare, Key key) {
  if (items.empty()) return;
  spare.resize(items.size());
  uint64_t differ = 0;
  for (const Item &item : items) differ |= key(item) ^ key(items[0]);
  if (!differ) return;
  for (int shift = __builtin_ctzll(differ); shift < 64 && differ >> shift; shift += DIGIT_BITS) {
    uint32_t starts[1 << DIGIT_BITS] = {};
    const auto digit = [&](const Item &item) { return (key(item) >> shift) & ((1 << DIGIT_BITS) - 1); };
    for (const Item &item : items) starts[digit(item)]++;
    uint32_t at = 0;
    for (int d = (1 << DIGIT_BITS) - 1; d >= 0; d--) at += std::exchange(starts[d], at);
    for (const Item &item : items) spare[starts[digit(item)]++] = item;
    items.swap(spare);
  }
}

class Output {
 public:
  void print(uint64_t word, uint32_t count) {
    if (used + 40 > OUTPUT_BYTES) flush();
    char *line = buffer.data() + used;
    if (count != last) width = snprintf(prefix, sizeof prefix, "%7u ", last = count);
    memcpy(line, prefix, 16);
    for (int byte = 0; byte < 8; byte++) memcpy(line + width + 2 * byte, digits[(word >> (56 - 8 * byte)) & 255], 2);
    line[width + 16] = '\n';
    used += width + 17;
  }

  void flush() {
    fwrite(buffer.data(), 1, used, stdout);
    used = 0;
  }

  Output() {
    for (int byte = 0; byte < 256; byte++)
      for (int half : {0, 1}) digits[byte][half] = "0123456789abcdef"[half ? byte & 15 : byte >> 4];
  }

 private:
  std::vector<char> buffer = std::vector<char>(OUTPUT_BYTES);
  size_t used = 0;
  uint32_t last = 0;
  int width = 0;
  char prefix[32] = {};
  char digits[256][2];
};
}  // namespace

int main(int argc, char **argv) {
  const int threads = thread_count(argc, argv);
  const File file(argv[1]);
  std::mt19937_64 random{std::random_device{}()};
  std::vector<uint64_t> sample = file.sample(random);
  std::sort(sample.begin(), sample.end(), std::greater<uint64_t>());
  const uint64_t multiplier = random() | 1;
  const auto slot_of = [=](uint64_t word) { return (word * multiplier) >> (64 - KEY_BITS); };
  std::vector<Slot> keys(SLOTS);
  std::vector<bool> taken(SLOTS);
  std::vector<Row> frequent;
  for (const Row &row : runs_of(sample))
    if (row.count >= LEAST_SEEN) frequent.push_back(row);
  std::sort(frequent.begin(), frequent.end(), before);
  if (frequent.size() > MOST_KEYS) frequent.resize(MOST_KEYS);
  for (const Row &row : frequent) {
    const size_t at = slot_of(row.word);
    if (!taken[at]) keys[at].key = row.word;
    taken[at] = true;
  }
  // A free slot's key is a word of another slot, so that nothing here is equal to it.
  for (size_t at = 0; at < SLOTS; at++)
    while (!taken[at] && slot_of(keys[at].key) == at) keys[at].key = random();

  // Splitters in heap order from 1 on, greatest words first, of what is no key.
  std::erase_if(sample, [&](uint64_t word) { return keys[slot_of(word)].key == word; });
  if (sample.empty()) sample.push_back(0);
  std::vector<uint64_t> tree(PARTS);
  for (size_t node = 1; node < PARTS; node++) {
    const int level = 63 - __builtin_clzll(node);
    const size_t nth = (2 * (node - (size_t{1} << level)) + 1) << (LEVELS - 1 - level);
    tree[node] = sample[nth * sample.size() / PARTS];
  }

  std::vector<Found> found(threads);
  for (Found &mine : found) {
    mine.slots = keys;
    const size_t bytes = (file.words / BLOCK_WORDS + PARTS + 1) * sizeof(Block);
    mine.pool = static_cast<Block *>(aligned_alloc(HUGE_PAGE, (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE));
    madvise(mine.pool, bytes, MADV_HUGEPAGE);
  }
  file.each_chunk(threads, CHUNK_BYTES, [&](int t, uint64_t *words, size_t n) {
    Found &mine = found[t];
    size_t left = 0;
    for (size_t i = 0; i < n; i++) {
      const uint64_t word = words[i];
      Slot &slot = mine.slots[slot_of(word)];
      const bool equal = slot.key == word;
      slot.equal += equal;
      words[left] = word;
      left += !equal;
    }
    size_t i = 0;
    for (; i + 4 <= left; i += 4) {
      size_t nodes[4] = {1, 1, 1, 1};
      for (int level = 0; level < LEVELS; level++)
        for (int k = 0; k < 4; k++) nodes[k] = 2 * nodes[k] + (words[i + k] < tree[nodes[k]]);
      for (int k = 0; k < 4; k++) mine.append(nodes[k] - PARTS, words[i + k]);
    }
    for (; i < left; i++) {
      size_t node = 1;
      for (int level = 0; level < LEVELS; level++) node = 2 * node + (words[i] < tree[node]);
      mine.append(node - PARTS, words[i]);
    }
  });

  std::vector<std::vector<uint64_t>> once(PARTS);
  std::vector<std::vector<Row>> often(PARTS);
  std::atomic<size_t> next{0};
  in_parallel(threads, [&](int) {
    std::vector<uint64_t> words, spare;
    for (size_t part; (part = next++) < PARTS;) {
      words.clear();
      for (const Found &each : found)
        for (const Block *block = each.parts[part]; block; block = block->next)
          words.insert(words.end(), block->words, block->words + block->used);
      radix_sort(words, spare, [](uint64_t word) { return word; });
      // Words that occur once go to the front.
      size_t singles = 0;
      for (size_t i = 0, end; i < words.size(); i = end) {
        const uint64_t word = words[i];
        for (end = i + 1; end < words.size() && words[end] == word;) end++;
        if (end - i == 1)
          words[singles++] = word;
        else
          often[part].push_back({word, static_cast<uint32_t>(end - i)});
      }
      once[part].assign(words.begin(), words.begin() + singles);
    }
  });

  std::vector<Row> rows, spare;
  for (size_t at = 0; at < SLOTS; at++) {
    uint32_t count = 0;
    for (const Found &each : found) count += each.slots[at].equal;
    if (count) rows.push_back({keys[at].key, count});
  }
  std::sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) { return a.word > b.word; });
  std::vector<Row> merged;
  const size_t keyed = rows.size();
  for (const auto &each : often) rows.insert(rows.end(), each.begin(), each.end());
  merged.resize(rows.size());
  std::merge(rows.begin(), rows.begin() + keyed, rows.begin() + keyed, rows.end(), merged.begin(),
             [](const Row &a, const Row &b) { return a.word > b.word; });
  radix_sort(merged, spare, [](const Row &row) { return uint64_t{row.count}; });

  Output output;
  for (const Row &row : merged) output.print(row.word, row.count);
  for (const auto &part : once)
    for (uint64_t word : part) output.print(word, 1);
  output.flush();
}
