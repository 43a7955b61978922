// SPDX-License-Identifier: Apache-2.0
#include "policy/baseline.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "base/json.h"
#include "crypto/strict_json.h"
#include "policy/judge.h"

namespace cardwarden {
namespace {

constexpr std::string_view kSchema = "cardwarden-baseline/1";

auto order_of(const BaselineEntry& entry) { return std::tie(entry.path, entry.rule, entry.fingerprint); }

Error not_a_baseline(const std::string& path, const std::string& what) {
  return {ErrorCode::format, what + " Write the file again with `cardwarden baseline create`.", path};
}

bool is_fingerprint(const std::string& s) {
  return s.size() == 32 && s.find_first_not_of("0123456789abcdef") == std::string::npos;
}

const std::string* text_in(const nlohmann::json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get_ptr<const std::string*>() : nullptr;
}

Result<BaselineEntry> read_entry(const nlohmann::json& item, std::size_t index, const std::string& path) {
  const std::string which = "Finding " + std::to_string(index + 1) + " of the baseline ";
  if (!item.is_object()) return not_a_baseline(path, which + "is not an object.");
  BaselineEntry entry;
  const std::pair<const char*, std::string*> fields[] = {{"rule", &entry.rule},
                                                         {"path", &entry.path},
                                                         {"fingerprint", &entry.fingerprint},
                                                         {"message", &entry.message}};
  for (const auto& [key, field] : fields) {
    const std::string* value = text_in(item, key);
    if (value == nullptr) return not_a_baseline(path, which + "has no text `" + key + "`.");
    *field = *value;
  }
  if (!is_fingerprint(entry.fingerprint)) {
    return not_a_baseline(path, which + "has a fingerprint that is not 32 hexadecimal digits.");
  }
  const auto count = item.find("count");
  if (count == item.end() || !count->is_number_unsigned() || count->get<std::uint64_t>() == 0) {
    return not_a_baseline(path, which + "has no `count` of 1 or more.");
  }
  entry.count = count->get<std::uint64_t>();
  return entry;
}

}  // namespace

Baseline::Baseline(std::vector<BaselineEntry> entries) {
  std::sort(entries.begin(), entries.end(), [](const BaselineEntry& a, const BaselineEntry& b) {
    return order_of(a) < order_of(b) || (order_of(a) == order_of(b) && a.count > b.count);
  });
  // A merge of two branches may leave a line twice; the larger count stands.
  const auto last =
      std::unique(entries.begin(), entries.end(),
                  [](const BaselineEntry& a, const BaselineEntry& b) { return order_of(a) == order_of(b); });
  entries.erase(last, entries.end());
  entries_ = std::move(entries);
  counts_.reserve(entries_.size());
  for (const BaselineEntry& entry : entries_) counts_.emplace(entry.fingerprint, entry.count);
}

std::uint64_t Baseline::count(std::string_view fingerprint) const {
  const auto at = counts_.find(std::string(fingerprint));
  return at == counts_.end() ? 0 : at->second;
}

void BaselineRun::add(const CardReport& report) {
  paths_.insert(report.path);
  const std::size_t first = entries_.size();
  for (const JudgedFinding& judged : report.findings) {
    if (judged.suppression == SuppressionKind::inline_comment ||
        judged.suppression == SuppressionKind::waiver) {
      continue;
    }
    const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto same = std::find_if(
        begin, entries_.end(), [&](const BaselineEntry& entry) { return entry.fingerprint == judged.group; });
    if (same != entries_.end()) {
      ++same->count;
      continue;
    }
    BaselineEntry entry;
    entry.path = report.path;
    entry.rule = std::string(judged.finding.rule);
    entry.fingerprint = judged.group;
    entry.message = judged.finding.message;
    entries_.push_back(std::move(entry));
  }
}

Baseline BaselineRun::create() const { return Baseline(entries_); }

Baseline BaselineRun::update(const Baseline& old) const {
  std::vector<BaselineEntry> entries = entries_;
  for (const BaselineEntry& entry : old.entries()) {
    if (paths_.find(entry.path) == paths_.end()) entries.push_back(entry);
  }
  return Baseline(std::move(entries));
}

Baseline BaselineRun::prune(const Baseline& old,
                            const std::function<bool(const std::string& path)>& exists) const {
  const Baseline now = create();
  std::vector<BaselineEntry> entries;
  for (BaselineEntry entry : old.entries()) {
    if (paths_.find(entry.path) != paths_.end()) {
      entry.count = std::min(entry.count, now.count(entry.fingerprint));
      if (entry.count == 0) continue;
    } else if (!exists(entry.path)) {
      continue;
    }
    entries.push_back(std::move(entry));
  }
  return Baseline(std::move(entries));
}

std::string to_json(const Baseline& baseline) {
  std::string out = "{\n  \"schema\": " + json_string(kSchema) + ",\n  \"findings\": [";
  bool first = true;
  for (const BaselineEntry& entry : baseline.entries()) {
    out += first ? "\n" : ",\n";
    first = false;
    out += "    {\"path\": " + json_string(entry.path) + ", \"rule\": " + json_string(entry.rule) +
           ", \"fingerprint\": " + json_string(entry.fingerprint) +
           ", \"count\": " + std::to_string(entry.count) + ", \"message\": " + json_string(entry.message) +
           "}";
  }
  out += first ? "]\n}\n" : "\n  ]\n}\n";
  return out;
}

Result<Baseline> parse_baseline(std::string_view text, const std::string& path) {
  if (text.size() > kMaxBaselineBytes) {
    return Error(
        ErrorCode::too_large,
        "The baseline has more than " + std::to_string(kMaxBaselineBytes) + " bytes (kMaxBaselineBytes).",
        path);
  }
  // Strict, so that no reader sees another baseline in these bytes: no key twice, nothing behind a NUL.
  const auto parsed = parse_strict_json(text, {.values = kMaxBaselineValues, .bytes = kMaxBaselineBytes});
  if (!parsed) return not_a_baseline(path, "The baseline is not JSON: " + parsed.error().text());
  const nlohmann::json& document = *parsed;
  const std::string* schema = document.is_object() ? text_in(document, "schema") : nullptr;
  if (schema == nullptr || *schema != kSchema) {
    return not_a_baseline(path, "The baseline does not say `\"schema\": \"" + std::string(kSchema) + "\"`.");
  }
  const auto findings = document.find("findings");
  if (findings == document.end() || !findings->is_array()) {
    return not_a_baseline(path, "The baseline has no list `findings`.");
  }
  std::vector<BaselineEntry> entries;
  entries.reserve(findings->size());
  for (std::size_t i = 0; i < findings->size(); ++i) {
    auto entry = read_entry((*findings)[i], i, path);
    if (!entry) return entry.error();
    entries.push_back(*std::move(entry));
  }
  return Baseline(std::move(entries));
}

}  // namespace cardwarden
