// SPDX-License-Identifier: Apache-2.0
#include "evidence/lexicon.h"

#include <algorithm>
#include <limits>

#include "evidence/phrase.h"

namespace cardwarden {
namespace {

using phrase::Element;
using phrase::Sequence;

constexpr std::uint64_t kFnvBasis = 14695981039346656037ULL;
constexpr std::uint64_t kFnvPrime = 1099511628211ULL;

constexpr std::uint32_t kMaxNodes = 4'000;       // of one phrase, word lists unfolded
constexpr std::uint32_t kPatience = 256;         // steps of one match before failed states are remembered
constexpr std::uint32_t kMaxBeforeAnchor = 60;   // words of a phrase before its anchor
constexpr std::size_t kMaxRemembered = 500'000;  // words a scanner remembers before it starts afresh

// Words so common in English prose that a phrase should not wait on them.
constexpr std::string_view kCommon[] = {"the", "of", "and", "to", "in", "is", "for", "on", "with", "this", "that", "are", "as",
                                        "be", "by", "from", "it", "we", "an", "or", "at", "was", "were", "can", "not", "model",
                                        "data", "dataset", "no", "you", "has", "have", "which", "used", "using", "use", "our",
                                        "its", "any", "all", "more", "de", "la", "und", "der", "die", "et", "le", "les"};

struct Length {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
};

Length length_of(const Sequence& sequence);

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

// Gathers the elements that may stand first. False when something may stand there that is no word: a gap, or nothing.
bool first_of(const Sequence& sequence, std::vector<const Element*>& out);

bool first_of(const Element& element, std::vector<const Element*>& out) {
  if (element.type == Element::Type::word || element.type == Element::Type::any) {
    out.push_back(&element);
    return true;
  }
  if (element.type != Element::Type::choice) return false;
  return std::all_of(element.ways.begin(), element.ways.end(), [&out](const Sequence& way) { return first_of(way, out); });
}

bool first_of(const Sequence& sequence, std::vector<const Element*>& out) {
  for (const Element& element : sequence) {
    const bool marker = element.type == Element::Type::unit_start || element.type == Element::Type::unit_end ||
                        element.type == Element::Type::colon;
    if (marker) continue;
    if (!first_of(element, out)) return false;
    if (!element.optional) return true;
  }
  return false;
}

}  // namespace

// Turns one phrase into nodes and finds its anchor.
class PhraseCompiler {
 public:
  explicit PhraseCompiler(Lexicon& lexicon) : lexicon_(lexicon) {}

  bool compile(const Sequence& sequence, std::uint32_t index) {
    Lexicon::Phrase& phrase = lexicon_.phrases_[index];
    phrase.first_node = static_cast<std::uint32_t>(lexicon_.nodes_.size());
    const std::uint32_t accept = add({.op = Lexicon::Op::accept});
    phrase.entry = build(sequence, accept);
    phrase.last_node = static_cast<std::uint32_t>(lexicon_.nodes_.size());
    if (phrase.last_node - phrase.first_node > kMaxNodes) return false;
    wait(sequence, index);
    return true;
  }

 private:
  std::uint32_t add(Lexicon::Node node) {
    lexicon_.nodes_.push_back(node);
    return static_cast<std::uint32_t>(lexicon_.nodes_.size() - 1);
  }
  std::uint32_t atom_of(const Element& element) {
    auto& table = element.star == Element::Star::prefix   ? lexicon_.prefix_
                  : element.star == Element::Star::suffix ? lexicon_.suffix_
                                                          : lexicon_.exact_;
    return lexicon_.atom(table, element.word);
  }
  std::uint32_t set_of(std::vector<std::uint32_t> atoms) {
    std::sort(atoms.begin(), atoms.end());
    atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
    const auto [place, added] = lexicon_.set_ids_.emplace(atoms, static_cast<std::uint32_t>(lexicon_.sets_.size()));
    if (added) lexicon_.sets_.push_back(std::move(atoms));
    return place->second;
  }
  std::uint32_t build(const Sequence& sequence, std::uint32_t next) {
    for (auto element = sequence.rbegin(); element != sequence.rend(); ++element) next = build(*element, next);
    return next;
  }
  std::uint32_t build(const Element& element, std::uint32_t next);
  std::uint32_t build_choice(const Element& element, std::uint32_t next);
  void wait(const Sequence& sequence, std::uint32_t index);
  std::uint32_t rarity(const std::vector<const Element*>& first);

  Lexicon& lexicon_;
};

std::uint32_t PhraseCompiler::build(const Element& element, std::uint32_t next) {
  using Op = Lexicon::Op;
  switch (element.type) {
    case Element::Type::word:
      return add({.op = Op::word, .set = set_of({atom_of(element)}), .next = next});
    case Element::Type::any:
      return add({.op = Op::word, .flags = element.flags, .next = next});
    case Element::Type::gap:
      return add({.op = Op::gap, .next = next, .low = element.low, .high = element.high});
    case Element::Type::unit_start:
      return add({.op = Op::unit_start, .next = next});
    case Element::Type::unit_end:
      return add({.op = Op::unit_end, .next = next});
    case Element::Type::colon:
      return add({.op = Op::colon, .next = next});
    case Element::Type::choice:
      break;
  }
  return build_choice(element, next);
}

// Ways of one plain word become one set; the others are tried in turn.
std::uint32_t PhraseCompiler::build_choice(const Element& element, std::uint32_t next) {
  std::vector<std::uint32_t> atoms;
  std::uint32_t entry = Lexicon::kNone;
  const auto join = [&](std::uint32_t way) {
    entry = entry == Lexicon::kNone ? way : add({.op = Lexicon::Op::split, .next = way, .other = entry});
  };
  if (element.optional) join(next);
  for (const Sequence& way : element.ways) {
    if (way.size() == 1 && way[0].type == Element::Type::word) {
      atoms.push_back(atom_of(way[0]));
    } else if (lexicon_.nodes_.size() < lexicon_.phrases_.back().first_node + kMaxNodes + 1) {
      join(build(way, next));
    }
  }
  if (!atoms.empty()) join(add({.op = Lexicon::Op::word, .set = set_of(std::move(atoms)), .next = next}));
  return entry;
}

std::uint32_t PhraseCompiler::rarity(const std::vector<const Element*>& first) {
  std::uint32_t least = std::numeric_limits<std::uint32_t>::max();
  for (const Element* element : first) {
    if (element->type == Element::Type::any) return 0;
    least = std::min(least, lexicon_.atom_rarity_[atom_of(*element)]);
  }
  return least;
}

void PhraseCompiler::wait(const Sequence& sequence, std::uint32_t index) {
  Length before;
  Lexicon::Waiting best{index, 0, 0};
  std::uint32_t best_rarity = 0;
  std::vector<const Element*> anchor;
  std::uint16_t class_flags = 0;
  for (const Element& element : sequence) {
    std::vector<const Element*> first;
    const bool compulsory = !element.optional && first_of(element, first);
    const std::uint32_t rare = compulsory ? rarity(first) : 0;
    // A wide range of starts costs a try each.
    const std::uint32_t spread = (before.high - before.low) / 4;
    const std::uint32_t score = rare > spread ? rare - spread : std::min(rare, 1U);
    if (score > best_rarity && before.high <= kMaxBeforeAnchor) {
      best_rarity = score;
      anchor = std::move(first);
      best.low = static_cast<std::uint16_t>(before.low);
      best.high = static_cast<std::uint16_t>(before.high);
    }
    if (best_rarity == 0 && class_flags == 0 && element.type == Element::Type::any && element.flags != 0 && before.high == 0) {
      class_flags = element.flags;
    }
    const Length one = length_of(element);
    before.low += one.low;
    before.high += one.high;
  }
  if (anchor.empty()) {
    lexicon_.floating_.push_back({index, 0, 0});
    lexicon_.floating_flags_.push_back(class_flags);
    return;
  }
  std::vector<std::uint32_t> atoms;
  for (const Element* element : anchor) atoms.push_back(atom_of(*element));
  std::sort(atoms.begin(), atoms.end());
  atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
  for (const std::uint32_t atom : atoms) lexicon_.waiting_[atom].push_back(best);
}

std::uint32_t Lexicon::atom(std::unordered_map<std::uint64_t, std::uint32_t>& table, std::string_view folded) {
  const auto [place, added] = table.emplace(hash_word(folded), static_cast<std::uint32_t>(waiting_.size()));
  if (added) {
    waiting_.emplace_back();
    const bool common = &table == &exact_ && std::find(std::begin(kCommon), std::end(kCommon), folded) != std::end(kCommon);
    atom_rarity_.push_back(common ? 1 : static_cast<std::uint32_t>(folded.size()) + 2);
  }
  return place->second;
}

Result<GroupId> Lexicon::add_group(const std::vector<std::string>& phrases, const WordLists& lists) {
  const auto known = group_ids_.find(phrases);
  if (known != group_ids_.end()) return known->second;
  const GroupId group = group_count_;
  for (const std::string& text : phrases) {
    const auto [place, added] = phrase_ids_.emplace(text, static_cast<std::uint32_t>(phrases_.size()));
    if (added) {
      auto sequence = phrase::parse(text, lists);
      if (!sequence) {
        phrase_ids_.erase(place);
        return sequence.error();
      }
      phrases_.emplace_back();
      if (!PhraseCompiler(*this).compile(*sequence, place->second)) {
        return Error{ErrorCode::rule, "the phrase \"" + text + "\" unfolds to more than " + std::to_string(kMaxNodes) + " steps"};
      }
    }
    auto& groups = phrases_[place->second].groups;
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
  }
  group_ids_.emplace(phrases, group);
  ++group_count_;
  return group;
}

LexiconScanner::Atoms LexiconScanner::atoms_of(std::string_view text, const Word& word) {
  if (word.hash == 0) return {};
  const auto known = seen_.find(word.hash);
  if (known != seen_.end()) return known->second;
  if (seen_.size() >= kMaxRemembered) {
    return {};  // scan() starts afresh before the next unit
  }
  const Lexicon& lexicon = *lexicon_;
  Atoms atoms{static_cast<std::uint32_t>(pool_.size()), 0};
  const auto add = [&](const std::unordered_map<std::uint64_t, std::uint32_t>& table, std::uint64_t hash) {
    const auto found = table.find(hash);
    if (found != table.end()) pool_.push_back(found->second);
  };
  const std::string_view folded = fold_word(text.substr(word.begin, word.length), fold_);
  add(lexicon.exact_, word.hash);
  std::uint64_t hash = kFnvBasis;
  for (const char c : folded) {
    hash = (hash ^ static_cast<unsigned char>(c)) * kFnvPrime;
    add(lexicon.prefix_, hash);
  }
  if (!lexicon.suffix_.empty()) {
    for (std::size_t from = 0; from < folded.size(); ++from) add(lexicon.suffix_, hash_word(folded.substr(from)));
  }
  atoms.count = static_cast<std::uint32_t>(pool_.size()) - atoms.first;
  seen_.emplace(word.hash, atoms);
  return atoms;
}

bool LexiconScanner::satisfies(Atoms atoms, std::uint32_t set) const {
  const std::vector<std::uint32_t>& wanted = lexicon_->sets_[set];
  for (std::uint32_t i = 0; i < atoms.count; ++i) {
    const std::uint32_t atom = pool_[atoms.first + i];
    if (wanted.size() <= 4 ? std::find(wanted.begin(), wanted.end(), atom) != wanted.end()
                           : std::binary_search(wanted.begin(), wanted.end(), atom)) {
      return true;
    }
  }
  return false;
}

// The end of the match (one past its last word), or -1.
std::int64_t LexiconScanner::match(std::uint32_t index, std::uint32_t at) {
  const std::uint32_t words = unit_->last_word - unit_->first_word;
  while (true) {
    const Lexicon::Node& node = lexicon_->nodes_[index];
    if (++steps_ > kPatience) {
      const std::size_t state = std::size_t{index - failed_base_} * (words + 1) + (at - unit_->first_word);
      if (failed_.size() <= state) failed_.resize(state + words + 1, false);
      if (failed_[state]) return -1;
      failed_[state] = true;  // a state is only reached again after it failed
    }
    switch (node.op) {
      case Lexicon::Op::accept:
        return at;
      case Lexicon::Op::word: {
        if (at >= unit_->last_word) return -1;
        const Word& word = prose_->words[at];
        if ((word.flags & node.flags) != node.flags) return -1;
        if (node.set != Lexicon::kNone && !satisfies(unit_atoms_[at - unit_->first_word], node.set)) return -1;
        ++at;
        index = node.next;
        break;
      }
      case Lexicon::Op::colon:
        if (at == unit_->first_word || (prose_->words[at - 1].flags & kColon) == 0) return -1;
        index = node.next;
        break;
      case Lexicon::Op::unit_start:
        if (at != unit_->first_word || unit_->continued) return -1;
        index = node.next;
        break;
      case Lexicon::Op::unit_end:
        if (at != unit_->last_word) return -1;
        index = node.next;
        break;
      case Lexicon::Op::split: {
        const std::int64_t end = match(node.next, at);
        if (end >= 0) return end;
        index = node.other;
        break;
      }
      case Lexicon::Op::gap: {
        for (std::uint32_t skip = node.low; skip <= node.high && at + skip <= unit_->last_word; ++skip) {
          const std::int64_t end = match(node.next, at + skip);
          if (end >= 0) return end;
        }
        return -1;
      }
    }
  }
}

void LexiconScanner::report(const Lexicon::Phrase& phrase, std::uint32_t begin, std::uint32_t end) {
  for (const GroupId group : phrase.groups) {
    if (group_unit_[group] == serial_) continue;
    group_unit_[group] = serial_;
    hits_->push_back(Hit{unit_index_, group, begin, end});
  }
}

void LexiconScanner::try_phrase(const Lexicon::Waiting& waiting, std::uint32_t at) {
  if (phrase_unit_[waiting.phrase] == serial_) return;  // it has matched in this unit
  const Lexicon::Phrase& phrase = lexicon_->phrases_[waiting.phrase];
  const std::uint32_t room = at - unit_->first_word;
  for (std::uint32_t before = waiting.low; before <= waiting.high && before <= room; ++before) {
    steps_ = 0;
    failed_base_ = phrase.first_node;
    const std::int64_t end = match(phrase.entry, at - before);
    if (steps_ > kPatience) failed_.assign(failed_.size(), false);
    if (end < 0) continue;
    phrase_unit_[waiting.phrase] = serial_;
    report(phrase, at - before, static_cast<std::uint32_t>(end));
    return;
  }
}

void LexiconScanner::scan(std::string_view text, const Prose& prose, std::vector<Hit>& hits, std::size_t first_unit) {
  group_unit_.resize(lexicon_->group_count_, 0);
  phrase_unit_.resize(lexicon_->phrases_.size(), 0);
  prose_ = &prose;
  hits_ = &hits;
  for (std::size_t i = first_unit; i < prose.units.size(); ++i) {
    if (seen_.size() + 1'000 >= kMaxRemembered) {
      seen_.clear();
      pool_.clear();
    }
    unit_ = &prose.units[i];
    unit_index_ = static_cast<std::uint32_t>(i);
    ++serial_;
    unit_atoms_.clear();
    for (std::uint32_t at = unit_->first_word; at < unit_->last_word; ++at) unit_atoms_.push_back(atoms_of(text, prose.words[at]));
    for (std::uint32_t at = unit_->first_word; at < unit_->last_word; ++at) {
      const Atoms atoms = unit_atoms_[at - unit_->first_word];
      for (std::uint32_t k = 0; k < atoms.count; ++k) {
        for (const Lexicon::Waiting& waiting : lexicon_->waiting_[pool_[atoms.first + k]]) try_phrase(waiting, at);
      }
      for (std::size_t k = 0; k < lexicon_->floating_.size(); ++k) {
        const std::uint16_t flags = lexicon_->floating_flags_[k];
        if ((prose.words[at].flags & flags) == flags) try_phrase(lexicon_->floating_[k], at);
      }
    }
  }
}

}  // namespace cardwarden
