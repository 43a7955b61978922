// SPDX-License-Identifier: Apache-2.0
#pragma once
// YAML as a tree that remembers where every value stands and how it was written. Used for front matter
// (hostile), policies, configuration and rule folders. The only door to yaml-cpp.
//
// Parsing never fails: what could be read is in the root, the rest is in `problems`. Scalars are text as
// written; no YAML 1.1 typing happens here, so "no" stays "no" and the style says whether it was quoted.
// An alias becomes a copy of what its anchor names, with the spans of the original, where the words stand.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace cardwarden::yaml {

enum class Type : std::uint8_t { null, scalar, sequence, mapping };
enum class Style : std::uint8_t { plain, quoted, block };  // of a scalar

struct Entry;

struct Node {
  Type type = Type::null;
  Style style = Style::plain;
  Span span;                   // in the text given to parse(), moved by `offset`
  std::string text;            // of a scalar, unescaped and unfolded; also of a null written as "null" or "~"
  std::vector<Node> items;     // of a sequence
  std::vector<Entry> entries;  // of a mapping, in order, duplicates kept

  bool is_null() const { return type == Type::null; }
  bool is_scalar() const { return type == Type::scalar; }
  bool is_sequence() const { return type == Type::sequence; }
  bool is_mapping() const { return type == Type::mapping; }

  // The last value under the key (as YAML readers that accept duplicates do), or nullptr.
  const Node* find(std::string_view key) const;
  const Entry* find_entry(std::string_view key) const;
};

struct Entry {
  Node key;
  Node value;
};

// The keys of a mapping that stood in it before, each time they stand again. They point into `mapping`.
std::vector<const Node*> repeated_keys(const Node& mapping);

enum class ProblemKind : std::uint8_t {
  syntax,         // the text is not YAML; `root` holds what stood before
  duplicate_key,  // a mapping repeats a key
  too_deep,       // Limits::depth
  too_many,       // Limits::nodes
  alias_bomb,     // Limits::alias_nodes
  unknown_alias,  // an alias without an anchor
  many_documents  // text after a second document start is not read
};

struct Problem {
  ProblemKind kind = ProblemKind::syntax;
  Span span;
  std::string message;  // one sentence, plain words
};

struct Limits {
  std::uint32_t depth = 64;               // nested collections; real front matter stays under 12
  std::uint32_t nodes = 200'000;          // values in one document; the largest real card has about 20,000
  std::uint32_t alias_nodes = 10'000;     // values that aliases may add by being expanded
  std::uint32_t alias_bytes = 4'194'304;  // bytes of text that aliases may add by being expanded
};

struct Document {
  Node root;
  std::vector<Problem> problems;
};

// `offset` is added to every span, so that front matter can speak in offsets of the card.
Document parse(std::string_view text, std::uint32_t offset = 0, const Limits& limits = {});

}  // namespace cardwarden::yaml
