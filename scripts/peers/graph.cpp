// What `owners` does with a graph of objects, with nothing around it: edges by target, a depth-first numbering kind of
// root by kind of root, dominators by Lengauer and Tarjan, and what each node retains. How much of coregram's time the
// graph itself needs, and how much Node does. `graph FILE ROUNDS` prints the sum of all nodes' retained bytes, and the
// median of the rounds' milliseconds. FILE: u64 nodes, edges, roots, kinds; then u32 firsts[nodes + 1], ends[edges],
// root nodes[roots], root kinds[roots], bytes[nodes].
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

namespace {
using Numbers = std::vector<uint32_t>;

struct Edges {
  Numbers firsts, ends;
};

struct Graph {
  uint32_t nodes, kinds;
  Edges edges;
  Numbers root_nodes, root_kinds, bytes;
};

template <typename Number> std::vector<Number> read_numbers(FILE *file, size_t count) {
  std::vector<Number> numbers(count);
  if (fread(numbers.data(), sizeof(Number), count, file) != count) {
    fprintf(stderr, "the file is too short\n");
    exit(1);
  }
  return numbers;
}

Graph read_graph(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == nullptr) {
    perror(path);
    exit(1);
  }
  const auto sizes = read_numbers<uint64_t>(file, 4);
  Graph graph;
  graph.nodes = uint32_t(sizes[0]);
  graph.kinds = uint32_t(sizes[3]);
  graph.edges.firsts = read_numbers<uint32_t>(file, sizes[0] + 1);
  graph.edges.ends = read_numbers<uint32_t>(file, sizes[1]);
  graph.root_nodes = read_numbers<uint32_t>(file, sizes[2]);
  graph.root_kinds = read_numbers<uint32_t>(file, sizes[2]);
  graph.bytes = read_numbers<uint32_t>(file, sizes[0]);
  fclose(file);
  return graph;
}

Edges reverse(const Edges &edges) {
  const size_t nodes = edges.firsts.size() - 1;
  Edges by_target{Numbers(nodes + 1), Numbers(edges.ends.size())};
  for (uint32_t end : edges.ends) by_target.firsts[end]++;
  uint32_t sum = 0;
  for (uint32_t &first : by_target.firsts) first = sum += first;
  for (size_t node = nodes; node-- > 0;)
    for (uint32_t i = edges.firsts[node + 1]; i-- > edges.firsts[node];)
      by_target.ends[--by_target.firsts[edges.ends[i]]] = uint32_t(node);
  return by_target;
}

// What is looked up together stands together.
struct Place {
  uint32_t ancestor, label, least, semi;
};

struct Search {
  const Edges &edges;
  Numbers node_of, number_of;
  std::vector<Place> places;
  uint32_t next = 0;

  uint32_t take(uint32_t node, uint32_t parent, uint32_t cursor) {
    node_of[next] = node;
    number_of[node] = next;
    places[next] = {parent, next, cursor, next};
    return next++;
  }

  void from(uint32_t root, uint32_t layer) {
    if (number_of[root] != 0) return;
    uint32_t at = take(root, layer, edges.firsts[root]);
    while (at != layer) {
      const uint32_t end = edges.firsts[node_of[at] + 1];
      uint32_t cursor = places[at].least, met = 0;
      while (cursor < end && met == 0) {
        const uint32_t target = edges.ends[cursor++];
        if (number_of[target] != 0) continue;
        met = take(target, at, edges.firsts[target]);
        // Most objects point to nothing.
        if (edges.firsts[target] == edges.firsts[target + 1]) met = 0;
      }
      places[at].least = cursor;
      at = met == 0 ? places[at].ancestor : met;
    }
  }
};

void compress(uint32_t v, uint32_t linked, std::vector<Place> &places, Numbers &path) {
  uint32_t above = places[v].ancestor;
  if (above < linked) return;
  size_t length = 0;
  uint32_t at = v;
  for (; above >= linked; above = places[at].ancestor) {
    path[length++] = at;
    at = above;
  }
  uint32_t label = places[at].label, least = places[at].least;
  while (length > 0) {
    Place &below = places[path[--length]];
    if (least < below.least) {
      below.label = label;
      below.least = least;
    } else {
      label = below.label;
      least = below.least;
    }
    below.ancestor = above;
  }
}

/// The sum of what all nodes retain, each itself included.
uint64_t retained(const Graph &graph) {
  const Edges by_target = reverse(graph.edges);
  const uint32_t nodes = graph.nodes, count = nodes + graph.kinds + 2;
  Search search{graph.edges, Numbers(count), Numbers(count), std::vector<Place>(count)};
  search.take(nodes, 0, 0);
  Numbers layers;
  for (uint32_t kind = 0; kind < graph.kinds; kind++) {
    layers.push_back(search.take(nodes + 1 + kind, 0, 0));
    for (size_t i = 0; i < graph.root_nodes.size(); i++)
      if (graph.root_kinds[i] == kind) search.from(graph.root_nodes[i], layers.back());
  }
  // Garbage: all that is left, with no search for the least roots of it.
  layers.push_back(search.take(nodes + 1 + graph.kinds, 0, 0));
  const uint32_t held = search.next;
  auto &[edges, node_of, number_of, places, next] = search;
  for (size_t i = 0; i < graph.root_nodes.size(); i++) {
    const uint32_t number = number_of[graph.root_nodes[i]], kind = graph.root_kinds[i];
    if (number > layers[kind] && number < layers[kind + 1]) places[number].semi = layers[kind];
  }
  for (uint32_t layer : layers) places[layer].semi = 0;
  Numbers dominators(count), buckets(count), path(count);
  uint32_t end = held;
  for (size_t l = layers.size(); l-- > 0;) {
    const uint32_t layer = layers[l];
    for (uint32_t w = end - 1; w > layer && w < end; w--) {
      const uint32_t parent = places[w].ancestor;
      uint32_t semi = parent == layer ? layer : places[w].semi;
      if (semi != layer) {
        const uint32_t node = node_of[w];
        for (uint32_t i = by_target.firsts[node]; i < by_target.firsts[node + 1]; i++) {
          const uint32_t v = number_of[by_target.ends[i]];
          if (v >= end || v == 0) continue;
          if (v > w) compress(v, w + 1, places, path);
          semi = std::min(semi, v > w ? places[v].least : v);
        }
      }
      places[w].semi = places[w].least = semi;
      if (semi == parent) {
        dominators[w] = parent;
      } else {
        dominators[w] = buckets[semi];
        buckets[semi] = w;
      }
      for (uint32_t v = std::exchange(buckets[parent], 0), after; v != 0; v = after) {
        after = dominators[v];
        compress(v, w, places, path);
        dominators[v] = places[v].least < parent ? places[v].label : parent;
      }
    }
    end = layer;
  }
  for (uint32_t w = 1; w < held; w++)
    if (dominators[w] != places[w].semi) dominators[w] = dominators[dominators[w]];
  std::vector<uint64_t> bytes(held);
  for (uint32_t w = 0; w < held; w++) bytes[w] = node_of[w] < nodes ? graph.bytes[node_of[w]] : 0;
  for (uint32_t w = held - 1; w > 0; w--) bytes[dominators[w]] += bytes[w];
  uint64_t sum = 0;
  for (uint32_t w = 1; w < held; w++)
    if (node_of[w] < nodes) sum += bytes[w];
  return sum;
}
} // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: graph FILE ROUNDS\n");
    return 2;
  }
  const Graph graph = read_graph(argv[1]);
  std::vector<double> millis;
  uint64_t sum = 0;
  for (int round = 0; round < atoi(argv[2]); round++) {
    const auto start = std::chrono::steady_clock::now();
    sum = retained(graph);
    millis.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(millis.begin(), millis.end());
  printf("%llu %.1f\n", static_cast<unsigned long long>(sum), millis.at(millis.size() / 2));
}
