// SPDX-License-Identifier: Apache-2.0
#include "evidence/prose.h"

#include <algorithm>
#include <string>

#include "base/script.h"
#include "base/text.h"
#include "evidence/byte_class.h"
#include "evidence/prose_reader.h"
#include "evidence/word_hash.h"

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

namespace {

// What an ASCII word is made of.
struct Shape {
  std::uint64_t hash = 0;
  Eight digits = 0;  // of its eights together, a bit for each
  Eight letters = 0;
  Eight inner_capitals = 0;
};

Shape shape_of(std::string_view text, std::uint32_t begin, std::uint32_t end) {
  Shape out;
  for (std::uint32_t at = begin; at < end; at += 8) {
    const Eight eight = eight_of(text, at, end);
    const Eight capitals = between(eight, 'A', 'Z');
    const Eight folded = eight | capitals >> 2U;
    out.hash = mix_word(out.hash, folded);
    out.digits |= between(eight, '0', '9');
    out.letters |= between(folded, 'a', 'z');
    out.inner_capitals |= at == begin ? capitals & ~Eight{0xFF} : capitals;
  }
  out.hash = end_hash(out.hash);
  return out;
}

// Of a word that begins with a digit: a number, which may have two letters ("7B", "1st"), or a name.
unsigned number_flags(std::string_view word, bool letters) {
  if (letters && std::count_if(word.begin(), word.end(), is_letter) > 2) return kName;
  if (letters || word.size() != 4 || !std::all_of(word.begin(), word.end(), is_digit)) return kNumber;
  const bool year = word.substr(0, 2) == "19" || word.substr(0, 2) == "20";
  return year ? unsigned{kNumber} | kYear : unsigned{kNumber};
}

}  // namespace

void Reader::emit(std::uint32_t begin, std::uint32_t end, bool ascii) {
  const std::string_view word = text_.substr(begin, end - begin);
  Word result;
  result.begin = begin;
  result.length = end - begin;
  bool digits = false;
  bool letters = true;
  bool inner_capital = false;
  bool capital = false;
  if (ascii) {
    const Shape shape = shape_of(text_, begin, end);
    result.hash = shape.hash;
    digits = shape.digits != 0;
    letters = shape.letters != 0;
    inner_capital = shape.inner_capitals != 0;
    capital = is_upper(word[0]);
  } else {
    result.hash = hash_word(fold_word(word, fold_));
    std::size_t at = 0;
    capital = script::is_upper(text::decode(word, at));
  }
  unsigned flags = sticky_;
  if (capital) flags |= kCapital;
  if (is_digit(word[0])) {
    flags |= number_flags(word, letters);
  } else if (inner_capital || (digits && letters) || (capital && !unit_empty())) {
    flags |= kName;
  }
  result.flags = static_cast<std::uint16_t>(flags);
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

namespace {

// What stands behind a run of letters for it not to be a word by itself: it goes on, or is an address.
bool goes_on(std::string_view text, std::uint32_t at, std::uint32_t end) {
  const char next = text[at];
  const std::uint8_t kind = class_of(next);
  if (kind == kDigit || kind == kWordChar || kind == kHigh || next == '@') return true;
  if (next == '.') return at + 1 < end && (is_lower(text[at + 1]) || is_digit(text[at + 1]));
  return next == ':' && text.substr(at, 3) == "://";
}

}  // namespace

// Most words are ASCII letters with nothing to ponder beside them, and a blank leads to the next; they are
// read by eights. Returns where that ends: at a word that needs the careful way, as the last one of a text
// always does, or at what is no word.
std::uint32_t Reader::plain_words(std::uint32_t at, std::uint32_t end) {
  const std::string_view text = text_;
  while (std::size_t{at} + 8 <= text.size()) {
    Letters letters = letters_of(load_eight(text.data() + at));
    if (letters.count == 0) return at;
    const bool capital = (letters.capitals & 0xFFU) != 0;
    Eight inner_capitals = letters.capitals & ~Eight{0xFF};
    std::uint64_t hash = mix_word(0, letters.folded);
    std::uint32_t stop_at = at + letters.count;
    while (letters.count == 8) {
      if (std::size_t{stop_at} + 8 > text.size()) return at;
      letters = letters_of(load_eight(text.data() + stop_at));
      if (letters.count != 0) hash = mix_word(hash, letters.folded);
      inner_capitals |= letters.capitals;
      stop_at += letters.count;
    }
    const bool spaced = stop_at < end && text[stop_at] == ' ';
    if (!spaced && (stop_at > end || (stop_at < end && goes_on(text, stop_at, end)))) return at;
    const bool name = inner_capitals != 0 || (capital && !unit_empty());
    unsigned flags = sticky_;
    if (capital) flags |= kCapital;
    if (name) flags |= kName;
    out_.words.push_back({end_hash(hash), at, stop_at - at, static_cast<std::uint16_t>(flags)});
    end_word(stop_at);
    if (!spaced) return stop_at;
    at = stop_at + 1;
  }
  return at;
}

std::uint32_t Reader::word(std::uint32_t at, std::uint32_t end) {
  at = plain_words(at, end);
  return at < end && is_alnum(text_[at]) ? careful_word(at, end) : at;
}

// A run of letters and digits; dots, commas and signs belong to it where they stand inside a number or a
// name.
std::uint32_t Reader::careful_word(std::uint32_t at, std::uint32_t end) {
  const std::uint32_t begin = at;
  bool ascii = true;
  while (true) {
    while (at < end && is_alnum(text_[at])) ++at;
    if (at >= end) break;
    const char c = text_[at];
    if (class_of(c) == kHigh) {
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
  if (at < end && text_[at] == '@') {
    const std::uint32_t mail_end = email_end(at, end);
    if (mail_end != at) {
      emit_special(begin, mail_end, kEmail);
      return mail_end;
    }
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
  if (script::is_word(code_point)) return careful_word(at, end);
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
  prose.words.swap(out);  // for its memory
  prose.clear();
  Reader reader(text, prose);
  reader.block({0, static_cast<std::uint32_t>(text.size())}, UnitKind::heading, 0, 0);
  out = std::move(prose.words);
}

}  // namespace cardwarden
