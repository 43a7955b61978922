// SPDX-License-Identifier: Apache-2.0
#include "policy/comments.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace cardwarden {
namespace {

constexpr std::string_view kOpen = "<!--";
constexpr std::string_view kClose = "-->";

void collect_scalars(const yaml::Node& node, std::vector<Span>& out) {
  if (node.is_scalar()) out.push_back(node.span);
  for (const yaml::Node& item : node.items) collect_scalars(item, out);
  for (const yaml::Entry& entry : node.entries) {
    collect_scalars(entry.key, out);
    collect_scalars(entry.value, out);
  }
}

// The end of the scalar that `offset` lies in, or 0.
std::uint32_t scalar_end(const std::vector<Span>& scalars, std::uint32_t offset) {
  auto at = std::upper_bound(scalars.begin(), scalars.end(), offset,
                             [](std::uint32_t value, Span span) { return value < span.begin; });
  if (at == scalars.begin()) return 0;
  --at;
  return offset < at->end ? at->end : 0;
}

void read_yaml_comments(const Card& card, std::vector<Comment>& out) {
  if (!card.front_matter.present) return;
  std::vector<Span> scalars;
  collect_scalars(card.front_matter.root, scalars);
  std::sort(scalars.begin(), scalars.end(), [](Span a, Span b) { return a.begin < b.begin; });
  Span yaml = card.front_matter.yaml;
  // Where the block is not closed, the body begins within it.
  if (card.body.begin > yaml.begin) yaml.end = std::min(yaml.end, card.body.begin);
  const std::string_view text(card.text);
  std::size_t at = yaml.begin;
  while ((at = text.find('#', at)) != std::string_view::npos && at < yaml.end) {
    const auto offset = static_cast<std::uint32_t>(at);
    const char before = at == yaml.begin ? '\n' : text[at - 1];
    const bool apart = before == '\n' || before == '\r' || before == ' ' || before == '\t';
    if (const std::uint32_t end = scalar_end(scalars, offset)) {
      at = end;
      continue;
    }
    if (!apart) {
      ++at;
      continue;
    }
    const auto end = static_cast<std::uint32_t>(
        std::min({text.find_first_of("\r\n", at), static_cast<std::size_t>(yaml.end), text.size()}));
    out.push_back({{offset, end}, {offset + 1, end}, true});
    at = end;
  }
}

// Walks the body: code is passed over, `<!--` elsewhere opens a comment.
class BodyWalk {
 public:
  BodyWalk(const Card& card, std::vector<Comment>& out) : card_(card), text_(card.text), out_(out) {}

  void walk() {
    std::size_t limit = std::min<std::size_t>(card_.body.end, text_.size());
    // Of what was not read it is unknown whether it is code.
    if (card_.truncated) limit = card_.blocks.empty() ? card_.body.begin : card_.blocks.back().span.end;
    at_ = card_.body.begin;
    auto block = card_.blocks.begin();
    while (at_ < limit && !unclosed_) {
      while (block != card_.blocks.end() && block->span.end <= at_) ++block;
      const bool inside = block != card_.blocks.end() && block->span.begin <= at_;
      if (!inside) {
        markup(block == card_.blocks.end() ? limit : std::min<std::size_t>(limit, block->span.begin));
      } else if (block->kind == BlockKind::code) {
        at_ = block->span.end;
      } else if (block->kind == BlockKind::html) {
        markup(block->span.end);
      } else {
        inline_text(block->span.end);
      }
    }
  }

 private:
  // Text in which only comments matter.
  void markup(std::size_t end) {
    const std::size_t open = text_.find(kOpen, at_);
    if (open >= end) {
      at_ = end;
    } else {
      comment(open);
    }
  }

  // Text in which code spans and escapes hide what looks like a comment.
  void inline_text(std::size_t end) {
    count_runs(end);
    while (at_ < end) {
      at_ = text_.find_first_of("`\\<", at_);
      if (at_ >= end) {
        at_ = end;
      } else if (text_[at_] == '\\') {
        at_ += 2;
      } else if (text_[at_] == '`') {
        code_span(end);
      } else if (text_.substr(at_, kOpen.size()) == kOpen) {
        comment(at_);
        return;
      } else {
        ++at_;
      }
    }
  }

  std::size_t run_length(std::size_t at, std::size_t end) const {
    std::size_t stop = at;
    while (stop < end && text_[stop] == '`') ++stop;
    return stop - at;
  }

  // Remembers the last run of each length, so that a run without a partner costs no search.
  void count_runs(std::size_t end) {
    if (runs_end_ == end) return;
    runs_end_ = end;
    last_run_.clear();
    for (std::size_t at = text_.find('`', at_); at < end; at = text_.find('`', at)) {
      const std::size_t length = run_length(at, end);
      last_run_[length] = at;
      at += length;
    }
  }

  void code_span(std::size_t end) {
    const std::size_t length = run_length(at_, end);
    const auto last = last_run_.find(length);
    const bool closes = last != last_run_.end() && last->second > at_;
    at_ += length;
    if (!closes) return;
    while (at_ < end) {
      at_ = text_.find('`', at_);
      const std::size_t found = run_length(at_, end);
      at_ += found;
      if (found == length) return;
    }
  }

  void comment(std::size_t open) {
    const std::size_t close = text_.find(kClose, open + kOpen.size());
    if (close == std::string_view::npos) {
      unclosed_ = true;  // nothing after it can be closed either
      return;
    }
    const auto offset = [](std::size_t value) { return static_cast<std::uint32_t>(value); };
    out_.push_back(
        {{offset(open), offset(close + kClose.size())}, {offset(open + kOpen.size()), offset(close)}, false});
    at_ = close + kClose.size();
  }

  const Card& card_;
  std::string_view text_;
  std::vector<Comment>& out_;
  std::size_t at_ = 0;
  bool unclosed_ = false;
  std::size_t runs_end_ = 0;
  std::unordered_map<std::size_t, std::size_t>
      last_run_;  // length of a run of backticks → where the last begins
};

}  // namespace

std::vector<Comment> read_comments(const Card& card) {
  std::vector<Comment> out;
  read_yaml_comments(card, out);
  BodyWalk(card, out).walk();
  return out;
}

}  // namespace cardwarden
