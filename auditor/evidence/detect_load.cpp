// SPDX-License-Identifier: Apache-2.0
// detect.yaml and vocabulary.yaml → compiled detectors. Every error says where and what was expected.
#include <algorithm>

#include "base/text.h"
#include "evidence/detector.h"

namespace cardwarden {
namespace {

constexpr UnitKinds kWhenAsked = 0;
constexpr UnitKinds kDefaultKinds = bit(UnitKind::prose) | bit(UnitKind::list) | bit(UnitKind::table);
constexpr std::uint32_t kDefaultSectionWords = 3;  // of a unit that stands for its section

Error at(std::string_view source, std::string_view path, Span span, std::string message) {
  const LineIndex lines(source);
  const Position position = lines.position(source, span.begin);
  return {ErrorCode::rule, std::move(message),
          std::string(path) + ":" + std::to_string(position.line) + ":" + std::to_string(position.column)};
}

std::optional<Error> first_problem(const yaml::Document& document, std::string_view source,
                                   std::string_view path) {
  if (document.problems.empty()) return std::nullopt;
  return at(source, path, document.problems.front().span, document.problems.front().message);
}

}  // namespace

class DetectLoader {
 public:
  DetectLoader(DetectorsBuilder& builder, std::string_view source, std::string_view path)
      : builder_(builder), out_(builder.out_), source_(source), path_(path) {}

  Done load(std::string_view rule, std::string_view id) {
    const yaml::Document document = yaml::parse(source_);
    if (auto problem = first_problem(document, source_, path_)) return *problem;
    if (!document.root.is_mapping())
      return fail(document.root, "expected a mapping with `clues`, `fields` or `finding`");
    if (const yaml::Node* finding = document.root.find("finding"))
      return load_finding(rule, document.root, *finding);
    if (const yaml::Node* phrases = document.root.find("phrases"))
      return load_phrases(rule, document.root, *phrases);
    return load_detector(rule, id, document.root);
  }

  Result<std::vector<std::string>> strings(const yaml::Node& node) const {
    std::vector<std::string> out;
    if (const auto error = gather(node, out)) return *error;
    return out;
  }

 private:
  Error fail(const yaml::Node& node, std::string message) const {
    return at(source_, path_, node.span, std::move(message));
  }

  // A text, a list of texts, or a mapping from language to either.
  std::optional<Error> gather(const yaml::Node& node, std::vector<std::string>& out) const {
    if (node.is_scalar() || (node.is_null() && !node.text.empty())) {
      out.push_back(node.text);
      return std::nullopt;
    }
    for (const yaml::Node& item : node.items) {
      if (!item.is_scalar() && !(item.is_null() && !item.text.empty())) {
        return fail(item, "expected a phrase, found something else; quote it if it begins with a sign");
      }
      out.push_back(item.text);
    }
    for (const yaml::Entry& entry : node.entries) {
      if (auto error = gather(entry.value, out)) return error;
    }
    if (node.is_null()) return fail(node, "expected a list of phrases, found nothing");
    return std::nullopt;
  }

  std::optional<Error> check_keys(const yaml::Node& mapping,
                                  const std::vector<std::string_view>& known) const {
    for (const yaml::Entry& entry : mapping.entries) {
      if (std::find(known.begin(), known.end(), entry.key.text) != known.end()) continue;
      const auto near = text::nearest(entry.key.text, known);
      return fail(entry.key,
                  "unknown key `" + entry.key.text + "`" + (near ? "; did you mean `" + *near + "`?" : ""));
    }
    return std::nullopt;
  }

  Result<GroupId> group(const yaml::Node& node, UnitKinds kinds) {
    auto phrases = strings(node);
    if (!phrases) return phrases.error();
    auto id = builder_.lexicon_.add_group(*phrases, builder_.lists_, kinds);
    if (!id) return fail(node, id.error().message);
    return id;
  }

  Result<std::uint32_t> heading_set(const yaml::Node& node) {
    auto id = group(node, bit(UnitKind::heading));
    if (!id) return id;
    auto& sets = out_.heading_sets_;
    const auto known = std::find(sets.begin(), sets.end(), *id);
    if (known != sets.end()) return static_cast<std::uint32_t>(known - sets.begin());
    sets.push_back(*id);
    return static_cast<std::uint32_t>(sets.size() - 1);
  }

  // Sets `target` from `mapping[key]` where it is there.
  std::optional<Error> take_group(const yaml::Node& mapping, std::string_view key, UnitKinds kinds,
                                  std::optional<GroupId>& target) {
    const yaml::Node* node = mapping.find(key);
    if (node == nullptr) return std::nullopt;
    auto id = group(*node, kinds);
    if (!id) return id.error();
    target = *id;
    return std::nullopt;
  }

  Result<Clue> clue(const yaml::Node& node, std::optional<std::uint32_t> headings);
  std::optional<Error> clues(const yaml::Node* node, std::optional<std::uint32_t> headings,
                             std::optional<GroupId> never);
  Result<FieldClue> field(const yaml::Node& node);
  std::optional<Error> unit_kinds(const yaml::Node& node, std::uint8_t& mask) const;
  Done load_detector(std::string_view rule, std::string_view id, const yaml::Node& root);
  Done load_finding(std::string_view rule, const yaml::Node& root, const yaml::Node& finding);
  Done load_phrases(std::string_view rule, const yaml::Node& root, const yaml::Node& phrases);

  DetectorsBuilder& builder_;
  Detectors& out_;
  std::string_view source_;
  std::string_view path_;
};

std::optional<Error> DetectLoader::unit_kinds(const yaml::Node& node, std::uint8_t& mask) const {
  static const std::vector<std::string_view> kNames = {"prose", "list", "table", "code", "heading"};
  auto names = strings(node);
  if (!names) return names.error();
  mask = 0;
  for (const std::string& name : *names) {
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end())
      return fail(node, "unknown kind of unit `" + name + "`; known are prose, list, table, code, heading");
    mask |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(found - kNames.begin()));
  }
  return std::nullopt;
}

Result<Clue> DetectLoader::clue(const yaml::Node& node, std::optional<std::uint32_t> headings) {
  if (!node.is_mapping()) return fail(node, "expected a clue: a mapping with `say` or `under`");
  if (auto error = check_keys(node, {"say", "with", "unless", "under", "min-words", "in", "weight"}))
    return *error;
  Clue out;
  out.kinds = kDefaultKinds;
  if (const yaml::Node* kinds = node.find("in")) {
    if (auto error = unit_kinds(*kinds, out.kinds)) return *error;
  }
  if (auto error = take_group(node, "say", out.kinds, out.say)) return *error;
  if (auto error = take_group(node, "with", kWhenAsked, out.with)) return *error;
  if (auto error = take_group(node, "unless", kWhenAsked, out.unless)) return *error;
  if (const yaml::Node* under = node.find("under")) {
    if (under->is_scalar() && under->text == "headings") {
      if (!headings) return fail(*under, "`under: headings` needs the key `headings` beside `clues`");
      out.under = headings;
    } else {
      auto set = heading_set(*under);
      if (!set) return set.error();
      out.under = *set;
    }
  }
  if (!out.say && !out.under) return fail(node, "a clue needs `say` or `under`");
  out.min_words = out.say ? 1 : kDefaultSectionWords;
  if (const yaml::Node* words = node.find("min-words")) {
    if (words->text.empty() || words->text.size() > 4 ||
        words->text.find_first_not_of("0123456789") != std::string::npos) {
      return fail(*words, "`min-words` must be a whole number");
    }
    out.min_words = static_cast<std::uint32_t>(std::stoul(words->text));
  }
  if (const yaml::Node* weight = node.find("weight")) {
    char* end = nullptr;
    out.weight = std::strtod(weight->text.c_str(), &end);
    if (weight->text.empty() || *end != '\0' || !(out.weight > 0.0) || out.weight > 1.0) {
      return fail(*weight, "`weight` must be a number above 0 and at most 1");
    }
  }
  return out;
}

// Adds to the clues of all rules.
std::optional<Error> DetectLoader::clues(const yaml::Node* node, std::optional<std::uint32_t> headings,
                                         std::optional<GroupId> never) {
  if (node == nullptr) return std::nullopt;
  if (!node->is_sequence()) return fail(*node, "`clues` must be a list");
  for (const yaml::Node& item : node->items) {
    auto one = clue(item, headings);
    if (!one) return one.error();
    one->never = never;
    out_.clues_.push_back(*one);
  }
  return std::nullopt;
}

Result<FieldClue> DetectLoader::field(const yaml::Node& node) {
  FieldClue out;
  if (node.is_scalar()) {
    out.path = node.text;
    return out;
  }
  if (!node.is_mapping()) return fail(node, "expected a field: a path, or a mapping with `path`");
  if (auto error = check_keys(node, {"path", "value", "not", "say"})) return *error;
  const yaml::Node* path = node.find("path");
  if (path == nullptr || path->text.empty()) return fail(node, "a field needs a `path`");
  out.path = path->text;
  if (const yaml::Node* value = node.find("value"); value != nullptr && value->text != "present") {
    return fail(*value, "`value` can only be `present`");
  }
  if (const yaml::Node* excluded = node.find("not")) {
    auto values = strings(*excluded);
    if (!values) return values.error();
    for (const std::string& value : *values) out.not_values.push_back(text::lower_ascii(value));
  }
  if (const yaml::Node* say = node.find("say")) {
    auto id = group(*say, bit(UnitKind::field));
    if (!id) return id.error();
    out.say = *id;
    auto& paths = out_.field_paths_;
    const auto known = std::find(paths.begin(), paths.end(), out.path);
    out.field = static_cast<std::uint16_t>(known - paths.begin() + 1);
    if (known == paths.end()) paths.push_back(out.path);
  }
  return out;
}

Done DetectLoader::load_detector(std::string_view rule, std::string_view id, const yaml::Node& root) {
  if (auto error = check_keys(root, {"headings", "fields", "clues", "never", "labels"})) return *error;
  Detector detector;
  detector.rule = rule;
  detector.id = id;
  if (const yaml::Node* headings = root.find("headings")) {
    auto set = heading_set(*headings);
    if (!set) return set.error();
    detector.headings = *set;
  }
  std::optional<GroupId> never;
  if (auto error = take_group(root, "never", kWhenAsked, never)) return *error;
  if (auto error = take_group(root, "labels", kWhenAsked, detector.labels)) return *error;
  if (const yaml::Node* list = root.find("fields")) {
    if (!list->is_sequence()) return fail(*list, "`fields` must be a list");
    for (const yaml::Node& item : list->items) {
      auto one = field(item);
      if (!one) return one.error();
      detector.fields.push_back(std::move(*one));
    }
  }
  detector.first_clue = static_cast<std::uint32_t>(out_.clues_.size());
  if (auto error = clues(root.find("clues"), detector.headings, never)) return *error;
  detector.last_clue = static_cast<std::uint32_t>(out_.clues_.size());
  if (detector.first_clue == detector.last_clue && detector.fields.empty())
    return fail(root, "a disclosure needs `clues` or `fields`");
  auto& all = out_.detectors_;
  const auto place = std::lower_bound(all.begin(), all.end(), detector.id,
                                      [](const Detector& one, std::string_view key) { return one.id < key; });
  all.insert(place, std::move(detector));
  return Nothing{};
}

Done DetectLoader::load_finding(std::string_view rule, const yaml::Node& root, const yaml::Node& finding) {
  if (auto error = check_keys(root, {"finding"})) return *error;
  if (auto error = check_keys(finding, {"when"})) return *error;
  const yaml::Node* when = finding.find("when");
  if (when == nullptr || !when->is_mapping()) return fail(finding, "`finding` needs a mapping `when`");
  if (auto error = check_keys(*when, {"absent", "disclosed", "field", "no-field", "clues"})) return *error;
  AuditRule audit;
  audit.rule = rule;
  struct Taken {
    std::string_view key;
    std::vector<std::string>& target;
  };
  for (const Taken& taken : {Taken{"absent", audit.absent}, Taken{"disclosed", audit.disclosed},
                             Taken{"field", audit.fields}, Taken{"no-field", audit.no_fields}}) {
    const yaml::Node* node = when->find(taken.key);
    if (node == nullptr) continue;
    auto values = strings(*node);
    if (!values) return values.error();
    taken.target = std::move(*values);
  }
  audit.first_clue = static_cast<std::uint32_t>(out_.clues_.size());
  if (auto error = clues(when->find("clues"), std::nullopt, std::nullopt)) return *error;
  audit.last_clue = static_cast<std::uint32_t>(out_.clues_.size());
  out_.audit_rules_.push_back(std::move(audit));
  return Nothing{};
}

// The phrases of a native rule, by name: a list, or `in` and `say`.
Done DetectLoader::load_phrases(std::string_view rule, const yaml::Node& root, const yaml::Node& phrases) {
  if (auto error = check_keys(root, {"phrases"})) return *error;
  if (!phrases.is_mapping()) return fail(phrases, "`phrases` must be a mapping from a name to its phrases");
  for (const yaml::Entry& entry : phrases.entries) {
    NamedPhrases named{rule, entry.key.text};
    const yaml::Node* say = &entry.value;
    if (const yaml::Node* kinds = entry.value.find("in")) {
      if (auto error = check_keys(entry.value, {"in", "say"})) return *error;
      if (auto error = unit_kinds(*kinds, named.kinds)) return *error;
      say = entry.value.find("say");
      if (say == nullptr) return fail(entry.value, "phrases with `in` need `say`");
    }
    auto id = group(*say, named.kinds);
    if (!id) return id.error();
    named.group = *id;
    out_.phrases_.push_back(std::move(named));
  }
  return Nothing{};
}

Result<DetectorsBuilder> DetectorsBuilder::create(const Vocabulary& vocabulary) {
  DetectorsBuilder builder;
  builder.lists_ = vocabulary.lists;
  auto group = builder.lexicon_.add_group(vocabulary.placeholders, builder.lists_,
                                          kDefaultKinds | bit(UnitKind::field));
  if (!group) return Error{ErrorCode::rule, group.error().message, "rules/vocabulary.yaml"};
  builder.out_.placeholder_ = *group;
  return builder;
}

Done DetectorsBuilder::add(std::string_view rule, std::string_view id, std::string_view yaml,
                           std::string_view path) {
  return DetectLoader(*this, yaml, path).load(rule, id);
}

Detectors DetectorsBuilder::build() {
  out_.lexicon_ = lexicon_.build();
  out_.make_index();
  return std::move(out_);
}

Result<Vocabulary> parse_vocabulary(std::string_view source, std::string_view path) {
  const yaml::Document document = yaml::parse(source);
  if (auto problem = first_problem(document, source, path)) return *problem;
  Vocabulary out;
  DetectorsBuilder none;
  const DetectLoader loader(none, source, path);
  const auto wrong = [&](const yaml::Node& node, const char* message) {
    return at(source, path, node.span, message);
  };
  if (!document.root.is_mapping() && !document.root.is_null()) {
    return wrong(document.root, "expected a mapping with `lists` and `placeholders`");
  }
  for (const yaml::Entry& entry : document.root.entries) {
    if (entry.key.text == "lists") {
      if (!entry.value.is_mapping())
        return wrong(entry.value, "`lists` is a mapping from a name to its words");
      for (const yaml::Entry& list : entry.value.entries) {
        auto words = loader.strings(list.value);
        if (!words) return words.error();
        if (!out.lists.emplace(list.key.text, std::move(*words)).second) {
          return at(source, path, list.key.span, "the word list `" + list.key.text + "` stands twice");
        }
      }
    } else if (entry.key.text == "placeholders") {
      if (entry.value.is_sequence() && entry.value.items.empty()) continue;
      auto words = loader.strings(entry.value);
      if (!words) return words.error();
      out.placeholders = std::move(*words);
    } else {
      return at(source, path, entry.key.span,
                "unknown key `" + entry.key.text + "`; known are `lists` and `placeholders`");
    }
  }
  return out;
}

}  // namespace cardwarden
