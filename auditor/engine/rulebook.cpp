// SPDX-License-Identifier: Apache-2.0
#include "engine/rulebook.h"

#include <algorithm>

#include "base/text.h"
#include "crypto/bytes.h"

namespace cardwarden {
namespace {

// In the catalogue's own families a disclosure goes by its catalogue id, elsewhere by the whole rule id.
std::string_view name_of(std::string_view id) {
  for (const std::string_view family : {"model-card/", "dataset-card/", "signal/"}) {
    if (id.substr(0, family.size()) == family) return id.substr(family.size());
  }
  return id;
}

// `key:` at the start of a line of the YAML.
bool has_top_key(std::string_view yaml, std::string_view key) {
  const std::string line = std::string(key) + ":";
  return yaml.substr(0, line.size()) == line || yaml.find("\n" + line) != std::string_view::npos;
}

// What follows `key` on the first line that begins with it; pages are read long before they are parsed.
std::string_view front_matter_line(std::string_view page, std::string_view key) {
  const std::size_t at = page.substr(0, page.find("\n---\n", 3)).find(key);
  if (at == std::string_view::npos) return {};
  return page.substr(at + key.size(), page.find('\n', at + 1) - at - key.size());
}

// The ids in its line `asks: [license, languages]`.
std::vector<std::string> asks_of_page(std::string_view page) {
  std::vector<std::string> ids;
  std::string id;
  for (const char c : front_matter_line(page, "\nasks:")) {
    if (c != '[' && c != ']' && c != ',' && c != ' ') {
      id += c;
    } else if (!id.empty()) {
      ids.push_back(std::move(id));
      id.clear();
    }
  }
  return ids;
}

Rule make_rule(std::string_view id, std::string_view page, std::string_view detect, std::string_view cases) {
  Rule rule;
  rule.id = id;
  rule.name = name_of(id);
  rule.kinds = kinds_of_page(page);
  rule.needs_timeline = page_needs(page, "timeline");
  rule.needs_history = rule.needs_timeline || page_needs(page, "history");
  rule.needs_repository = rule.needs_history || page_needs(page, "repository");
  rule.asks = asks_of_page(page);
  rule.page = page;
  rule.detect = detect;
  rule.cases = cases;
  rule.by_judge = has_top_key(detect, "reported-by");
  rule.native = detect.empty() || has_top_key(detect, "phrases");
  rule.disclosure = !rule.native && !rule.by_judge && !has_top_key(detect, "finding");
  return rule;
}

}  // namespace

bool page_needs(std::string_view page, std::string_view what) {
  return front_matter_line(page, "\nneeds:").find(what) != std::string_view::npos;
}

std::uint8_t kinds_of_page(std::string_view page) {
  const std::string_view line = front_matter_line(page, "\nkinds:");
  std::uint8_t mask = 0;
  for (const Kind kind : {Kind::model, Kind::dataset, Kind::space}) {
    if (line.find(to_string(kind)) != std::string_view::npos)
      mask |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
  }
  return mask;
}

Result<std::unique_ptr<RuleBook>> RuleBook::create(const std::vector<RuleSource>& builtin,
                                                   std::vector<RuleFolder> folders, std::string vocabulary,
                                                   const PackedRules& packed) {
  std::unique_ptr<RuleBook> book(new RuleBook);
  book->packed_ = packed;
  book->folders_ = std::move(folders);
  book->vocabulary_ = std::move(vocabulary);
  for (const RuleSource& source : builtin) {
    Rule rule = make_rule(source.id, source.page, source.detect, source.cases);
    rule.check = source.check;
    rule.folder = "rules/" + std::string(source.id);
    book->rules_.push_back(std::move(rule));
  }
  for (const RuleFolder& folder : book->folders_) {
    Rule rule = make_rule(folder.id, folder.page, folder.detect, folder.cases);
    rule.builtin = false;
    rule.folder = folder.folder;
    const auto same = std::find_if(book->rules_.begin(), book->rules_.end(),
                                   [&](const Rule& one) { return one.id == rule.id; });
    if (same != book->rules_.end()) {
      if (rule.native) rule.check = same->check;  // the page, cases and phrases of a native rule
      *same = std::move(rule);
    } else {
      if (rule.native) {
        return Error{ErrorCode::rule,
                     "expected detect.yaml beside rule.md; only built-in rules can be native", folder.folder};
      }
      book->rules_.push_back(std::move(rule));
    }
  }
  std::sort(book->rules_.begin(), book->rules_.end(),
            [](const Rule& a, const Rule& b) { return a.id < b.id; });
  return book;
}

const Rule* RuleBook::find(std::string_view id) const {
  const auto place = std::lower_bound(rules_.begin(), rules_.end(), id,
                                      [](const Rule& rule, std::string_view key) { return rule.id < key; });
  return place != rules_.end() && place->id == id ? &*place : nullptr;
}

std::vector<std::string_view> RuleBook::ids() const {
  std::vector<std::string_view> out;
  for (const Rule& rule : rules_) out.push_back(rule.id);
  return out;
}

Result<const RuleMeta*> RuleBook::meta(const Rule& rule) const {
  const std::lock_guard lock(meta_mutex_);
  auto& slot = meta_[rule.id];
  if (!slot) {
    auto parsed = parse_rule_page(rule.id, rule.page, rule.folder + "/rule.md");
    if (!parsed) return parsed.error();
    slot = std::make_unique<RuleMeta>(std::move(*parsed));
  }
  return slot.get();
}

Result<Detectors> RuleBook::compile(Kind kind) const {
  auto vocabulary = parse_vocabulary(vocabulary_, "rules/vocabulary.yaml");
  if (!vocabulary) return vocabulary.error();
  auto builder = DetectorsBuilder::create(*vocabulary);
  if (!builder) return builder.error();
  for (const Rule& rule : rules_) {
    if (!rule.applies_to(kind) || rule.detect.empty() || rule.by_judge) continue;
    auto added = builder->add(rule.id, rule.name, rule.detect, rule.folder + "/detect.yaml");
    if (!added) return added.error();
  }
  return builder->build();
}

std::string RuleBook::pack(Kind kind) const {
  auto compiled = compile(kind);
  return compiled ? compiled->pack() : std::string();
}

Result<Detectors> RuleBook::load(Kind kind) const {
  const std::string_view compiled = packed_[static_cast<std::size_t>(kind)];
  return compiled.empty() ? compile(kind) : Detectors::unpack(compiled);
}

Result<const Detectors*> RuleBook::detectors(Kind kind) const {
  Lazy& lazy = compiled_[static_cast<std::size_t>(kind)];
  std::call_once(lazy.once, [&] { lazy.detectors = std::make_unique<Result<Detectors>>(load(kind)); });
  if (!*lazy.detectors) return lazy.detectors->error();
  return &lazy.detectors->value();
}

Result<const EvidencePlan*> RuleBook::plan(Kind kind, const Asked& asked) const {
  auto found = detectors(kind);
  if (!found) return found.error();
  const std::lock_guard lock(plans_mutex_);
  auto& slot = plans_[static_cast<std::size_t>(kind)][asked];
  if (!slot) slot = std::make_unique<EvidencePlan>(**found, asked);
  return slot.get();
}

const std::string& RuleBook::digest() const {
  const std::lock_guard lock(meta_mutex_);
  if (digest_.empty()) {
    std::string all = "cardwarden-rules/1\n";
    for (const Rule& rule : rules_) {
      for (const std::string_view part : {rule.id, rule.page, rule.detect, rule.cases}) {
        all += std::to_string(part.size()) + ":";
        all += part;
      }
    }
    digest_ = sha256_hex(all + vocabulary_);
  }
  return digest_;
}

}  // namespace cardwarden
