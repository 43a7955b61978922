// SPDX-License-Identifier: Apache-2.0
// The lexicon is built for speed: anchors, required words, remembered failures. Here a matcher that is only
// simple reads the same phrases and the same text, and both must agree on every unit.
#include "evidence/phrase.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "card/parse.h"
#include "evidence/lexicon.h"
#include "evidence/scanner.h"
#include "support/generator.h"

namespace {

using namespace cardwarden;
using cardwarden::testing::Chance;
using phrase::Element;
using phrase::Sequence;

// All places where a match that begins at `at` may end.
class PlainMatcher {
 public:
  PlainMatcher(std::string_view text, const Prose& prose, const Unit& unit)
      : text_(text), prose_(prose), unit_(unit) {}

  std::set<std::uint32_t> ends(const Sequence& sequence, std::uint32_t at) const {
    std::set<std::uint32_t> now = {at};
    for (const Element& element : sequence) {
      std::set<std::uint32_t> next;
      for (const std::uint32_t from : now) next.merge(ends(element, from));
      now = std::move(next);
    }
    return now;
  }
  bool matches(const Sequence& sequence) const {
    for (std::uint32_t at = unit_.first_word; at < unit_.last_word; ++at) {  // a match begins at a word
      if (!ends(sequence, at).empty()) return true;
    }
    return false;
  }

 private:
  std::set<std::uint32_t> ends(const Element& element, std::uint32_t at) const {
    const bool more = at < unit_.last_word;
    switch (element.type) {
      case Element::Type::word:
        return more && is(element, prose_.words[at]) ? one(at + 1) : none();
      case Element::Type::any:
        return more && (prose_.words[at].flags & element.flags) == element.flags ? one(at + 1) : none();
      case Element::Type::unit_start:
        return at == unit_.first_word && !unit_.continued ? one(at) : none();
      case Element::Type::unit_end:
        return at == unit_.last_word ? one(at) : none();
      case Element::Type::colon:
        return at > unit_.first_word && (prose_.words[at - 1].flags & kColon) != 0 ? one(at) : none();
      case Element::Type::gap: {
        std::set<std::uint32_t> out;
        for (std::uint32_t skip = element.low; skip <= element.high && at + skip <= unit_.last_word; ++skip)
          out.insert(at + skip);
        return out;
      }
      case Element::Type::choice:
        break;
    }
    std::set<std::uint32_t> out;
    if (element.optional) out.insert(at);
    for (const Sequence& way : element.ways) out.merge(ends(way, at));
    return out;
  }
  bool is(const Element& element, const Word& word) const {
    std::string buffer;
    const std::string_view folded = fold_word(text_.substr(word.begin, word.length), buffer);
    const std::string& wanted = element.word;
    if (word.hash == 0) return false;  // an address, which is a word of no letters
    switch (element.star) {
      case Element::Star::none:
        return folded == wanted;
      case Element::Star::prefix:
        return folded.substr(0, wanted.size()) == wanted;
      default:
        return folded.size() >= wanted.size() && folded.substr(folded.size() - wanted.size()) == wanted;
    }
  }
  static std::set<std::uint32_t> one(std::uint32_t at) { return {at}; }
  static std::set<std::uint32_t> none() { return {}; }

  std::string_view text_;
  const Prose& prose_;
  const Unit& unit_;
};

constexpr std::string_view kWords[] = {"tide", "gull",    "sea",   "seaside", "wind", "the",
                                       "of",   "trained", "model", "water",   "tides"};
constexpr std::string_view kTextWords[] = {
    "tide",  "Gull", "sea",  "Seaside",  "wind",   "the",    "of",      "trained",   "model",     "waters",
    "tides", "12",   "1999", "BookTide", "label:", "`code`", "a@b.org", "[link](x)", "undertide", "tide,"};

std::string make_phrase(Chance& chance, int depth) {
  std::string out;
  const std::size_t elements = 1 + chance.below(4);
  for (std::size_t i = 0; i < elements; ++i) {
    if (i > 0) out += " ";
    const std::string word(chance.of(kWords));
    switch (chance.below(depth > 2 ? 10 : 16)) {
      case 0:
        out += word + "*";
        break;
      case 1:
        out += "*" + word;
        break;
      case 2:
        out += word + "?";
        break;
      case 3:
        out += "_";
        break;
      case 4:
        out += "...";
        break;
      case 5: {
        const std::size_t low = chance.below(3);
        out += "{" + std::to_string(low) + "," + std::to_string(low + chance.below(4)) + "}";
        break;
      }
      case 6:
        out += chance.one_in(2) ? "<number>" : "<name>";
        break;
      case 7:
        out += word + ":";
        break;
      case 8:
        out += "@list";
        break;
      case 10:
      case 11:
        out += "(" + make_phrase(chance, depth + 1) + "|" + make_phrase(chance, depth + 1) + ")";
        break;
      case 12:
        out += "(" + make_phrase(chance, depth + 1) + "|" + word + ")?";
        break;
      case 13:
        out +=
            "(" + word + "|" + std::string(chance.of(kWords)) + "|" + std::string(chance.of(kWords)) + " of)";
        break;
      default:
        out += word;
        break;
    }
  }
  if (depth == 0 && chance.one_in(6)) out = "^ " + out;
  if (depth == 0 && chance.one_in(6)) out += " $";
  return out;
}

std::string make_text(Chance& chance) {
  std::string out;
  for (std::size_t unit = 0; unit < 12; ++unit) {
    out += "- ";
    for (std::size_t i = 1 + chance.below(9); i > 0; --i) out += std::string(chance.of(kTextWords)) + " ";
    out += "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("the lexicon finds what a plain matcher finds, phrase by phrase and unit by unit") {
  Chance chance(20);
  const WordLists lists = {{"list", {"sea", "wind of", "tide*"}}};
  std::size_t compared = 0;
  std::size_t hits_seen = 0;
  for (int round = 0; round < 150; ++round) {
    LexiconBuilder builder;
    std::vector<std::string> phrases;
    std::vector<Sequence> sequences;
    std::vector<UnitKinds> kinds;
    while (phrases.size() < 30) {
      const std::string text = make_phrase(chance, 0);
      auto parsed = phrase::parse(text, lists);
      if (!parsed) continue;
      const UnitKinds asked = chance.one_in(2) ? kAllUnits : 0;
      const auto group = builder.add_group({text}, lists, asked);
      INFO(text);
      REQUIRE(group.has_value());
      if (*group < phrases.size()) {  // the same phrase again
        kinds[*group] |= asked;
        continue;
      }
      kinds.push_back(asked);
      phrases.push_back(text);
      sequences.push_back(std::move(*parsed));
    }
    const Lexicon lexicon = builder.build();
    const SoughtLists sought(lexicon, Sought::all(lexicon));
    LexiconScanner scanner(sought);
    for (int texts = 0; texts < 3; ++texts) {
      const Card card = parse_card("README.md", make_text(chance));
      Prose prose;
      read_prose(card, prose);
      std::set<std::pair<std::uint32_t, GroupId>> found;
      std::vector<Hit> hits;
      for (std::uint32_t unit = 0; unit < prose.units.size(); ++unit) {
        hits.clear();
        scanner.scan(card.text, prose, unit, hits);
        const PlainMatcher plain(card.text, prose, prose.units[unit]);
        for (const Hit& hit : hits) {
          found.insert({unit, hit.group});
          INFO("phrase: " << phrases[hit.group] << "\nunit: " << card.quote(prose.units[unit].span));
          REQUIRE(plain.ends(sequences[hit.group], hit.first_word).count(hit.last_word) == 1);
        }
        for (GroupId group = 0; group < phrases.size(); ++group) {
          INFO("asked for: " << phrases[group] << "\nunit: " << card.quote(prose.units[unit].span));
          REQUIRE(scanner.holds(group) == plain.matches(sequences[group]));
        }
      }
      hits_seen += found.size();
      for (std::uint32_t unit = 0; unit < prose.units.size(); ++unit) {
        const PlainMatcher plain(card.text, prose, prose.units[unit]);
        for (GroupId group = 0; group < phrases.size(); ++group) {
          INFO("phrase: " << phrases[group] << "\nunit: " << card.quote(prose.units[unit].span));
          if (kinds[group] != 0)
            REQUIRE(plain.matches(sequences[group]) == (found.count({unit, group}) == 1));
          ++compared;
        }
      }
    }
  }
  CHECK(compared > 100'000);
  CHECK(hits_seen > 10'000);
}
