// SPDX-License-Identifier: Apache-2.0
#include "card/pack.h"

#include <algorithm>
#include <iterator>

#include "base/pack.h"

namespace cardwarden {
namespace {

// What a diagnostic points to has static storage.
constexpr std::string_view kRules[] = {"parse/alias-bomb",
                                       "parse/byte-order-mark",
                                       "parse/front-matter-invisible",
                                       "parse/front-matter-missing",
                                       "parse/front-matter-not-a-mapping",
                                       "parse/front-matter-not-first",
                                       "parse/front-matter-repeated",
                                       "parse/front-matter-unterminated",
                                       "parse/invalid-utf8",
                                       "parse/line-ends",
                                       "parse/too-deep",
                                       "parse/too-large",
                                       "parse/too-many-blocks",
                                       "parse/utf-16",
                                       "parse/yaml-duplicate-key",
                                       "parse/yaml-syntax",
                                       "parse/zero-byte"};

void write(Packer& out, const yaml::Node& node) {
  out.value(node.type);
  out.value(node.style);
  out.value(node.span);
  out.text(node.text);
  out.value(static_cast<std::uint32_t>(node.items.size()));
  for (const yaml::Node& item : node.items) write(out, item);
  out.value(static_cast<std::uint32_t>(node.entries.size()));
  for (const yaml::Entry& entry : node.entries) {
    write(out, entry.key);
    write(out, entry.value);
  }
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : in_(bytes) {}

  // False where the bytes are not those of a card.
  bool read(Card& card) {
    card.path = in_.text();
    card.text = in_.text();
    in_.value(card.kind);
    in_.value(card.kind_source);
    in_.value(card.front_matter.present);
    in_.value(card.front_matter.block);
    in_.value(card.front_matter.yaml);
    if (!read(card.front_matter.root, 0)) return false;
    in_.value(card.body);
    in_.list(card.sections);
    in_.list(card.blocks);
    in_.value(card.truncated);
    std::uint32_t count = 0;
    in_.value(count);
    for (std::uint32_t i = 0; i < count && !in_.bad(); ++i) {
      const std::string_view rule = in_.text();
      const auto* const known = std::find(std::begin(kRules), std::end(kRules), rule);
      if (known == std::end(kRules)) return false;
      Diagnostic& one = card.diagnostics.emplace_back();
      one.rule = *known;
      in_.value(one.span);
      one.message = in_.text();
    }
    card.lines = LineIndex(card.text);
    return !in_.bad() && holds_together(card);
  }

 private:
  bool read(yaml::Node& node, std::uint32_t depth) {
    if (depth > yaml::Limits{}.depth + 1) return false;
    in_.value(node.type);
    in_.value(node.style);
    in_.value(node.span);
    node.text = in_.text();
    std::uint32_t count = 0;
    in_.value(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (in_.bad() || !read(node.items.emplace_back(), depth + 1)) return false;
    }
    count = 0;
    in_.value(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      yaml::Entry& entry = node.entries.emplace_back();
      if (in_.bad() || !read(entry.key, depth + 1) || !read(entry.value, depth + 1)) return false;
    }
    return !in_.bad();
  }

  static bool holds_together(const Card& card) {
    const auto sections = card.sections.size();
    return std::all_of(card.sections.begin(), card.sections.end(),
                       [&](const Section& one) { return one.parent < sections; }) &&
           std::all_of(card.blocks.begin(), card.blocks.end(),
                       [&](const Block& one) { return one.section < sections; });
  }

  Unpacker in_;
};

}  // namespace

std::string pack_card(const Card& card) {
  Packer out;
  out.text(card.path);
  out.text(card.text);
  out.value(card.kind);
  out.value(card.kind_source);
  out.value(card.front_matter.present);
  out.value(card.front_matter.block);
  out.value(card.front_matter.yaml);
  write(out, card.front_matter.root);
  out.value(card.body);
  out.list(card.sections);
  out.list(card.blocks);
  out.value(card.truncated);
  out.value(static_cast<std::uint32_t>(card.diagnostics.size()));
  for (const Diagnostic& one : card.diagnostics) {
    out.text(one.rule);
    out.value(one.span);
    out.text(one.message);
  }
  return out.take();
}

Result<Card> unpack_card(std::string_view bytes) {
  Card card;
  if (!Reader(bytes).read(card)) return Error{ErrorCode::format, "These are no packed bytes of a card."};
  return card;
}

}  // namespace cardwarden
