// SPDX-License-Identifier: Apache-2.0
#include "evidence/phrase.h"

#include <algorithm>

#include "base/text.h"

namespace cardwarden::phrase {
namespace {

struct ClassName {
  std::string_view name;
  std::uint16_t flags;
};
constexpr ClassName kClasses[] = {{"number", kNumber}, {"year", kYear}, {"name", kName},
                                  {"link", kLink},     {"code", kCode}, {"email", kEmail}};

class Parser {
 public:
  Parser(std::string_view text, const WordLists& lists) : text_(text), lists_(lists) {}

  Result<Sequence> whole() {
    if (text_.size() > kMaxPhraseBytes) {
      return fail("is longer than " + std::to_string(kMaxPhraseBytes) + " bytes");
    }
    auto result = sequence(0);
    if (!result) return result;
    if (at_ < text_.size()) return fail("has an unmatched \")\"");
    if (result->empty()) return fail("has no words");
    return result;
  }

 private:
  Error fail(const std::string& what) const {
    return {ErrorCode::rule, "the phrase \"" + std::string(text_) + "\" " + what};
  }
  Result<Sequence> sequence(int depth);
  Result<Sequence> element(int depth);
  Result<Element> group(int depth);
  Result<Element> word_class();
  Result<Element> gap();
  Result<Element> list(int depth);
  Result<Sequence> words();

  std::string_view text_;
  const WordLists& lists_;
  std::size_t at_ = 0;
};

bool ends_word(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '(' || c == ')' || c == '|' || c == '<' || c == '{' ||
         c == '?' || c == ':' || c == '$';
}

Result<Sequence> Parser::sequence(int depth) {
  if (depth > kMaxNesting) return fail("nests more than " + std::to_string(kMaxNesting) + " levels deep");
  Sequence out;
  while (at_ < text_.size() && text_[at_] != ')' && text_[at_] != '|') {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\n') {
      ++at_;
      continue;
    }
    if (c == ':') {
      if (out.empty()) return fail("begins with a colon; write it after the word it follows");
      out.push_back(Element{.type = Element::Type::colon});
      ++at_;
      continue;
    }
    auto next = element(depth);
    if (!next) return next;
    const bool optional = at_ < text_.size() && text_[at_] == '?';
    if (optional) {
      ++at_;
      Element choice{.type = Element::Type::choice, .optional = true};
      choice.ways.push_back(std::move(*next));
      out.push_back(std::move(choice));
    } else {
      out.insert(out.end(), next->begin(), next->end());
    }
  }
  return out;
}

Result<Sequence> Parser::element(int depth) {
  const char c = text_[at_];
  const auto one = [](Result<Element> element) -> Result<Sequence> {
    if (!element) return element.error();
    return Sequence{std::move(*element)};
  };
  if (c == '(') return one(group(depth));
  if (c == '<') return one(word_class());
  if (c == '{') return one(gap());
  if (c == '@') return one(list(depth));
  if (c == '^' || c == '$') {
    ++at_;
    return Sequence{Element{.type = c == '^' ? Element::Type::unit_start : Element::Type::unit_end}};
  }
  if (text_.substr(at_, 3) == "...") {
    at_ += 3;
    return Sequence{Element{.type = Element::Type::gap, .low = 0, .high = 8}};
  }
  if (c == '_' && (at_ + 1 == text_.size() || ends_word(text_[at_ + 1]))) {
    ++at_;
    return Sequence{Element{.type = Element::Type::any}};
  }
  return words();
}

Result<Element> Parser::group(int depth) {
  ++at_;
  Element choice{.type = Element::Type::choice};
  while (true) {
    auto way = sequence(depth + 1);
    if (!way) return way.error();
    if (at_ >= text_.size()) return fail("has an unclosed \"(\"");
    if (way->empty()) {
      choice.optional = true;
    } else {
      choice.ways.push_back(std::move(*way));
    }
    if (text_[at_++] == ')') break;
  }
  if (choice.ways.empty()) return fail("has an empty group");
  return choice;
}

Result<Element> Parser::word_class() {
  const std::size_t close = text_.find('>', at_);
  if (close == std::string_view::npos) return fail("has an unclosed \"<\"");
  const std::string_view name = text_.substr(at_ + 1, close - at_ - 1);
  for (const ClassName& known : kClasses) {
    if (known.name != name) continue;
    at_ = close + 1;
    return Element{.type = Element::Type::any, .flags = known.flags};
  }
  return fail("names the class <" + std::string(name) +
              ">; known are <number> <year> <name> <link> <code> <email>");
}

Result<Element> Parser::gap() {
  const std::size_t close = text_.find('}', at_);
  const std::string_view inside =
      close == std::string_view::npos ? "" : text_.substr(at_ + 1, close - at_ - 1);
  const std::size_t comma = inside.find(',');
  unsigned bounds[2] = {0, 0};
  const std::string_view parts[2] = {
      text::trim(inside.substr(0, comma)),
      comma == std::string_view::npos ? "" : text::trim(inside.substr(comma + 1))};
  for (int i = 0; i < 2; ++i) {
    if (parts[i].empty() || parts[i].size() > 2 ||
        parts[i].find_first_not_of("0123456789") != std::string_view::npos) {
      return fail("has a gap that is not {least,most}, as in {0,4}");
    }
    for (const char digit : parts[i]) bounds[i] = bounds[i] * 10 + static_cast<unsigned>(digit - '0');
  }
  if (bounds[0] > bounds[1] || bounds[1] > kMaxGap)
    return fail("has a gap over {0," + std::to_string(kMaxGap) + "} or upside down");
  at_ = close + 1;
  return Element{.type = Element::Type::gap,
                 .low = static_cast<std::uint16_t>(bounds[0]),
                 .high = static_cast<std::uint16_t>(bounds[1])};
}

Result<Element> Parser::list(int depth) {
  std::size_t end = at_ + 1;
  while (end < text_.size() && !ends_word(text_[end])) ++end;
  const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
  const auto found = lists_.find(name);
  if (found == lists_.end()) {
    std::vector<std::string_view> names;
    for (const auto& entry : lists_) names.push_back(entry.first);
    const auto near = text::nearest(name, names);
    return fail("names the word list @" + std::string(name) + ", which does not exist" +
                (near ? "; did you mean @" + *near + "?" : ""));
  }
  at_ = end;
  if (depth + 1 > kMaxNesting)
    return fail("nests word lists more than " + std::to_string(kMaxNesting) + " levels deep");
  Element choice{.type = Element::Type::choice};
  for (const std::string& entry : found->second) {
    Parser inner(entry, lists_);
    auto way = inner.sequence(depth + 1);
    if (!way) return way.error();
    if (inner.at_ < entry.size())
      return fail("uses @" + std::string(name) + ", whose entry \"" + entry + "\" is not well formed");
    if (!way->empty()) choice.ways.push_back(std::move(*way));
  }
  if (choice.ways.empty()) return fail("names the word list @" + std::string(name) + ", which is empty");
  return choice;
}

// A run of characters without blanks: one word, or several where hyphens or a script without blanks divide
// it.
Result<Sequence> Parser::words() {
  std::size_t end = at_;
  while (end < text_.size() && !ends_word(text_[end])) ++end;
  if (end == at_) return fail("has a \"" + std::string(1, text_[at_]) + "\" where a word should be");
  std::string_view run = text_.substr(at_, end - at_);
  at_ = end;
  const bool suffix = run.front() == '*';
  if (suffix) run.remove_prefix(1);
  const bool prefix = !run.empty() && run.back() == '*';
  if (prefix) run.remove_suffix(1);
  if (run.find('*') != std::string_view::npos)
    return fail("has a star inside a word; only its ends may have one");
  if (prefix && suffix) return fail("has a word with a star at both ends");
  std::vector<Word> pieces;
  read_words(run, pieces);
  if (pieces.empty()) return fail("has \"" + std::string(run) + "\", which holds no letters or digits");
  Sequence out;
  std::string folded;
  for (const Word& piece : pieces) {
    Element element{.type = Element::Type::word};
    element.word = fold_word(run.substr(piece.begin, piece.length), folded);
    out.push_back(std::move(element));
  }
  if (prefix) out.back().star = Element::Star::prefix;
  if (suffix) out.front().star = Element::Star::suffix;
  const std::string& starred = prefix ? out.back().word : out.front().word;
  if ((prefix || suffix) && text::code_points(starred) < 2) {
    return fail("has a star on \"" + starred + "\"; at least two letters are needed beside it");
  }
  if ((prefix || suffix) && starred.size() > kMaxAffixBytes) {
    return fail("has a star on more than " + std::to_string(kMaxAffixBytes) + " bytes");
  }
  return out;
}

}  // namespace

Result<Sequence> parse(std::string_view text, const WordLists& lists) { return Parser(text, lists).whole(); }

}  // namespace cardwarden::phrase
