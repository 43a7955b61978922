// SPDX-License-Identifier: Apache-2.0
#include "evidence/phrase_shape.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace cardwarden::phrase {

Length length_of(const Element& element) {
  switch (element.type) {
    case Element::Type::word:
    case Element::Type::any:
      return {1, 1};
    case Element::Type::gap:
      return {element.low, element.high};
    case Element::Type::choice: {
      Length all{std::numeric_limits<std::uint32_t>::max(), 0};
      for (const Sequence& way : element.ways) {
        const Length one = length_of(way);
        all.low = std::min(all.low, one.low);
        all.high = std::max(all.high, one.high);
      }
      if (element.optional) all.low = 0;
      return all;
    }
    default:
      return {0, 0};
  }
}

Length length_of(const Sequence& sequence) {
  Length all;
  for (const Element& element : sequence) {
    const Length one = length_of(element);
    all.low += one.low;
    all.high += one.high;
  }
  return all;
}

bool first_of(const Element& element, std::vector<const Element*>& out) {
  if (element.type == Element::Type::word || element.type == Element::Type::any) {
    out.push_back(&element);
    return true;
  }
  if (element.type != Element::Type::choice) return false;
  return std::all_of(element.ways.begin(), element.ways.end(),
                     [&out](const Sequence& way) { return first_of(way, out); });
}

bool first_of(const Sequence& sequence, std::vector<const Element*>& out) {
  for (const Element& element : sequence) {
    const bool marker = element.type == Element::Type::unit_start ||
                        element.type == Element::Type::unit_end || element.type == Element::Type::colon;
    if (marker) continue;
    if (!first_of(element, out)) return false;
    if (!element.optional) return true;
  }
  return false;
}

bool is_marker(const Element& element) {
  return element.type == Element::Type::unit_start || element.type == Element::Type::colon;
}

bool all_words(const std::vector<const Element*>& elements) {
  return std::all_of(elements.begin(), elements.end(),
                     [](const Element* one) { return one->type == Element::Type::word; });
}

Marks marks_of_class(std::uint16_t flags) {
  const Marks marks = marks_of_flags(flags);
  return marks == 0 ? kAnyMark : marks & (~marks + 1);
}

bool has_colon(const Sequence& sequence) {
  return std::any_of(sequence.begin(), sequence.end(), [](const Element& element) {
    if (element.type == Element::Type::colon) return true;
    return element.type == Element::Type::choice && !element.optional &&
           std::all_of(element.ways.begin(), element.ways.end(), has_colon);
  });
}

void splice(std::vector<Sequence>& ways) {
  for (std::size_t i = 0; i < ways.size(); ++i) {
    while (ways[i].size() == 1 && ways[i][0].type == Element::Type::choice && !ways[i][0].optional) {
      std::vector<Sequence> inner = std::move(ways[i][0].ways);
      ways[i] = std::move(inner.front());
      ways.insert(ways.end(), std::make_move_iterator(inner.begin() + 1),
                  std::make_move_iterator(inner.end()));
    }
  }
}

}  // namespace cardwarden::phrase
