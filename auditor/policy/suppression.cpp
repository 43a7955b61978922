// SPDX-License-Identifier: Apache-2.0
#include "policy/suppression.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "policy/comments.h"
#include "policy/glob.h"
#include "policy/settings_file.h"

namespace cardwarden {
namespace {

constexpr std::string_view kPrefix = "cardwarden-";
const std::vector<std::string_view> kDirectives{"disable-next-line", "disable-line", "disable-file",
                                                "disable", "enable"};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string shown(std::string_view words) { return "`" + text::printable(text::excerpt(words, 80)) + "`"; }

// The words of one comment: a directive, the rules it names, the reason.
struct Order {
  std::string directive;
  std::vector<std::string> rules;
  std::string reason;
};

// Where " -- " stands: two hyphens with white space or an end on both sides.
std::size_t find_dashes(std::string_view words) {
  for (std::size_t at = words.find("--"); at != std::string_view::npos; at = words.find("--", at + 1)) {
    const bool before = at == 0 || is_space(words[at - 1]);
    const bool after = at + 2 == words.size() || is_space(words[at + 2]);
    if (before && after) return at;
  }
  return std::string_view::npos;
}

Order read_order(std::string_view words) {
  Order order;
  const std::size_t dashes = find_dashes(words);
  if (dashes != std::string_view::npos)
    order.reason = text::excerpt(text::trim(words.substr(dashes + 2)), 500);
  std::string_view head = words.substr(0, dashes);
  const std::size_t gap = head.find_first_of(" \t\r\n");
  order.directive = std::string(head.substr(0, gap));
  head = gap == std::string_view::npos ? std::string_view() : head.substr(gap);
  while (!head.empty()) {
    const std::size_t begin = head.find_first_not_of(", \t\r\n");
    if (begin == std::string_view::npos) break;
    head.remove_prefix(begin);
    const std::size_t end = std::min(head.find_first_of(", \t\r\n"), head.size());
    order.rules.emplace_back(head.substr(0, end));
    head.remove_prefix(end);
  }
  return order;
}

class Reader {
 public:
  Reader(const Card& card, const KnownRules& rules) : card_(card), rules_(rules), ids_(rule_ids(rules)) {}

  Suppressions read() {
    comments_ = read_comments(card_);
    bool front_matter = true;
    for (std::size_t i = 0; i < comments_.size(); ++i) {
      if (front_matter && !comments_[i].front_matter) {
        close_all(card_.front_matter.block.end);
        front_matter = false;
      }
      const std::string_view words = text::trim(card_.quote(comments_[i].words));
      if (words.substr(0, kPrefix.size()) != kPrefix) continue;
      const Order order = read_order(words.substr(kPrefix.size()));
      asked_ += std::max<std::size_t>(order.rules.size(), 1);
      if (asked_ > kMaxSuppressions) {
        wrong(comments_[i], "too-many",
              "The card has more than " + std::to_string(kMaxSuppressions) +
                  " suppressions; this one and those behind it suppress nothing.",
              "Suppress whole families with a glob, or set the rules in the policy.");
        break;
      }
      take(i, order);
    }
    close_all(front_matter ? card_.front_matter.block.end : static_cast<std::uint32_t>(card_.text.size()));
    return std::move(out_);
  }

 private:
  void take(std::size_t index, const Order& order) {
    const Comment& comment = comments_[index];
    const std::string called = "cardwarden-" + order.directive;
    if (std::find(kDirectives.begin(), kDirectives.end(), order.directive) == kDirectives.end()) {
      const std::string hint = did_you_mean(order.directive, kDirectives);
      return wrong(comment, order.directive, shown(called) + " is not an instruction to the auditor." + hint,
                   "Write one of " + one_of(kDirectives) + " after `cardwarden-`.");
    }
    if (order.directive == "enable") return enable(comment, order);
    if (order.rules.empty()) {
      return wrong(comment, order.directive, "The suppression names no rule, so it suppresses nothing.",
                   "Name the rule after " + shown(called) + ", then two hyphens and the reason.");
    }
    for (const std::string& rule : order.rules) {
      if (rule_is_fine(comment, order.directive, rule) && has_reason(comment, order, rule)) {
        add(index, order, rule);
      }
    }
  }

  bool has_reason(const Comment& comment, const Order& order, const std::string& rule) {
    if (!order.reason.empty()) return true;
    wrong(comment, order.directive + " " + rule,
          "The suppression of " + shown(rule) + " gives no reason, so it suppresses nothing.",
          "Write the reason after two hyphens: `cardwarden-" + order.directive + " " + rule + " -- reason`.");
    return false;
  }

  bool rule_is_fine(const Comment& comment, const std::string& directive, const std::string& rule) {
    const std::string key = directive + " " + rule;
    if (rule.rfind("suppression/", 0) == 0) {
      wrong(comment, key, "A comment cannot suppress what is found about suppressions (" + shown(rule) + ").",
            "Correct the suppression it speaks of, or set the rule in the policy.");
      return false;
    }
    const bool known = is_glob(rule)
                           ? std::any_of(ids_.begin(), ids_.end(),
                                         [&](std::string_view id) { return glob_matches(rule, id); })
                           : find_rule(rules_, rule) != nullptr;
    if (known) return true;
    wrong(comment, key,
          (is_glob(rule) ? "No rule matches " : "There is no rule ") + shown(rule) +
              ", so the comment suppresses nothing." + did_you_mean(rule, ids_),
          "Name the rule as the report does, for example `model-card/license`.");
    return false;
  }

  void add(std::size_t index, const Order& order, const std::string& rule) {
    const Comment& comment = comments_[index];
    Suppression item;
    item.rule = rule;
    item.reason = order.reason;
    item.directive = order.directive;
    item.span = comment.span;
    if (order.directive == "disable-file") {
      item.whole_card = true;
    } else if (order.directive == "disable-line") {
      item.covers = lines(comment.span.begin, comment.span.end);
    } else if (order.directive == "disable-next-line") {
      item.covers = next_line(index);
    } else {
      item.covers = {comment.span.end, comment.span.end};
      open_.push_back(out_.items.size());
    }
    out_.items.push_back(std::move(item));
  }

  void enable(const Comment& comment, const Order& order) {
    const std::size_t before = open_.size();
    std::vector<std::size_t> still;
    for (const std::size_t index : open_) {
      Suppression& item = out_.items[index];
      const bool closed = order.rules.empty() ||
                          std::find(order.rules.begin(), order.rules.end(), item.rule) != order.rules.end();
      if (closed) {
        item.covers.end = comment.span.begin;
      } else {
        still.push_back(index);
      }
    }
    open_ = std::move(still);
    if (open_.size() != before) return;
    const std::string what = order.rules.empty() ? "anything" : shown(text::join(order.rules, ", "));
    wrong(comment, "enable " + text::join(order.rules, " "),
          "Nothing before this comment disables " + what + ".",
          "Remove the comment, or name the rule as the `cardwarden-disable` before it does.");
  }

  void close_all(std::uint32_t end) {
    for (const std::size_t index : open_) out_.items[index].covers.end = end;
    open_.clear();
  }

  // From the start of the first line to the end of the last that the bytes touch.
  Span lines(std::uint32_t begin, std::uint32_t end) const {
    const std::uint32_t last = card_.lines.line_of(end > begin ? end - 1 : end);
    return {card_.lines.line_start(card_.lines.line_of(begin)), card_.lines.line(card_.text, last).end};
  }

  // The first line after the comment that is not blank and not another suppression; where a paragraph, list
  // item, row or code block begins on it, all of that.
  Span next_line(std::size_t index) const {
    const Comment& comment = comments_[index];
    std::uint32_t line = card_.lines.line_of(comment.span.end - 1) + 1;
    std::size_t later = index + 1;
    for (; line <= card_.lines.line_count(); ++line) {
      const Span span = card_.lines.line(card_.text, line);
      const std::string_view words = text::trim(span.of(card_.text));
      if (words.empty()) continue;
      while (later < comments_.size() && comments_[later].span.end <= span.begin) ++later;
      if (later == comments_.size() || comments_[later].span.begin >= span.end) break;
      const bool alone = text::trim(Span{span.begin, comments_[later].span.begin}.of(card_.text)).empty();
      const bool order = text::trim(card_.quote(comments_[later].words)).substr(0, kPrefix.size()) == kPrefix;
      const std::uint32_t last = card_.lines.line_of(comments_[later].span.end - 1);
      const Span rest{comments_[later].span.end, card_.lines.line(card_.text, last).end};
      if (!alone || !order || !text::trim(rest.of(card_.text)).empty()) break;
      line = last;
    }
    if (line > card_.lines.line_count()) return {comment.span.end, comment.span.end};
    Span covers = card_.lines.line(card_.text, line);
    if (!comment.front_matter) covers.end = std::max(covers.end, end_of_block_in(covers));
    return covers;
  }

  std::uint32_t end_of_block_in(Span line) const {
    auto at =
        std::lower_bound(card_.blocks.begin(), card_.blocks.end(), line.begin,
                         [](const Block& block, std::uint32_t offset) { return block.span.begin < offset; });
    std::uint32_t end = line.end;
    for (; at != card_.blocks.end() && at->span.begin < line.end; ++at) end = std::max(end, at->span.end);
    return end;
  }

  void wrong(const Comment& comment, std::string key, std::string message, std::string remedy) {
    Finding finding;
    finding.rule = kInvalidSuppression;
    finding.outcome = Outcome::violated;
    finding.span = comment.span;
    finding.located = true;
    finding.message = std::move(message);
    finding.remedy = std::move(remedy);
    finding.key = std::move(key);
    out_.problems.push_back(std::move(finding));
  }

  const Card& card_;
  const KnownRules& rules_;
  std::vector<std::string_view> ids_;
  std::vector<Comment> comments_;
  std::size_t asked_ = 0;          // rules that comments named so far
  std::vector<std::size_t> open_;  // of out_.items: regions without an end yet
  Suppressions out_;
};

// Where a finding about the whole card stands in the front matter, if its key names a field there.
std::optional<std::uint32_t> place_of_key(const Card& card, std::string_view key) {
  if (key.empty() || !card.front_matter.root.is_mapping()) return std::nullopt;
  const yaml::Entry* entry = card.front_matter.root.find_entry(key.substr(0, key.find_first_of(".[")));
  if (entry == nullptr) return std::nullopt;
  return entry->key.span.begin;
}

}  // namespace

Suppressions read_suppressions(const Card& card, const KnownRules& rules) {
  if (card.text.find(kPrefix) == std::string::npos) return {};
  return Reader(card, rules).read();
}

bool suppresses(const Suppression& item, const Card& card, const Finding& finding) {
  if (finding.rule == kUnusedSuppression || finding.rule == kInvalidSuppression) return false;
  if (!glob_matches(item.rule, finding.rule)) return false;
  if (item.whole_card) return true;
  const auto place = finding.located ? std::optional(finding.span.begin) : place_of_key(card, finding.key);
  return place && item.covers.begin <= *place && *place <= item.covers.end && !item.covers.empty();
}

Finding unused_suppression(const Suppression& item) {
  Finding finding;
  finding.rule = kUnusedSuppression;
  finding.outcome = Outcome::violated;
  finding.span = item.span;
  finding.located = true;
  finding.message =
      "This comment suppresses " + shown(item.rule) + ", but there is nothing of it to suppress here.";
  finding.remedy = "Remove the comment, or move it to where the finding is reported.";
  finding.key = item.directive + " " + item.rule;
  return finding;
}

}  // namespace cardwarden
