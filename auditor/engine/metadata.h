// SPDX-License-Identifier: Apache-2.0
#pragma once
// Front matter as the metadata rules read it: values with the path that names them, what YAML readers make
// of a plain scalar, and the few checks that many fields share. Pure functions over a Card; a Value refers
// to the card's tree and must not outlive it.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "card/card.h"
#include "engine/finding.h"

namespace cardwarden::metadata {

// A rule stops after so many findings on one card: more of the same says nothing new, and hostile cards stay
// cheap.
constexpr std::size_t kMaxFindings = 100;
inline bool full(const std::vector<Finding>& out) { return out.size() >= kMaxFindings; }

bool is_blank(const yaml::Node& node);  // null or empty text

struct Value {
  const yaml::Node* node = nullptr;  // nullptr: there is no such value
  Span span;                         // what to point at: the value, or its key where nothing is written
  std::string path;                  // "tags[2]", "model-index[0].name"; the key of a finding

  bool exists() const { return node != nullptr; }
  bool blank() const;  // exists, and is_blank()
  bool is_text() const { return exists() && node->is_scalar() && !blank(); }
  std::string_view text() const { return exists() ? std::string_view(node->text) : std::string_view(); }
};

Value root(const Card& card);
Value member(const Value& mapping, std::string_view key);  // the last one, if the key is repeated
std::vector<Value> members(const Value& mapping);          // every entry of a mapping
std::vector<Value> items(const Value& list);               // every item of a list; none of anything else
Value item(const Value& list, std::size_t index);          // of a list, `index` below its size
std::vector<Value> one_or_many(const Value& value);        // the items of a list, or the value itself

// Values by path: "a.b", "[]" for each item (a single value counts as a list of one), "*" for each member.
std::vector<Value> select(const Card& card, std::string_view path);
Value select_one(const Card& card, std::string_view key);  // of the top level

// What YAML readers make of an unquoted scalar. `text` for everything quoted.
enum class Scalar { text, boolean, number, date };
Scalar scalar_type(const yaml::Node& node);
bool is_boolean(const Value& value);
bool is_number(const Value& value);
std::optional<double> number(const Value& value);  // of a decimal number, quoted or not

// "the boolean false", "the number 8", "the date 2024-01-15": what is read in place of the text that stands
// there. Empty when the text stays text.
std::string read_as(const yaml::Node& node);

// `text` on one line, shortened, between double quotes.
std::string quoted(std::string_view text);

// A closed or versioned set of values.
struct Vocabulary {
  std::string_view what;  // "a task of the Hub"
  std::span<const std::string_view> values;
  std::string_view version = {};  // of a list that grows; empty for a set that does not
};

bool listed(const Vocabulary& vocabulary, std::string_view text);
// The listed value that was meant, by case, separators or a slip of the pen.
std::optional<std::string> meant(const Vocabulary& vocabulary, std::string_view text);

// A finding for each text in the value (or in its items) that is not listed. Blank values and structures are
// passed over; metadata/empty-value and metadata/value-type-invalid report them.
void expect_listed(const Value& value, const Vocabulary& vocabulary, std::vector<Finding>& out);
Finding not_listed(const Value& value, const Vocabulary& vocabulary);

// A finding unless the text is an id of the Hub, "name" or "owner/name". `what` is "model" or "data set".
void expect_repository_id(const Value& value, std::string_view what, std::vector<Finding>& out);
// The id in a URL of the Hub, "https://huggingface.co/datasets/a/b/tree/main" → "a/b".
std::optional<std::string> id_in_url(std::string_view url);

}  // namespace cardwarden::metadata
