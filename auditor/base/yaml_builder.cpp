// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_builder.h"

#include "base/text.h"
#include "base/yaml_source.h"

namespace cardwarden::yaml {
namespace {

constexpr std::size_t kQuotedChars = 40;  // of a key or line in a message

}  // namespace

Node& Builder::place() {
  if (frames_.empty()) return document_.root;
  Frame& frame = frames_.back();
  if (frame.node->type == Type::sequence) return frame.node->items.emplace_back();
  frame.want_key = !frame.want_key;
  if (!frame.want_key) return frame.node->entries.emplace_back().key;
  return frame.node->entries.back().value;
}

void Builder::count(std::size_t bytes) {
  ++nodes_;
  bytes_ += bytes;
  if (nodes_ - alias_nodes_ > limits_.nodes) {
    problem(ProblemKind::too_many, cursor_, cursor_,
            "There are more than " + std::to_string(limits_.nodes) + " values; the rest was not read.");
    throw Stop{};
  }
}

// The value that was placed last gets the anchor.
void Builder::set_anchor(std::size_t anchor) {
  if (anchors_.size() <= anchor) anchors_.resize(anchor + 1);
  Anchor& entry = anchors_[anchor];
  entry.path.clear();
  for (const Frame& frame : frames_) {
    if (frame.node->type == Type::sequence) {
      entry.path.push_back(static_cast<std::uint32_t>((frame.node->items.size() - 1) * 2));
    } else {
      const bool key = !frame.want_key;
      entry.path.push_back(static_cast<std::uint32_t>((frame.node->entries.size() - 1) * 2 + (key ? 1 : 0)));
    }
  }
}

const Node* Builder::resolve(const std::vector<std::uint32_t>& path) const {
  const Node* node = &document_.root;
  for (const std::uint32_t step : path) {
    const std::size_t index = step / 2;
    if (node->type == Type::sequence) {
      node = &node->items[index];
    } else {
      const Entry& entry = node->entries[index];
      node = step % 2 != 0 ? &entry.key : &entry.value;
    }
  }
  return node;
}

void Builder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (skipping()) return;
  const bool in_map = !frames_.empty() && frames_.back().node->type == Type::mapping;
  const bool key = in_map && frames_.back().want_key;
  const std::size_t pos = at(mark);
  const std::size_t begin = source::skip_properties(src_, pos, false);
  const std::size_t length = source::null_word(src_, begin, key);
  Node& node = place();
  node.type = Type::null;
  if (length > 0) {
    node.text = src_.substr(begin, length);
    node.span = span(begin, begin + length);
    cursor_ = begin + length;
  } else {
    if (in_map && !key && begin == pos) require_colon(pos);
    cursor_ = begin > pos ? begin : place_of_missing(pos, key);
    node.span = span(cursor_, cursor_);
    const bool in_flow_list = !frames_.empty() && !in_map && frames_.back().flow;
    if (in_flow_list && begin == pos) {
      problem(ProblemKind::syntax, pos, std::min(pos + 1, src_.size()),
              "A comma stands here without a value before it.");
    }
  }
  if (anchor != 0) {
    set_anchor(anchor);
    anchors_[anchor].nodes = 1;
    anchors_[anchor].closed = true;
  }
  count(node.text.size());
}

void Builder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       const std::string& value) {
  if (skipping()) return;
  const std::size_t pos = at(mark);
  const bool bare = tag.size() == 1 && anchor == 0 && (pos >= src_.size() || src_[pos] != '!');
  const std::size_t begin = bare ? pos : source::skip_properties(src_, pos, !value.empty());
  const char first = begin < src_.size() ? src_[begin] : '\0';
  std::size_t end = begin;
  Style style = Style::plain;
  if (first == '"' || first == '\'') {
    style = Style::quoted;
    end = source::end_of_quoted(src_, begin);
    if (end == std::string_view::npos) {
      problem(ProblemKind::syntax, begin, source::line_at(src_, begin).end,
              "This quoted text has no closing quote.");
      end = src_.size();
    }
  } else if (first == '|' || first == '>') {
    style = Style::block;
    end = source::end_of_block_scalar(src_, begin, parent_column());
  } else {
    end = source::end_of_plain(src_, begin, value);
  }
  Node& node = place();
  node.type = Type::scalar;
  node.style = style;
  node.text = value;
  node.span = span(begin, end);
  cursor_ = end;
  if (anchor != 0) {
    set_anchor(anchor);
    anchors_[anchor].nodes = 1;
    anchors_[anchor].bytes = value.size();
    anchors_[anchor].closed = true;
  }
  count(value.size());
}

void Builder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (skipping()) return;
  const std::size_t begin = at(mark);
  const std::size_t end = source::end_of_word(src_, begin);
  Node& node = place();
  node.span = span(begin, end);
  cursor_ = end;
  const bool usable = anchor < anchors_.size() && anchors_[anchor].closed;
  if (aliases_off_ || !usable) {
    // What has no end yet contains this alias, unless it was left out for its depth.
    if (!aliases_off_ && !too_deep_) {
      problem(ProblemKind::alias_bomb, begin, end, "This alias refers to a value that contains it.");
    }
    count(0);
    return;
  }
  const Anchor& target = anchors_[anchor];
  if (frames_.size() + target.height > limits_.depth) {
    if (!too_deep_) {
      problem(ProblemKind::too_deep, begin, end,
              "With this alias expanded, values are nested deeper than " + std::to_string(limits_.depth) +
                  " levels; it was not expanded.");
    }
    too_deep_ = true;
    count(0);
    return;
  }
  if (alias_nodes_ + target.nodes > limits_.alias_nodes ||
      alias_bytes_ + target.bytes > limits_.alias_bytes) {
    aliases_off_ = true;
    problem(ProblemKind::alias_bomb, begin, end,
            "Aliases repeat too much here (the bound is " + std::to_string(limits_.alias_nodes) +
                " values and " + std::to_string(limits_.alias_bytes) +
                " bytes); from here on they were not expanded.");
    count(0);
    return;
  }
  alias_nodes_ += target.nodes;
  alias_bytes_ += target.bytes;
  nodes_ += target.nodes;
  bytes_ += target.bytes;
  if (!frames_.empty()) frames_.back().height = std::max(frames_.back().height, target.height);
  node = *resolve(target.path);
}

void Builder::open(const YAML::Mark& mark, std::size_t anchor, YAML::EmitterStyle::value style, Type type) {
  if (skipping()) {
    ++skipped_;
    return;
  }
  const bool flow = style == YAML::EmitterStyle::Flow;
  const std::size_t pos = at(mark);
  const std::size_t begin = source::skip_properties(src_, pos, true);
  if (frames_.size() >= limits_.depth) {
    if (!too_deep_) {
      problem(ProblemKind::too_deep, begin, std::min(begin + 1, src_.size()),
              "Values are nested deeper than " + std::to_string(limits_.depth) +
                  " levels; what is deeper was not read.");
    }
    too_deep_ = true;
    ++skipped_;
    Node& node = place();
    node.span = span(begin, begin);
    cursor_ = std::max(cursor_, begin);
    count(0);
    return;
  }
  Frame frame;
  frame.nodes_before = nodes_;
  frame.bytes_before = bytes_;
  frame.node = &place();
  frame.node->type = type;
  frame.node->span = span(begin, begin);
  frame.flow = flow;
  frame.anchor = anchor;
  if (!flow) {
    frame.column = begin == pos ? mark.column : source::column_of(src_, begin);
  }
  if (anchor != 0) set_anchor(anchor);
  const bool bracket = begin < src_.size() && (src_[begin] == '[' || src_[begin] == '{');
  cursor_ = flow && bracket ? begin + 1 : begin;
  frames_.push_back(frame);
  count(0);
}

void Builder::close() {
  if (skipped_ > 0) {
    --skipped_;
    return;
  }
  if (!frames_.empty()) pop(true);
}

void Builder::pop(bool complete) {
  const Frame frame = frames_.back();
  frames_.pop_back();
  Node& node = *frame.node;
  const std::size_t begin = node.span.begin - offset_;
  if (complete && frame.flow) {
    const char bracket = node.type == Type::sequence ? ']' : '}';
    if (begin < src_.size() && src_[begin] == (bracket == ']' ? '[' : '{')) {
      cursor_ = source::end_of_flow(src_, cursor_, bracket);
    }
  }
  cursor_ = std::max(cursor_, begin);
  node.span.end = span(cursor_, cursor_).end;
  for (const Node* key : repeated_keys(node)) {
    problem(ProblemKind::duplicate_key, key->span.begin - offset_, key->span.end - offset_,
            "The key \"" + text::excerpt(key->text, kQuotedChars) +
                "\" stands more than once in the same mapping.");
  }
  if (frame.anchor != 0) {
    Anchor& anchor = anchors_[frame.anchor];
    anchor.nodes = nodes_ - frame.nodes_before;
    anchor.bytes = bytes_ - frame.bytes_before;
    anchor.height = frame.height + 1;
    anchor.closed = true;
  }
  if (!frames_.empty()) frames_.back().height = std::max(frames_.back().height, frame.height + 1);
}

// yaml-cpp takes a line of a block mapping without a colon for a key without a value. Only "? key" may be
// that.
void Builder::require_colon(std::size_t mark) {
  const Frame& frame = frames_.back();
  if (frame.flow) return;
  const std::size_t colon = source::skip_space(src_, cursor_);
  if (colon < mark && src_[colon] == ':') return;
  const std::size_t key = frame.node->entries.back().key.span.begin - offset_;
  const std::size_t line = source::line_at(src_, key).begin;
  if (src_.substr(line, key - line).find('?') != std::string_view::npos) return;
  problem(ProblemKind::syntax, key, cursor_, "This line has no colon, so it is no key with a value.");
}

// The column of the innermost block collection, -1 outside of any.
int Builder::parent_column() const {
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
    if (frame->column >= 0) return frame->column;
  }
  return -1;
}

// Where a value would stand that is not there: behind the colon or dash that announces it.
std::size_t Builder::place_of_missing(std::size_t mark, bool key) const {
  if (key || frames_.empty()) return mark;
  const char indicator = frames_.back().node->type == Type::mapping ? ':' : '-';
  const std::size_t at = source::skip_space(src_, cursor_);
  if (at < mark && src_[at] == indicator) return at + 1;
  return cursor_;
}

}  // namespace cardwarden::yaml
