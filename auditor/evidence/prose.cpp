// SPDX-License-Identifier: Apache-2.0
#include "evidence/prose.h"

#include <string>

#include "base/script.h"
#include "base/text.h"
#include "evidence/byte_class.h"
#include "evidence/prose_reader.h"

namespace cardwarden {
namespace prose {

using namespace bytes;

namespace {

// A unit longer than this is cut: it bounds the work of a phrase with gaps. The longest sentence of real
// prose has about 150 words; code blocks and run-on tables are longer.
constexpr std::uint32_t kMaxUnitWords = 300;

}  // namespace

void Reader::end_unit(std::uint32_t at) {
  unit_.last_word = static_cast<std::uint32_t>(out_.words.size());
  unit_.span.end = at;
  unit_.field = field_;
  if (unit_.last_word > unit_.first_word) {
    unit_.span.begin = std::min(unit_.span.begin, out_.words[unit_.first_word].begin);
    while (unit_.span.begin < unit_.span.end &&
           (class_of(text_[unit_.span.begin]) == kSpace || class_of(text_[unit_.span.begin]) == kNewline)) {
      ++unit_.span.begin;
    }
    while (unit_.span.end > unit_.span.begin && (class_of(text_[unit_.span.end - 1]) == kSpace ||
                                                 class_of(text_[unit_.span.end - 1]) == kNewline)) {
      --unit_.span.end;
    }
    out_.units.push_back(unit_);
  }
}

void Reader::emit(std::uint32_t begin, std::uint32_t end, bool ascii) {
  const std::string_view word = text_.substr(begin, end - begin);
  Word result;
  result.begin = begin;
  result.length = end - begin;
  result.flags = sticky_;
  bool digits = false;
  bool letters = false;
  bool inner_capital = false;
  std::size_t digit_run = 0;
  if (ascii) {
    result.hash = hash_ascii_word(word);
    for (std::size_t i = 0; i < word.size(); ++i) {
      const char c = word[i];
      if (is_digit(c)) {
        digits = true;
        if (!letters) ++digit_run;
      } else if (is_lower(c) || is_upper(c)) {
        letters = true;
        inner_capital |= i > 0 && is_upper(c);
      }
    }
    if (is_upper(word[0])) result.flags |= kCapital;
  } else {
    result.hash = hash_word(fold_word(word, fold_));
    letters = true;
    std::size_t at = 0;
    if (script::is_upper(text::decode(word, at))) result.flags |= kCapital;
  }
  if (is_digit(word[0])) {
    std::size_t tail = 0;
    for (const char c : word) tail += is_lower(c) || is_upper(c) ? 1U : 0U;
    if (tail <= 2) {
      result.flags |= kNumber;
      if (word.size() == 4 && tail == 0 && digit_run == 4 &&
          (word.substr(0, 2) == "19" || word.substr(0, 2) == "20")) {
        result.flags |= kYear;
      }
    } else if (letters) {
      result.flags |= kName;
    }
  } else if (inner_capital || (digits && letters) || ((result.flags & kCapital) != 0 && !unit_empty())) {
    result.flags |= kName;
  }
  out_.words.push_back(result);
  end_word(end);
}

void Reader::end_word(std::uint32_t at) {
  after_word_ = true;
  if (out_.words.size() - unit_.first_word < kMaxUnitWords) return;
  boundary(at);
  unit_.continued = true;
}

void Reader::emit_special(std::uint32_t begin, std::uint32_t end, unsigned flags) {
  Word result;
  result.hash = 0;
  result.begin = begin;
  result.length = end - begin;
  result.flags = static_cast<std::uint16_t>(flags | sticky_);
  out_.words.push_back(result);
  after_word_ = true;
}

// Most words are ASCII letters with nothing to ponder beside them. The end of such a word; `at` where it
// needs the careful way.
std::uint32_t Reader::plain_word(std::uint32_t at, std::uint32_t end) {
  const std::uint32_t begin = at;
  std::uint64_t hash = kFnvBasis;
  bool inner_capital = false;
  for (; at < end && is_letter(text_[at]); ++at) {
    inner_capital |= at > begin && is_upper(text_[at]);
    hash = hash_more(hash, static_cast<char>(text_[at] | 0x20));
  }
  if (at == begin) return begin;
  if (at < end) {
    const char next = text_[at];
    const std::uint8_t kind = class_of(next);
    if (kind == kDigit || kind == kWordChar || kind == kHigh || next == '@' || next == ':') return begin;
    if (next == '.' && at + 1 < end && (is_lower(text_[at + 1]) || is_digit(text_[at + 1]))) return begin;
  }
  const bool capital = is_upper(text_[begin]);
  Word& result = out_.words.emplace_back();
  result.hash = hash;
  result.begin = begin;
  result.length = at - begin;
  result.flags = sticky_;
  if (capital) result.flags |= kCapital;
  if (inner_capital || (capital && out_.words.size() - 1 > unit_.first_word)) result.flags |= kName;
  end_word(at);
  return at;
}

// A run of letters and digits; dots, commas and signs belong to it where they stand inside a number or a
// name.
std::uint32_t Reader::word(std::uint32_t at, std::uint32_t end) {
  if (const std::uint32_t plain_end = plain_word(at, end); plain_end != at) return plain_end;
  const std::uint32_t begin = at;
  bool ascii = true;
  while (at < end) {
    const char c = text_[at];
    if (is_alnum(c)) {
      ++at;
    } else if (class_of(c) == kHigh) {
      std::size_t next = at;
      const char32_t code_point = text::decode(text_, next);
      if (!script::is_word(code_point) || script::is_unspaced(code_point)) break;
      ascii = false;
      at = static_cast<std::uint32_t>(next);
    } else if (at + 1 < end && c == '.' && is_alnum(text_[at - 1]) &&
               (is_lower(text_[at + 1]) || is_digit(text_[at + 1]))) {
      ++at;
    } else if (at + 1 < end && c == ',' && is_digit(text_[at - 1]) && is_digit(text_[at + 1])) {
      ++at;
    } else if (at + 1 < end && (c == '-' || c == '+') && (text_[at - 1] == 'e' || text_[at - 1] == 'E') &&
               is_digit(text_[begin]) && is_digit(text_[at + 1])) {
      ++at;
    } else if (c == '%' && is_digit(text_[at - 1])) {
      ++at;
      break;
    } else {
      break;
    }
  }
  if (const std::uint32_t mail_end = email_end(at, end); mail_end != at) {
    emit_special(begin, mail_end, kEmail);
    return mail_end;
  }
  std::uint32_t first = begin;
  std::uint32_t last = at;
  while (first < last && text_[first] == '_') ++first;  // emphasis
  while (last > first && text_[last - 1] == '_') --last;
  if (first == last) return at;
  if (last - first >= 4 && at < end && text_[at] == ':' && text_.substr(at, 3) == "://")
    return url(begin, end);
  if (text_.substr(first, 4) == "www.") return url(begin, end);
  emit(first, last, ascii);
  return at;
}

std::uint32_t Reader::high(std::uint32_t at, std::uint32_t end) {
  std::size_t next = at;
  const char32_t code_point = text::decode(text_, next);
  const auto after = static_cast<std::uint32_t>(next);
  if (script::is_unspaced(code_point)) {
    emit(at, after, false);
    return after;
  }
  if (script::is_word(code_point)) return word(at, end);
  if (code_point == U'：') {
    mark_colon();
  } else if (code_point == U'。' || code_point == U'！' || code_point == U'？' || code_point == U'।' ||
             code_point == U'۔') {
    boundary(after);
  } else if (code_point != 0xA0 && code_point != 0xFE0F && code_point != U'“' && code_point != U'”') {
    after_word_ = false;
  }
  return after;
}

std::uint32_t Reader::stop(std::uint32_t at, std::uint32_t end) {
  std::uint32_t after = at + 1;
  while (after < end && (class_of(text_[after]) == kStop || text_[after] == '"' || text_[after] == '\'' ||
                         text_[after] == ')' || text_[after] == '*' || text_[after] == '_')) {
    ++after;
  }
  const bool spaced = after >= end || class_of(text_[after]) == kSpace ||
                      class_of(text_[after]) == kNewline || text_[after] == '<';
  if (!spaced || unit_empty()) return at + 1;
  if (text_[at] == '.') {
    const Word& last = out_.words.back();
    const std::string_view word = text_.substr(last.begin, last.length);
    if (is_abbreviation(word) && after < end) return at + 1;
    if (unit_.first_word + 1 == out_.words.size() && (last.flags & kNumber) != 0)
      return at + 1;  // "1. First"
    std::uint32_t next = after;
    while (next < end && class_of(text_[next]) == kSpace) ++next;
    if (next < end && is_lower(text_[next])) return at + 1;
  }
  boundary(after);
  return after;
}

// A line break ends a unit where the next line begins a new statement: a hard break, a label, an item.
std::uint32_t Reader::newline(std::uint32_t at, std::uint32_t end) {
  std::uint32_t next = at;
  const bool hard = at >= 2 && text_[at - 1] == ' ' && text_[at - 2] == ' ';
  const bool backslash = at >= 1 && text_[at - 1] == '\\';
  while (next < end &&
         (class_of(text_[next]) == kNewline || class_of(text_[next]) == kSpace || text_[next] == '>'))
    ++next;
  if (next >= end || unit_empty()) return next;
  const std::string_view rest = text_.substr(next, 3);
  const bool label = rest.substr(0, 2) == "**" || rest.substr(0, 2) == "__" || rest.substr(0, 2) == "- " ||
                     rest.substr(0, 2) == "* " || rest == "•" || rest.substr(0, 2) == "·";
  if (hard || backslash || label) boundary(next);
  return next;
}

std::uint32_t Reader::punctuation(std::uint32_t at, std::uint32_t end) {
  const char c = text_[at];
  switch (c) {
    case '*':
    case '~':
    case '"':
    case ')':
    case '\'':
      return at + 1;
    case '`': {
      const bool open = (sticky_ & kCode) == 0;
      if (!open || text_.substr(at + 1, end - at - 1).find('`') != std::string_view::npos) sticky_ ^= kCode;
      return at + 1;
    }
    case ':':
    case '=':
      mark_colon();
      return at + 1;
    case '|':
      if (unit_.kind == UnitKind::table) mark_colon();
      after_word_ = false;
      return at + 1;
    case '<':
      return tag(at, end);
    case '!':
      if (at + 1 < end && text_[at + 1] == '[') {
        image_ = true;
        return at + 1;
      }
      return stop(at, end);
    case '[':
      link_open_ = static_cast<std::uint32_t>(out_.words.size());
      if (at == 0 || text_[at - 1] != '!') image_ = false;
      return at + 1;
    case ']':
      return close_bracket(at, end);
    case '&': {
      const std::size_t semicolon = text_.substr(at, std::min<std::size_t>(10, end - at)).find(';');
      if (semicolon != std::string_view::npos) return at + static_cast<std::uint32_t>(semicolon) + 1;
      return at + 1;
    }
    default:
      after_word_ = false;
      return at + 1;
  }
}

void Reader::read_inline(Span span) {
  sticky_ = 0;
  image_ = false;
  for (std::uint32_t at = span.begin; at < span.end;) {
    switch (class_of(text_[at])) {
      case kSpace:
        ++at;
        break;
      case kWordChar:
      case kDigit:
        at = word(at, span.end);
        break;
      case kNewline:
        at = newline(at, span.end);
        break;
      case kStop:
        at = text_[at] == '!' ? punctuation(at, span.end) : stop(at, span.end);
        break;
      case kHigh:
        at = high(at, span.end);
        break;
      default:
        at = punctuation(at, span.end);
        break;
    }
  }
}

void Reader::read_code(Span span) {
  sticky_ = kCode;
  for (std::uint32_t at = span.begin; at < span.end;) {
    const std::uint8_t kind = class_of(text_[at]);
    if (kind == kWordChar || kind == kDigit) {
      at = word(at, span.end);
    } else if (kind == kHigh) {
      at = high(at, span.end);
    } else {
      if (text_[at] == '=' || text_[at] == ':')
        mark_colon();
      else if (kind != kSpace)
        after_word_ = false;
      ++at;
    }
  }
  sticky_ = 0;
}

}  // namespace prose

namespace {

using prose::Reader;

UnitKind unit_kind(BlockKind kind) {
  switch (kind) {
    case BlockKind::heading:
      return UnitKind::heading;
    case BlockKind::list_item:
      return UnitKind::list;
    case BlockKind::table_row:
      return UnitKind::table;
    case BlockKind::code:
      return UnitKind::code;
    default:
      return UnitKind::prose;
  }
}

}  // namespace

void read_prose(const Card& card, Prose& out) {
  out.clear();
  out.words.reserve(card.body.size() / 6);
  Reader reader(card.text, out);
  for (std::uint32_t i = 0; i < card.blocks.size(); ++i) {
    const Block& block = card.blocks[i];
    const Span span = block.kind == BlockKind::heading ? card.sections[block.section].title : block.span;
    reader.block(span, unit_kind(block.kind), block.section, i);
  }
}

void add_field_unit(const Card& card, Span span, std::uint16_t field, Prose& out) {
  Reader reader(card.text, out);
  reader.set_field(field);
  reader.block(span, UnitKind::field, 0, 0);
}

void read_words(std::string_view text, std::vector<Word>& out) {
  Prose prose;
  Reader reader(text, prose);
  reader.block({0, static_cast<std::uint32_t>(text.size())}, UnitKind::heading, 0, 0);
  out = std::move(prose.words);
}

}  // namespace cardwarden
