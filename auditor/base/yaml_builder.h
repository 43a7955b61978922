// SPDX-License-Identifier: Apache-2.0
#pragma once
// The events of a YAML parser → Document, with the place of every value. Internal to yaml.cpp.

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/yaml.h"

namespace cardwarden::yaml {

constexpr std::size_t kMaxProblems = 100;  // of one document; more only repeat each other

// Thrown through the parser when a limit is hit; never leaves this file.
struct Stop {};

// What aliases need to know about a value that has an anchor.
struct Anchor {
  std::vector<std::uint32_t> path;  // from the root: twice the index, plus one for a key
  std::uint32_t nodes = 0;
  std::uint32_t height = 0;
  std::size_t bytes = 0;
  bool closed = false;
};

// A collection whose end is still to come.
struct Frame {
  Node* node = nullptr;
  bool flow = false;     // in the parser's sense; a single pair in a flow sequence has no brackets
  bool want_key = true;  // of a mapping: the next value is a key
  int column = -1;       // of a block collection's first character
  std::size_t anchor = 0;
  std::uint32_t nodes_before = 0;
  std::size_t bytes_before = 0;
  std::uint32_t height = 0;  // of the children seen
};

class Builder final : public YAML::EventHandler {
 public:
  Builder(std::string_view src, std::uint32_t offset, const Limits& limits, Document& document)
      : src_(src), offset_(offset), limits_(limits), document_(document) {
    frames_.reserve(16);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) throw Stop{};
    started_ = true;
    cursor_ = at(mark);
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(mark, anchor, style, Type::sequence);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, anchor, style, Type::mapping);
  }
  void OnMapEnd() override { close(); }

  bool started() const { return started_; }
  std::size_t cursor() const { return cursor_; }
  std::size_t at(const YAML::Mark& mark) const {
    return mark.pos < 0 ? cursor_ : std::min(src_.size(), static_cast<std::size_t>(mark.pos));
  }

  // Closes what an error left open. A key whose value was not read has a null.
  void finish() {
    if (!frames_.empty() && frames_.back().node->is_mapping() && !frames_.back().want_key) {
      frames_.back().node->entries.back().value.span = span(cursor_, cursor_);
    }
    while (!frames_.empty()) pop(false);
  }

  // Where the innermost flow collection that is still open begins.
  std::optional<std::size_t> open_bracket() const {
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
      const std::size_t begin = frame->node->span.begin - offset_;
      if (frame->flow && begin < src_.size() && (src_[begin] == '[' || src_[begin] == '{')) return begin;
    }
    return std::nullopt;
  }

  void problem(ProblemKind kind, std::size_t begin, std::size_t end, std::string message) {
    if (document_.problems.size() < kMaxProblems) {
      document_.problems.push_back({kind, span(begin, end), std::move(message)});
    }
  }

 private:
  // Of whole characters, wherever the parser stopped.
  Span span(std::size_t begin, std::size_t end) const {
    const auto inside = [this](std::size_t place) {
      return place < src_.size() && (static_cast<unsigned char>(src_[place]) & 0xC0U) == 0x80U;
    };
    while (begin > 0 && inside(begin)) --begin;
    while (inside(end)) ++end;
    return {static_cast<std::uint32_t>(begin) + offset_, static_cast<std::uint32_t>(end) + offset_};
  }

  bool skipping() const { return skipped_ > 0; }  // inside a collection beyond the depth limit

  Node& place();
  void count(std::size_t bytes);
  void set_anchor(std::size_t anchor);
  void open(const YAML::Mark& mark, std::size_t anchor, YAML::EmitterStyle::value style, Type type);
  void close();
  void pop(bool complete);
  const Node* resolve(const std::vector<std::uint32_t>& path) const;

  void require_colon(std::size_t mark);
  std::size_t place_of_missing(std::size_t mark, bool key) const;
  int parent_column() const;

  std::string_view src_;
  std::uint32_t offset_;
  const Limits& limits_;
  Document& document_;
  std::vector<Frame> frames_;
  std::vector<Anchor> anchors_;  // by yaml-cpp's number, which counts from 1
  std::size_t cursor_ = 0;       // end of what was read, in src_
  std::uint32_t nodes_ = 0;      // with those that aliases added
  std::size_t bytes_ = 0;        // of scalar text, likewise
  std::uint32_t alias_nodes_ = 0;
  std::size_t alias_bytes_ = 0;
  std::uint32_t skipped_ = 0;  // collections open beyond the depth limit
  bool aliases_off_ = false;
  bool too_deep_ = false;
  bool started_ = false;
};

}  // namespace cardwarden::yaml
