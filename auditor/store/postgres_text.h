// SPDX-License-Identifier: Apache-2.0
#pragma once
// Values as PostgreSQL reads them in one parameter: whole columns travel as arrays. Internal to
// store/postgres_*.cpp. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/index.h"

namespace cardwarden::postgres {

constexpr char kTagSeparator = '\x1f';  // between name and value of a tag

// The literal of an array whose elements are quoted. No element may hold a NUL.
class ArrayText {
 public:
  void text(std::string_view element);
  void bytes(std::string_view element);  // of bytea
  void number(std::uint64_t element) { text(std::to_string(element)); }
  std::string str() const { return out_ + "}"; }

 private:
  void begin() { out_ += out_.size() > 1 ? ",\"" : "\""; }
  std::string out_ = "{";
};

std::string tags_text(const std::vector<IndexTag>& tags);  // an array of text

}  // namespace cardwarden::postgres
