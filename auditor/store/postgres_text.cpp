// SPDX-License-Identifier: Apache-2.0
#include "store/postgres_text.h"

namespace cardwarden::postgres {

void ArrayText::text(std::string_view element) {
  begin();
  for (const char c : element) {
    if (c == '"' || c == '\\') out_ += '\\';
    out_ += c;
  }
  out_ += '"';
}

void ArrayText::bytes(std::string_view element) {
  begin();
  out_ += "\\\\x" + hex(element) + "\"";
}

std::string tags_text(const std::vector<IndexTag>& tags) {
  ArrayText out;
  for (const auto& [name, value] : tags) {
    std::string both = name;
    both += kTagSeparator;
    both += value;
    out.text(both);
  }
  return out.str();
}

}  // namespace cardwarden::postgres
