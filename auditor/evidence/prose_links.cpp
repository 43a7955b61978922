// SPDX-License-Identifier: Apache-2.0
// Links, addresses and HTML tags within running text.
#include "card/html_blocks.h"
#include "evidence/byte_class.h"
#include "evidence/prose_reader.h"

namespace cardwarden::prose {

using namespace bytes;

namespace {

// Brackets within a link's destination, as in cmark. Without a bound, "](" repeated takes quadratic time.
constexpr int kMaxDestinationDepth = 32;

}  // namespace

// The end of an e-mail address whose "@" stands at `at`: its host needs a dot with letters after it ("pass@1"
// and "mAP@0.5" are metrics). `at` when there is none.
std::uint32_t Reader::email_end(std::uint32_t at, std::uint32_t end) const {
  if (at + 1 >= end || text_[at] != '@' || !is_alnum(text_[at + 1])) return at;
  std::uint32_t stop_at = at + 1;
  while (stop_at < end && (is_alnum(text_[stop_at]) || text_[stop_at] == '.' || text_[stop_at] == '-'))
    ++stop_at;
  while (text_[stop_at - 1] == '.' || text_[stop_at - 1] == '-') --stop_at;
  const std::size_t dot = text_.substr(at, stop_at - at).rfind('.');
  return dot != std::string_view::npos && class_of(text_[at + dot + 1]) == kWordChar ? stop_at : at;
}

std::uint32_t Reader::url(std::uint32_t at, std::uint32_t end) {
  const std::uint32_t begin = at;
  while (at < end) {
    const char c = text_[at];
    if (class_of(c) == kSpace || class_of(c) == kNewline || c == ')' || c == '>' || c == ']' || c == '"' ||
        c == '|' || c == '`' || c == '<' || c == '\'' || c == '}') {
      break;
    }
    ++at;
  }
  while (at > begin + 1 && (class_of(text_[at - 1]) == kStop || text_[at - 1] == ',' || text_[at - 1] == '*'))
    --at;
  emit_special(begin, at, kUrl | kLink);
  return at;
}

std::uint32_t Reader::tag(std::uint32_t at, std::uint32_t end) {
  const std::uint32_t after = skip_tag(text_, at, end);
  if (after == at) {
    after_word_ = false;
    return at + 1;
  }
  const std::string_view source = text_.substr(at, after - at);
  if (source.find("://") != std::string_view::npos && source.substr(0, 5) == "<http") {
    emit_special(at + 1, after - 1, kUrl | kLink);
    return after;
  }
  if (source.find('@') != std::string_view::npos && source.find(' ') == std::string_view::npos) {
    emit_special(at + 1, after - 1, kEmail);
    return after;
  }
  char buffer[16];
  const std::string_view name = tag_name(source, buffer);
  if (name == "a") {
    sticky_ |= kLink;
  } else if (name == "/a") {
    sticky_ &= static_cast<std::uint16_t>(~kLink);
  } else if (name == "code" || name == "tt") {
    sticky_ |= kCode;
  } else if (name == "/code" || name == "/tt") {
    sticky_ &= static_cast<std::uint16_t>(~kCode);
  } else if (name == "td" || name == "th" || name == "/td" || name == "/th") {
    mark_colon();
    after_word_ = false;
  } else if (name == "br" || name == "p" || name == "/p" || name == "li" || name == "/li" || name == "div" ||
             name == "/div") {
    if (unit_.kind != UnitKind::table && !unit_empty()) boundary(after);
  }
  return after;
}

// After "]": a link's destination is passed over and its words are marked.
std::uint32_t Reader::close_bracket(std::uint32_t at, std::uint32_t end) {
  const std::uint32_t first = link_open_;
  const bool image = image_;
  link_open_ = kNone;
  image_ = false;
  if (at + 1 >= end || (text_[at + 1] != '(' && text_[at + 1] != '[')) return at + 1;
  const char close = text_[at + 1] == '(' ? ')' : ']';
  std::uint32_t stop_at = at + 2;
  int depth = 1;
  while (stop_at < end && class_of(text_[stop_at]) != kNewline) {
    if (text_[stop_at] == text_[at + 1] && ++depth > kMaxDestinationDepth) return at + 1;
    if (text_[stop_at] == close && --depth == 0) break;
    ++stop_at;
  }
  if (stop_at >= end || text_[stop_at] != close) return at + 1;
  if (first != kNone && first >= unit_.first_word) {
    const std::string_view target = text_.substr(at + 2, stop_at - at - 2);
    const bool mail = target.substr(0, 7) == "mailto:" || (target.find('@') != std::string_view::npos &&
                                                           target.find('/') == std::string_view::npos);
    if (image) {
      out_.words.resize(first);  // the alternative text of a picture is not the card's prose
    } else {
      for (std::size_t i = first; i < out_.words.size(); ++i) {
        out_.words[i].flags |= kLink;
        if (mail) out_.words[i].flags |= kEmail;
      }
    }
  }
  return stop_at + 1;
}

}  // namespace cardwarden::prose
