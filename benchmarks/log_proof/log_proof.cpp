// SPDX-License-Identifier: Apache-2.0
// log_proof: how long inclusion and consistency proofs take to make and to verify in logs of 1,000, 100,000
// and 1,000,000 leaves, in one run, beside the logarithms of the sizes. Every proof is verified before it
// counts.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "log/merkle.h"
#include "log/tree.h"

namespace {

using namespace cardwarden;
using namespace cardwarden::tlog;

constexpr std::uint64_t kSizes[] = {1'000, 100'000, 1'000'000};
constexpr std::size_t kProofs = 2'000;  // of each kind and size in a round
constexpr int kRounds = 7;              // of which the median counts

// All hashes of complete subtrees, by level.
class Tree {
 public:
  explicit Tree(std::uint64_t size) : size_(size) {
    CompactRange range;
    std::vector<Node> fresh;
    for (std::uint64_t i = 0; i < size; ++i) {
      fresh.clear();
      range.append(leaf_hash(std::to_string(i)), fresh);
      for (const Node& node : fresh) {
        if (levels_.size() <= node.id.level) levels_.emplace_back();
        levels_[node.id.level].push_back(node.hash);
      }
    }
    root_ = range.root();
  }
  NodeReader reader() const {
    return [this](NodeId id) -> Result<Hash> {
      if (id.level < levels_.size() && id.index < levels_[id.level].size())
        return levels_[id.level][id.index];
      return Error(ErrorCode::not_found, "no such node");
    };
  }
  std::uint64_t size() const { return size_; }
  const Hash& root() const { return root_; }
  const Hash& leaf(std::uint64_t index) const { return levels_[0][index]; }

 private:
  std::uint64_t size_;
  std::vector<std::vector<Hash>> levels_;
  Hash root_{};
};

struct Times {  // microseconds a proof
  double make_inclusion = 0;
  double verify_inclusion = 0;
  double make_consistency = 0;
  double verify_consistency = 0;
};

template <typename Work>
double microseconds(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < kProofs; ++i) work(i);
  const std::chrono::duration<double, std::micro> all = std::chrono::steady_clock::now() - begin;
  return all.count() / static_cast<double>(kProofs);
}

[[noreturn]] void wrong() {
  std::fprintf(stderr, "a proof does not hold\n");
  std::exit(1);
}

Times measure(const Tree& tree, unsigned round) {
  std::mt19937_64 random(round);
  std::vector<std::uint64_t> places;
  for (std::size_t i = 0; i < kProofs; ++i) places.push_back(random() % tree.size());
  const NodeReader read = tree.reader();
  std::vector<Proof> included(kProofs);
  std::vector<Proof> grown(kProofs);
  std::vector<Hash> roots(kProofs);
  for (std::size_t i = 0; i < kProofs; ++i) roots[i] = root_at(places[i] + 1, read).value();
  Times out;
  out.make_inclusion = microseconds(
      [&](std::size_t i) { included[i] = inclusion_proof(places[i], tree.size(), read).value(); });
  out.verify_inclusion = microseconds([&](std::size_t i) {
    if (!verify_inclusion(tree.leaf(places[i]), places[i], tree.size(), included[i], tree.root())) wrong();
  });
  out.make_consistency = microseconds(
      [&](std::size_t i) { grown[i] = consistency_proof(places[i] + 1, tree.size(), read).value(); });
  out.verify_consistency = microseconds([&](std::size_t i) {
    if (!verify_consistency(places[i] + 1, tree.size(), roots[i], tree.root(), grown[i])) wrong();
  });
  return out;
}

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

}  // namespace

int main() {
  std::vector<Tree> trees;
  for (const std::uint64_t size : kSizes) trees.emplace_back(size);
  std::vector<std::vector<Times>> rounds(trees.size());
  // Sizes follow each other within a round, so that a machine that changes its speed changes all of them.
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < trees.size(); ++i) {
      rounds[i].push_back(measure(trees[i], static_cast<unsigned>(round)));
    }
  }
  const std::pair<const char*, double Times::*> columns[] = {
      {"make inclusion", &Times::make_inclusion},
      {"verify inclusion", &Times::verify_inclusion},
      {"make consistency", &Times::make_consistency},
      {"verify consistency", &Times::verify_consistency}};
  std::printf("%-20s", "microseconds");
  for (const Tree& tree : trees) std::printf("%12llu", static_cast<unsigned long long>(tree.size()));
  std::printf("   ratio to the first\n%-20s%36s   ", "log2 of the size", "");
  for (const Tree& tree : trees)
    std::printf("%7.2f",
                std::log2(static_cast<double>(tree.size())) / std::log2(static_cast<double>(kSizes[0])));
  std::printf("\n");
  for (const auto& [name, member] : columns) {
    std::printf("%-20s", name);
    std::vector<double> ratios;
    for (std::size_t i = 0; i < trees.size(); ++i) {
      std::vector<double> times;
      std::vector<double> ratio;
      for (int round = 0; round < kRounds; ++round) {
        const auto at = static_cast<std::size_t>(round);
        times.push_back(rounds[i][at].*member);
        ratio.push_back(rounds[i][at].*member / rounds[0][at].*member);
      }
      std::printf("%12.2f", median(times));
      ratios.push_back(median(ratio));
    }
    std::printf("   ");
    for (const double ratio : ratios) std::printf("%7.2f", ratio);
    std::printf("\n");
  }
  return 0;
}
