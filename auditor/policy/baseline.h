// SPDX-License-Identifier: Apache-2.0
#pragma once
// The findings a team starts from: they are reported as suppressed and leave the gate alone, new ones do not.
// A file of one line a finding, sorted, so that a review shows what came and went. Format:
// docs/formats/baseline.md.

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace cardwarden {

struct CardReport;

constexpr std::size_t kMaxBaselineBytes = std::size_t{256} * 1024 * 1024;
constexpr std::size_t kMaxBaselineValues = kMaxBaselineBytes / 8;  // keys and values; an entry has 11

struct BaselineEntry {
  std::string path;
  std::string rule;
  std::string fingerprint;  // the one that equal findings share (JudgedFinding::group)
  std::uint64_t count = 1;
  std::string message;  // for the reader; not compared

  friend bool operator==(const BaselineEntry&, const BaselineEntry&) = default;
};

class Baseline {
 public:
  Baseline() = default;
  explicit Baseline(std::vector<BaselineEntry> entries);

  const std::vector<BaselineEntry>& entries() const { return entries_; }  // sorted by path, rule, fingerprint
  std::uint64_t count(std::string_view fingerprint) const;

 private:
  std::vector<BaselineEntry> entries_;
  std::unordered_map<std::string, std::uint64_t> counts_;
};

// What a run saw: findings that no comment in the card suppresses, and which cards were looked at.
class BaselineRun {
 public:
  void add(const CardReport& report);
  Baseline create() const;

  // The cards of this run as they are now; cards it did not look at as they were.
  Baseline update(const Baseline& old) const;

  // Only takes away: what is gone from the cards of this run, and what stands for cards that no longer exist.
  Baseline prune(const Baseline& old, const std::function<bool(const std::string& path)>& exists) const;

 private:
  std::vector<BaselineEntry> entries_;
  std::set<std::string, std::less<>> paths_;
};

std::string to_json(const Baseline& baseline);
Result<Baseline> parse_baseline(std::string_view text, const std::string& path);

}  // namespace cardwarden
