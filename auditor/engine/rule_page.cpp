// SPDX-License-Identifier: Apache-2.0
#include "engine/rule_page.h"

#include <algorithm>

#include "base/text.h"
#include "base/yaml.h"

namespace cardwarden {
namespace {

constexpr std::string_view kFence = "---\n";

Error page_error(std::string_view source, std::string_view path, Span span, std::string message) {
  const Position position = LineIndex(source).position(source, span.begin);
  return {ErrorCode::rule, std::move(message),
          std::string(path) + ":" + std::to_string(position.line) + ":" + std::to_string(position.column)};
}

struct Block {
  yaml::Document document;
  std::size_t end = 0;  // of the front matter, fence included
};

Result<Block> front_matter(std::string_view source, std::string_view path) {
  const std::size_t close =
      source.substr(0, kFence.size()) == kFence ? source.find("\n---\n", 3) : std::string_view::npos;
  if (close == std::string_view::npos) {
    return page_error(source, path, {}, "a rule page begins with front matter between two lines \"---\"");
  }
  Block block;
  block.document = yaml::parse(source.substr(kFence.size(), close + 1 - kFence.size()),
                               static_cast<std::uint32_t>(kFence.size()));
  block.end = close + 5;
  if (!block.document.problems.empty()) {
    return page_error(source, path, block.document.problems.front().span,
                      block.document.problems.front().message);
  }
  if (!block.document.root.is_mapping())
    return page_error(source, path, {}, "the front matter of a rule page is a mapping");
  return block;
}

}  // namespace

const std::vector<std::string_view>& rule_page_sections() {
  static const std::vector<std::string_view> sections = {"What it asks",  "Why it matters", "What counts",
                                                         "What does not", "How to fix",     "Known misses"};
  return sections;
}

std::string_view rule_page_section(std::string_view page, std::string_view heading) {
  const std::string line = "## " + std::string(heading) + "\n";
  const std::size_t at = page.substr(0, line.size()) == line ? 0 : page.find("\n" + line);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = page.find('\n', at + 1) + 1;
  const std::size_t end = page.find("\n## ", begin - 1);
  if (end < begin) return {};  // the next heading follows at once
  return text::trim(page.substr(begin, end == std::string_view::npos ? end : end - begin));
}

Result<RuleMeta> parse_rule_page(std::string_view id, std::string_view source, std::string_view path) {
  auto block = front_matter(source, path);
  if (!block) return block.error();
  const yaml::Node& root = block->document.root;
  RuleMeta meta;
  meta.id = id;
  struct Field {
    std::string_view key;
    std::string& target;
  };
  for (const Field& field :
       {Field{"title", meta.title}, Field{"question", meta.question}, Field{"message", meta.message},
        Field{"remedy", meta.remedy}, Field{"status", meta.status}, Field{"since", meta.since}}) {
    const yaml::Node* node = root.find(field.key);
    if (node == nullptr || !node->is_scalar() || node->text.empty()) {
      return page_error(source, path, root.span,
                        "the front matter of a rule page needs `" + std::string(field.key) + "`");
    }
    field.target = node->text;
  }
  static const std::vector<std::string_view> kKnown = {"title", "question", "message",    "remedy", "status",
                                                       "since", "kinds",    "references", "needs",  "asks"};
  for (const yaml::Entry& entry : root.entries) {
    if (std::find(kKnown.begin(), kKnown.end(), entry.key.text) == kKnown.end()) {
      const auto near = text::nearest(entry.key.text, kKnown);
      return page_error(
          source, path, entry.key.span,
          "unknown key `" + entry.key.text + "`" + (near ? "; did you mean `" + *near + "`?" : ""));
    }
  }
  if (meta.status != "experimental" && meta.status != "stable" && meta.status != "deprecated") {
    return page_error(source, path, root.find("status")->span,
                      "`status` is experimental, stable or deprecated");
  }
  if (const yaml::Node* references = root.find("references")) {
    for (const yaml::Node& item : references->items) meta.references.push_back(item.text);
  }
  if (const yaml::Node* needs = root.find("needs")) {
    if (!needs->is_sequence() || needs->items.empty())
      return page_error(source, path, needs->span,
                        "`needs` is a list: [repository], [history] or [timeline]");
    for (const yaml::Node& item : needs->items) {
      if (item.text != "repository" && item.text != "history" && item.text != "timeline") {
        return page_error(source, path, item.span,
                          "`needs` holds repository, history or timeline, not `" + item.text + "`");
      }
      meta.needs.push_back(item.text);
    }
  }
  if (const yaml::Node* asks = root.find("asks")) {
    if (!asks->is_sequence() || asks->items.empty())
      return page_error(source, path, asks->span, "`asks` is a list of disclosures: [license]");
    for (const yaml::Node& item : asks->items) meta.asks.push_back(item.text);
  }
  const yaml::Node* kinds = root.find("kinds");
  if (kinds == nullptr || !kinds->is_sequence() || kinds->items.empty()) {
    return page_error(source, path, root.span,
                      "the front matter of a rule page needs `kinds`, a list of model, dataset, space");
  }
  for (const yaml::Node& item : kinds->items) {
    bool known = false;
    for (const Kind kind : {Kind::model, Kind::dataset, Kind::space}) {
      if (item.text != to_string(kind)) continue;
      meta.kinds.push_back(kind);
      known = true;
    }
    if (!known)
      return page_error(source, path, item.span,
                        "`kinds` holds model, dataset or space, not `" + item.text + "`");
  }
  meta.page = std::string(text::trim(source.substr(block->end)));
  for (const std::string_view section : rule_page_sections()) {
    if (rule_page_section(meta.page, section).empty()) {
      return page_error(source, path, {},
                        "the page needs the section \"## " + std::string(section) + "\", with text");
    }
  }
  return meta;
}

}  // namespace cardwarden
