// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cuts a text into words and units. Internal to prose.cpp and prose_links.cpp.

#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/prose.h"

namespace cardwarden::prose {

class Reader {
 public:
  Reader(std::string_view text, Prose& out) : text_(text), out_(out) {}

  void block(Span span, UnitKind kind, std::uint32_t section, std::uint32_t block_index) {
    unit_ = Unit{};
    unit_.kind = kind;
    unit_.section = section;
    unit_.block = block_index;
    unit_.span = span;
    begin_unit(span.begin);
    if (kind == UnitKind::code) {
      read_code(span);
    } else {
      read_inline(span);
    }
    end_unit(span.end);
  }
  void set_field(std::uint16_t field) { field_ = field; }

 private:
  void begin_unit(std::uint32_t at) {
    unit_.first_word = static_cast<std::uint32_t>(out_.words.size());
    unit_.span.begin = at;
    unit_.continued = false;
    after_word_ = false;
    link_open_ = kNone;
  }
  void end_unit(std::uint32_t at);
  void boundary(std::uint32_t at) {
    end_unit(at);
    begin_unit(at);
  }
  void read_inline(Span span);
  void read_code(Span span);
  std::uint32_t plain_words(std::uint32_t at, std::uint32_t end);
  std::uint32_t word(std::uint32_t at, std::uint32_t end);
  std::uint32_t careful_word(std::uint32_t at, std::uint32_t end);
  std::uint32_t high(std::uint32_t at, std::uint32_t end);
  std::uint32_t stop(std::uint32_t at, std::uint32_t end);
  std::uint32_t newline(std::uint32_t at, std::uint32_t end);
  std::uint32_t tag(std::uint32_t at, std::uint32_t end);
  std::uint32_t close_bracket(std::uint32_t at, std::uint32_t end);
  std::uint32_t url(std::uint32_t at, std::uint32_t end);
  std::uint32_t email_end(std::uint32_t at, std::uint32_t end) const;
  std::uint32_t punctuation(std::uint32_t at, std::uint32_t end);
  void emit(std::uint32_t begin, std::uint32_t end, bool ascii);
  void end_word(std::uint32_t at);
  void emit_special(std::uint32_t begin, std::uint32_t end, unsigned flags);
  void mark_colon() {
    if (after_word_ && !out_.words.empty()) out_.words.back().flags |= kColon;
  }
  bool unit_empty() const { return out_.words.size() == unit_.first_word; }

  static constexpr std::uint32_t kNone = ~0U;
  std::string_view text_;
  Prose& out_;
  Unit unit_;
  std::uint16_t field_ = 0;
  std::uint32_t link_open_ = kNone;  // first word after the last "["
  std::uint16_t sticky_ = 0;         // flags that every word gets: kCode, kLink
  bool after_word_ = false;          // only markup and blanks since the last word
  bool image_ = false;
  std::string fold_;
};

}  // namespace cardwarden::prose
