// SPDX-License-Identifier: Apache-2.0
#include "evidence/query.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/eight_bytes.h"
#include "base/text.h"

namespace cardwarden::query {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word_byte(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// Where a link's target or a bare URL that begins at `at` ends; `at` when there is none.
std::size_t skip_target(std::string_view s, std::size_t at) {
  const bool target = s.compare(at, 2, "](") == 0;
  if (!target && s.compare(at, 7, "http://") != 0 && s.compare(at, 8, "https://") != 0) return at;
  std::size_t end = target ? at + 2 : at;
  while (end < s.size() && static_cast<unsigned char>(s[end]) > ' ' && s[end] != ')' && s[end] != '>' &&
         s[end] != '|')
    ++end;
  return end;
}

// Reads digits with thousands commas and one decimal point or comma. Returns the end, `at` for no figure.
std::size_t read_digits(std::string_view s, std::size_t at, std::string& digits, int& decimals) {
  std::size_t end = at;
  const auto run = [&](std::size_t from) {
    std::size_t stop = from;
    while (stop < s.size() && is_digit(s[stop])) ++stop;
    return stop - from;
  };
  const auto take = [&](std::size_t from, std::size_t n) { digits.append(s.substr(from, n)); };
  std::size_t n = run(end);
  take(end, n);
  const std::size_t lead = n;
  end += n;
  bool grouped = false;
  while (lead > 0 && lead <= 3 && end < s.size() && s[end] == ',' && run(end + 1) == 3 &&
         !(lead == 1 && s[at] == '0')) {
    take(end + 1, 3);
    end += 4;
    grouped = true;
  }
  const bool point =
      end < s.size() && (s[end] == '.' || (s[end] == ',' && !grouped && run(end + 1) != 0 && lead > 0));
  if (point && run(end + 1) > 0) {
    n = run(end + 1);
    digits.push_back('.');
    take(end + 1, n);
    decimals = static_cast<int>(n);
    end += 1 + n;
  }
  return digits.empty() || digits == "." ? at : end;
}

// "e-5" after the digits.
std::size_t read_exponent(std::string_view s, std::size_t at, std::string& digits) {
  if (at >= s.size() || (s[at] != 'e' && s[at] != 'E')) return at;
  std::size_t end = at + 1;
  if (end < s.size() && (s[end] == '-' || s[end] == '+')) ++end;
  const std::size_t first = end;
  while (end < s.size() && is_digit(s[end])) ++end;
  if (end == first || end - first > 3 || (end < s.size() && is_letter(s[end]))) return at;
  digits.append(s.substr(at, end - at));
  return end;
}

Span unit_after(std::string_view s, std::size_t end, std::uint32_t base) {
  std::size_t from = end;
  if (from < s.size() && s[from] == ' ') ++from;
  std::size_t stop = from;
  while (stop < s.size() && (is_letter(s[stop]) || (stop > from && is_digit(s[stop])))) ++stop;
  return {base + static_cast<std::uint32_t>(from), base + static_cast<std::uint32_t>(stop)};
}

bool begins_figure(std::string_view s, std::size_t at) {
  if (!is_digit(s[at]) && !(s[at] == '.' && at + 1 < s.size() && is_digit(s[at + 1]))) return false;
  if (at == 0) return true;
  const char before = s[at - 1];
  if (is_word_byte(before) || before == '.' || before == '/' || before == '#') return false;
  if (before != '-' && before != ',') return true;
  return at == 1 || !is_word_byte(s[at - 2]);  // a sign, not the second half of "top-5" or "2,5"
}

double parse(const std::string& digits) { return std::strtod(digits.c_str(), nullptr); }

}  // namespace

std::vector<Number> numbers(const Card& card, Span where) {
  const std::string_view s = card.quote(where);
  std::vector<Number> out;
  for (std::size_t at = 0; at < s.size();) {
    if (!is_digit(s[at]) && s[at] != '.' && s[at] != ']' && s[at] != 'h') {
      ++at;
      continue;
    }
    if (const std::size_t past = skip_target(s, at); past > at) {
      at = past;
      continue;
    }
    if (!begins_figure(s, at)) {
      ++at;
      continue;
    }
    Number number;
    std::string digits;
    std::size_t end = read_digits(s, at, digits, number.decimals);
    if (end == at) {
      ++at;
      continue;
    }
    end = read_exponent(s, end, digits);
    if (end + 1 < s.size() && (s[end] == '.' || s[end] == '_' || s[end] == ':') && is_word_byte(s[end + 1])) {
      while (end < s.size() && (is_word_byte(s[end]) || s[end] == '.' || s[end] == ':')) ++end;
      at = end;  // a version, an identifier, a time of day
      continue;
    }
    const std::size_t begin = at > 0 && s[at - 1] == '-' ? at - 1 : at;
    number.value = parse(begin < at ? "-" + digits : digits);
    std::size_t stop = end;
    const std::size_t sign = end < s.size() && s[end] == ' ' ? end + 1 : end;
    if (sign < s.size() && (s[sign] == '%' || s.compare(sign, 2, "\\%") == 0)) {
      number.percent = true;
      stop = sign + (s[sign] == '%' ? 1 : 2);
    }
    number.span = {where.begin + static_cast<std::uint32_t>(begin),
                   where.begin + static_cast<std::uint32_t>(stop)};
    number.unit = unit_after(s, stop, where.begin);
    out.push_back(number);
    at = std::max(stop, static_cast<std::size_t>(
                            number.unit.begin == where.begin + stop ? number.unit.end - where.begin : 0));
  }
  return out;
}

bool same_figure(const Number& a, const Number& b) {
  const auto close = [&](double scale, int shift) {
    const int decimals = std::min(a.decimals, b.decimals + shift);
    return std::abs(a.value - b.value * scale) <= std::pow(10.0, -decimals) * 1.000001;
  };
  if (close(1, 0)) return true;
  return (std::abs(b.value) <= 1 && close(100, -2)) || (std::abs(a.value) <= 1 && close(0.01, 2));
}

std::vector<Span> cells(const Card& card, const Block& block) {
  std::vector<Span> out;
  if (block.kind != BlockKind::table_row) return out;
  const std::string_view s = card.quote(block.span);
  const auto add = [&](std::size_t begin, std::size_t end) {
    const std::string_view cell = text::trim(s.substr(begin, end - begin));
    const auto at = cell.empty() ? begin : static_cast<std::size_t>(cell.data() - s.data());
    const auto from = block.span.begin + static_cast<std::uint32_t>(at);
    out.push_back({from, from + static_cast<std::uint32_t>(cell.size())});
  };
  std::size_t begin = 0;
  bool code = false;
  for (std::size_t at = 0; at < s.size(); ++at) {
    if (s[at] == '\\') {
      ++at;
    } else if (s[at] == '`') {
      code = !code && s.find('`', at + 1) != std::string_view::npos;
    } else if (s[at] == '|' && !code) {
      if (!(out.empty() && text::trim(s.substr(0, at)).empty())) add(begin, at);
      begin = at + 1;
    }
  }
  if (!text::trim(s.substr(std::min(begin, s.size()))).empty()) add(begin, s.size());
  return out;
}

std::vector<Table> tables(const Card& card) {
  std::vector<Table> out;
  bool open = false;
  for (std::uint32_t i = 0; i < card.blocks.size(); ++i) {
    const Block& block = card.blocks[i];
    if (block.kind != BlockKind::table_row) {
      open = false;
      continue;
    }
    if (block.header || !open) out.emplace_back();
    out.back().push_back(i);
    open = true;
  }
  return out;
}

namespace {

constexpr std::array<bool, 256> make_token_bytes() {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    const char letter = static_cast<char>(c);
    table[c] = is_letter(letter) || is_digit(letter) || c == '_' || c == '-';
  }
  return table;
}
constexpr std::array<bool, 256> kTokenBytes = make_token_bytes();

bool in_token(char c) { return kTokenBytes[static_cast<unsigned char>(c)]; }

// The high bit of each byte that no token has: one below "-", or not ASCII. Most of a text has a blank among
// sixteen.
bytes::Eight gaps(const char* at) {
  const bytes::Eight eight = bytes::load_eight(at);
  const bytes::Eight from_dash = (eight & ~bytes::kHighBits) + bytes::kEach * (0x80U - '-');
  return (~from_dash | eight) & bytes::kHighBits;
}

// One past the last gap of sixteen bytes, 0 when there is none.
unsigned past_gap(const char* at) {
  const bytes::Eight first = gaps(at);
  const bytes::Eight second = gaps(at + 8);
  const unsigned before = second != 0 ? 16 : 8;
  return before - static_cast<unsigned>(std::countl_zero(second != 0 ? second : first)) / 8;
}

}  // namespace

// Looks at the end of where a token of `least` bytes would lie; what breaks it there is leapt over.
std::vector<Span> long_tokens(std::string_view text, std::size_t least) {
  std::vector<Span> out;
  for (std::size_t begin = 0; begin + least <= text.size();) {
    std::size_t broken = begin + least;  // one past the last byte of them that no token has
    if (least >= 16) {
      const unsigned past = past_gap(text.data() + broken - 16);
      if (past != 0) {
        begin = broken - 16 + past;
        continue;
      }
    }
    while (broken > begin && in_token(text[broken - 1])) --broken;
    if (broken > begin) {
      begin = broken;
      continue;
    }
    std::size_t end = begin + least;
    while (end < text.size() && in_token(text[end])) ++end;
    out.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    begin = end + 1;
  }
  return out;
}

std::string plain(std::string_view text) {
  std::vector<Word> words;
  read_words(text, words);
  std::string out;
  std::string buffer;
  for (const Word& word : words) {
    if (!out.empty()) out.push_back(' ');
    out.append(fold_word(text.substr(word.begin, word.length), buffer));
  }
  return out;
}

std::string title(const Card& card, std::uint32_t section) {
  return plain(card.quote(card.sections[section].title));
}

std::vector<const Unit*> informative_units(const Prose& prose) {
  std::vector<const Unit*> out;
  for (const Unit& unit : prose.units) {
    const bool text =
        unit.kind == UnitKind::prose || unit.kind == UnitKind::list || unit.kind == UnitKind::table;
    if (text && !unit.placeholder) out.push_back(&unit);
  }
  return out;
}

namespace {

// The items of a list; a single value counts as a list of one.
std::vector<const yaml::Node*> items(const yaml::Node* node) {
  std::vector<const yaml::Node*> out;
  if (node == nullptr || node->is_null()) return out;
  if (!node->is_sequence()) return {node};
  for (const yaml::Node& item : node->items) out.push_back(&item);
  return out;
}

const yaml::Node* child(const yaml::Node* node, std::string_view key) {
  return node != nullptr && node->is_mapping() ? node->find(key) : nullptr;
}

}  // namespace

std::vector<IndexedMetric> model_index(const Card& card) {
  std::vector<IndexedMetric> out;
  for (const yaml::Node* model : items(child(&card.front_matter.root, "model-index"))) {
    for (const yaml::Node* result : items(child(model, "results"))) {
      const yaml::Node* dataset = child(result, "dataset");
      for (const yaml::Node* metric : items(child(result, "metrics"))) {
        const yaml::Node* value = child(metric, "value");
        if (value == nullptr || !value->is_scalar()) continue;
        out.push_back({child(dataset, "name"), child(dataset, "type"), child(dataset, "split"),
                       child(metric, "type"), child(metric, "name"), value});
      }
    }
  }
  return out;
}

bool says_something(const yaml::Node* node) {
  if (node == nullptr || node->is_null()) return false;
  if (node->is_sequence())
    return std::any_of(node->items.begin(), node->items.end(),
                       [](const auto& item) { return says_something(&item); });
  if (node->is_mapping()) return !node->entries.empty();
  static constexpr std::string_view kSilent[] = {"",
                                                 "none",
                                                 "null",
                                                 "unknown",
                                                 "n/a",
                                                 "na",
                                                 "tbd",
                                                 "todo",
                                                 "-",
                                                 "?",
                                                 "[more information needed]",
                                                 "more information needed",
                                                 "undefined"};
  const std::string value = text::lower_ascii(text::trim(node->text));
  return std::find(std::begin(kSilent), std::end(kSilent), value) == std::end(kSilent) &&
         value.find("{{") == std::string::npos;
}

bool is_conversion(const Card& card, const Phrases& phrases) {
  static constexpr std::string_view kTags[] = {"gguf", "ggml", "mergekit",  "merge",    "awq", "gptq",
                                               "exl2", "mlx",  "quantized", "openvino", "nncf"};
  for (const yaml::Node* relation : fields(card, "base_model_relation")) {
    if (relation->text == "quantized" || relation->text == "merge") return true;
    if (relation->text == "finetune" || relation->text == "adapter") return false;
  }
  for (const std::string_view path : {"tags[]", "library_name"}) {
    for (const yaml::Node* tag : fields(card, path)) {
      const std::string value = text::lower_ascii(tag->text);
      if (std::find(std::begin(kTags), std::end(kTags), value) != std::end(kTags)) return true;
    }
  }
  return !phrases.said("conversion").empty();
}

}  // namespace cardwarden::query
