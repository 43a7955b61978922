// SPDX-License-Identifier: Apache-2.0
#include "engine/metadata.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "base/text.h"
#include "engine/rule.h"

namespace cardwarden::metadata {
namespace {

constexpr std::size_t kShortList = 15;  // vocabularies up to this size are spelled out in the remedy

std::string joined(const std::string& path, std::string_view key) {
  std::string out;
  out.reserve(path.size() + 1 + key.size());
  out += path;
  if (!path.empty()) out += '.';
  return out += key;
}

Value value_of(const Value& mapping, const yaml::Entry& entry) {
  const bool empty = entry.value.is_null() && entry.value.text.empty();
  const Span span = empty || entry.value.span.empty() ? entry.key.span : entry.value.span;
  return {&entry.value, span, joined(mapping.path, entry.key.text)};
}

void append(std::vector<Value>&& values, std::vector<Value>& out) {
  if (out.empty()) {
    out = std::move(values);
  } else {
    out.insert(out.end(), std::make_move_iterator(values.begin()), std::make_move_iterator(values.end()));
  }
}

std::vector<Value> step(const std::vector<Value>& from, std::string_view name) {
  const bool each = name.size() > 2 && name.substr(name.size() - 2) == "[]";
  if (each) name.remove_suffix(2);
  std::vector<Value> found;
  for (const Value& value : from) {
    if (name == "*") {
      append(members(value), found);
    } else if (Value one = member(value, name); one.exists()) {
      found.push_back(std::move(one));
    }
  }
  if (!each) return found;
  std::vector<Value> out;
  for (Value& one : found) {
    if (one.node->is_sequence()) {
      append(items(one), out);
    } else {
      out.push_back(std::move(one));
    }
  }
  return out;
}

bool id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.';
}

bool id_part(std::string_view part) {
  if (part.empty() || part.size() > 96) return false;
  const auto edge = [](char c) { return c == '-' || c == '.'; };
  return std::all_of(part.begin(), part.end(), id_character) && !edge(part.front()) && !edge(part.back());
}

bool is_repository_id(std::string_view id) {
  const std::size_t slash = id.find('/');
  if (slash == std::string_view::npos) return id_part(id);
  return id_part(id.substr(0, slash)) && id_part(id.substr(slash + 1));
}

bool is_path(std::string_view id) {
  const bool drive = id.size() > 1 && id[1] == ':';
  return id.find('\\') != std::string_view::npos || drive || id.front() == '/' || id.front() == '.' ||
         id.front() == '~' || std::count(id.begin(), id.end(), '/') > 1;
}

char fold(char c) {
  if (c == '_' || c == ' ') return '-';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_folded(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return fold(x) == fold(y); });
}

}  // namespace

bool is_blank(const yaml::Node& node) {
  return node.is_null() || (node.is_scalar() && text::trim(node.text).empty());
}

bool Value::blank() const { return exists() && is_blank(*node); }

Value root(const Card& card) {
  if (!card.front_matter.root.is_mapping()) return {};
  return {&card.front_matter.root, card.front_matter.yaml, {}};
}

Value member(const Value& mapping, std::string_view key) {
  if (!mapping.exists() || !mapping.node->is_mapping()) return {};
  const yaml::Entry* entry = mapping.node->find_entry(key);
  return entry == nullptr ? Value{} : value_of(mapping, *entry);
}

std::vector<Value> members(const Value& mapping) {
  std::vector<Value> out;
  if (!mapping.exists() || !mapping.node->is_mapping()) return out;
  out.reserve(mapping.node->entries.size());
  for (const yaml::Entry& entry : mapping.node->entries) out.push_back(value_of(mapping, entry));
  return out;
}

Value item(const Value& list, std::size_t index) {
  const yaml::Node& node = list.node->items[index];
  return {&node, node.span, list.path + "[" + std::to_string(index) + "]"};
}

std::vector<Value> items(const Value& list) {
  std::vector<Value> out;
  if (!list.exists() || !list.node->is_sequence()) return out;
  out.reserve(list.node->items.size());
  for (std::size_t i = 0; i < list.node->items.size(); ++i) out.push_back(item(list, i));
  return out;
}

std::vector<Value> one_or_many(const Value& value) {
  if (!value.exists()) return {};
  return value.node->is_sequence() ? items(value) : std::vector<Value>{value};
}

std::vector<Value> select(const Card& card, std::string_view path) {
  const std::string_view head = path.substr(0, path.find_first_of(".["));
  const yaml::Node& front = card.front_matter.root;
  if (!front.is_mapping() || (head != "*" && front.find_entry(head) == nullptr)) return {};  // most end here
  std::vector<Value> values{root(card)};
  for (const std::string_view name : text::split(path, '.')) values = step(values, name);
  return values;
}

Value select_one(const Card& card, std::string_view key) { return member(root(card), key); }

bool is_boolean(const Value& value) { return value.is_text() && scalar_type(*value.node) == Scalar::boolean; }

bool is_number(const Value& value) { return value.is_text() && scalar_type(*value.node) == Scalar::number; }

std::optional<double> number(const Value& value) {
  if (!value.is_text()) return std::nullopt;
  std::string text(text::trim(value.text()));
  const bool decimal = text.find_first_not_of("+-.0123456789eE") == std::string::npos;
  char* end = nullptr;
  const double parsed = std::strtod(text.c_str(), &end);
  if (!decimal || end != text.c_str() + text.size()) return std::nullopt;
  return parsed;
}

std::string quoted(std::string_view text) { return "\"" + text::excerpt(text, 60) + "\""; }

bool listed(const Vocabulary& vocabulary, std::string_view text) {
  return std::find(vocabulary.values.begin(), vocabulary.values.end(), text) != vocabulary.values.end();
}

std::optional<std::string> meant(const Vocabulary& vocabulary, std::string_view text) {
  std::string wanted(text::trim(text));
  for (const std::string_view value : vocabulary.values) {
    if (equal_folded(text::trim(value), wanted)) return std::string(value);
  }
  std::transform(wanted.begin(), wanted.end(), wanted.begin(), fold);
  return text::nearest(wanted, {vocabulary.values.begin(), vocabulary.values.end()});
}

Finding not_listed(const Value& value, const Vocabulary& vocabulary) {
  std::string message = quoted(value.text()) + " is not " + std::string(vocabulary.what);
  message += vocabulary.version.empty() ? "." : " (list of " + std::string(vocabulary.version) + ").";
  std::string remedy;
  if (const std::optional<std::string> other = meant(vocabulary, value.text())) {
    remedy = "Write " + *other + ".";
  } else if (vocabulary.values.size() <= kShortList) {
    remedy = "Write one of: " + text::join({vocabulary.values.begin(), vocabulary.values.end()}, ", ") + ".";
  } else {
    remedy = "Choose a value from the list in the Hub's documentation, or leave the field out.";
  }
  return violated(value.span, std::move(message), std::move(remedy), value.path);
}

void expect_listed(const Value& value, const Vocabulary& vocabulary, std::vector<Finding>& out) {
  for (const Value& one : one_or_many(value)) {
    if (full(out)) return;
    if (one.is_text() && !listed(vocabulary, one.text())) out.push_back(not_listed(one, vocabulary));
  }
}

std::optional<std::string> id_in_url(std::string_view url) {
  std::string_view rest = text::trim(url);
  const auto drop = [&rest](std::string_view prefix) {
    const bool found = rest.substr(0, prefix.size()) == prefix;
    if (found) rest.remove_prefix(prefix.size());
    return found;
  };
  if (!drop("https://")) drop("http://");
  drop("www.");
  if (!drop("huggingface.co/") && !drop("hf.co/")) return std::nullopt;
  if (!drop("datasets/") && !drop("spaces/")) drop("models/");
  rest = rest.substr(0, rest.find_first_of("?#"));
  const std::vector<std::string_view> parts = text::split(rest, '/');
  std::string id(parts[0]);
  const bool page = parts.size() < 2 || parts[1].empty() || parts[1] == "tree" || parts[1] == "blob" ||
                    parts[1] == "resolve";
  if (!page) id += "/" + std::string(parts[1]);
  return is_repository_id(id) ? std::optional<std::string>(id) : std::nullopt;
}

void expect_repository_id(const Value& value, std::string_view what, std::vector<Finding>& out) {
  if (full(out) || !value.is_text() || is_repository_id(value.text())) return;
  const std::string kind(what);
  const std::string_view text = value.text();
  std::string message = quoted(text);
  std::string remedy = "Write the id of the " + kind + " on the Hub, owner/name.";
  const bool url = text.find("://") != std::string_view::npos || text.substr(0, 15) == "huggingface.co/" ||
                   text.substr(0, 6) == "hf.co/" || text.substr(0, 4) == "www.";
  if (url) {
    message += " is a URL, not the id of a " + kind + ".";
    const std::optional<std::string> id = id_in_url(text);
    remedy = id ? "Write " + *id + "."
                : remedy + " A " + kind + " that is not on the Hub belongs in the text of the card.";
  } else if (is_path(text)) {
    message += " is a path, not the id of a " + kind + " on the Hub.";
  } else {
    message += " cannot be the id of a " + kind +
               " on the Hub: ids are name or owner/name, of letters, digits, '-', '_' and '.'.";
  }
  out.push_back(violated(value.span, std::move(message), std::move(remedy), value.path));
}

}  // namespace cardwarden::metadata
