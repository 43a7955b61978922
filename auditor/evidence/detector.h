// SPDX-License-Identifier: Apache-2.0
#pragma once
// Declarative detection: detect.yaml compiled, and applied to a card. One lexicon holds the phrases of all
// rules, so that a card's text is read once however many rules there are.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/yaml.h"
#include "card/card.h"
#include "evidence/asked.h"
#include "evidence/disclosure.h"
#include "evidence/lexicon.h"
#include "evidence/phrases.h"
#include "evidence/prose.h"
#include "evidence/scanner.h"

namespace cardwarden {

// The shared words of rules/vocabulary.yaml: named lists, and the phrases that make a unit a placeholder.
struct Vocabulary {
  WordLists lists;
  std::vector<std::string> placeholders;
};
Result<Vocabulary> parse_vocabulary(std::string_view yaml, std::string_view path);

struct Clue {
  std::optional<GroupId> say;
  std::optional<GroupId> with;
  std::optional<GroupId> unless;
  std::optional<GroupId> never;        // of its detector
  std::optional<std::uint32_t> under;  // heading set
  std::uint32_t min_words = 1;         // of the unit
  std::uint8_t kinds = 0;              // mask over UnitKind
  double weight = 1.0;
};

struct FieldClue {
  std::string path;
  std::vector<std::string> not_values;  // lower case
  std::optional<GroupId> say;
  std::uint16_t field = 0;  // index of the path among those whose values are read as units
};

// A compiled detect.yaml of a disclosure rule.
struct Detector {
  std::string_view rule;  // "model-card/license"
  std::string_view id;    // "license"
  std::vector<FieldClue> fields;
  std::uint32_t first_clue = 0;           // index into the clues of all rules
  std::uint32_t last_clue = 0;            // one past
  std::optional<std::uint32_t> headings;  // heading set
  std::optional<GroupId> labels;
};

// A compiled detect.yaml of an audit rule ("finding:").
struct AuditRule {
  std::string_view rule;
  std::vector<std::string> absent;
  std::vector<std::string> disclosed;
  std::vector<std::string> fields;
  std::vector<std::string> no_fields;
  std::uint32_t first_clue = 0;
  std::uint32_t last_clue = 0;
};

// Phrases that a native rule asks about by name (phrases.h).
struct NamedPhrases {
  std::string_view rule;
  std::string name;
  GroupId group = 0;
  UnitKinds kinds = 0;  // of unit in which they are looked for while a card is read; 0: only where asked
};

// Everything declarative for one kind of card. Immutable; shared by threads.
class Detectors {
 public:
  const std::vector<Detector>& detectors() const { return detectors_; }
  const std::vector<AuditRule>& audit_rules() const { return audit_rules_; }
  const Lexicon& lexicon() const { return lexicon_; }
  const NamedPhrases* find_phrases(std::string_view rule, std::string_view name) const;

  // As the build stores them inside the program, and back. The bytes must outlive what unpack() gives; an
  // error means that they are not what this build wrote.
  std::string pack() const;
  static Result<Detectors> unpack(std::string_view bytes);

 private:
  friend class DetectorsBuilder;
  friend class DetectLoader;
  friend class EvidencePlan;
  friend class EvidenceReader;

  template <typename Archive, typename Self>
  static void pack_all(Archive& archive, Self& self);
  void make_index();

  Lexicon lexicon_;
  std::vector<Clue> clues_;
  GroupId placeholder_ = 0;
  std::vector<GroupId> heading_sets_;     // heading set → group
  std::vector<std::string> field_paths_;  // paths whose values are read as units
  std::vector<Detector> detectors_;       // sorted by id
  std::vector<AuditRule> audit_rules_;
  std::vector<NamedPhrases> phrases_;
  // Made by make_index():
  Lists<std::uint32_t> clues_of_group_;    // by group: clues that it is `say` of
  Lists<std::uint32_t> clues_of_set_;      // by heading set: clues without `say` that it is `under` of
  Lists<std::uint32_t> said_below_;        // by heading set: clues with `say` that wait for it
  Lists<std::uint32_t> sets_of_group_;     // by group: heading sets
  Lists<std::uint32_t> phrases_of_group_;  // by group: indices into phrases_ of those looked for
};

// Compiles detect.yaml files.
class DetectorsBuilder {
 public:
  static Result<DetectorsBuilder> create(const Vocabulary& vocabulary);

  // `rule` and `id` must outlive the result. Errors carry `path`:line:column.
  Done add(std::string_view rule, std::string_view id, std::string_view yaml, std::string_view path);
  Detectors build();

 private:
  friend class DetectLoader;

  Detectors out_;
  LexiconBuilder lexicon_;
  WordLists lists_;
};

// What is asked of the detectors of a kind, worked out once. Immutable; shared by threads.
class EvidencePlan {
 public:
  // The detectors must outlive the plan.
  explicit EvidencePlan(const Detectors& detectors, const Asked& asked = {});

 private:
  friend class EvidenceReader;

  // Of a clue: whether somebody asks for it, and whether it was seen to hold.
  enum class ClueState : std::uint8_t { unasked, open, holds };

  void take_on(std::uint32_t first_clue, std::uint32_t last_clue, Sought& sought);
  void take_on(const Detector& detector, Sought& sought);
  Sought take_on_all(const Asked& asked);

  const Detectors* detectors_;
  std::vector<ClueState> clues_;      // unasked or open
  std::vector<std::uint32_t> waits_;  // by group: how many wait for it whatever the section
  std::vector<const Detector*> asked_detectors_;
  std::vector<bool> field_paths_;  // whether somebody reads their values
  SoughtLists lists_;
};

// Reads one card after another, keeping its buffers. Not thread-safe: one per thread.
class EvidenceReader {
 public:
  // Reads for what the plan asks only: disclosures() has no others, and other rules must not ask. The plan
  // must outlive the reader.
  explicit EvidenceReader(const EvidencePlan& plan);

  // Results stay valid until the next call.
  void read(const Card& card);
  const Prose& prose() const { return prose_; }
  const Disclosures& disclosures() const { return disclosures_; }

  // For native rules, through phrases.h.
  const NamedPhrases& phrases(std::string_view rule, std::string_view name) const;
  const std::vector<Said>& said(const NamedPhrases& phrases) const;
  std::optional<Hit> find(const Unit& unit, GroupId group);
  std::optional<Span> find(std::string_view text, GroupId group);

  // Whether the audit rule has something to say, and the words it quotes.
  bool applies(const AuditRule& rule, const Card& card, std::vector<Evidence>& quotes) const;

 private:
  struct FieldHit {
    GroupId group = 0;
    std::uint16_t field = 0;
    Evidence evidence;
  };

  void begin_card(const Card& card);
  void enter_section(const Card& card, std::uint32_t section);
  void wait_for(GroupId group, bool more);
  void settle(std::uint32_t clue, Evidence evidence);
  void read_unit(const Card& card, std::uint32_t index);
  void mark_section(const Unit& unit);
  void note_said(const Unit& unit, std::uint32_t index);
  void keep_field_hits(const Unit& unit);
  void read_said(const Unit& unit);
  void read_below_headings(const Unit& unit);
  void note_placeholder(const Unit& unit);
  bool fits(const Clue& clue, const Unit& unit);
  Disclosure detect(const Detector& detector, const std::optional<Evidence>& placeholder,
                    const Card& card) const;
  double read_field(const FieldClue& clue, const Card& card, std::vector<Evidence>& out) const;
  double gather(std::uint32_t first, std::uint32_t last, std::vector<Evidence>& out) const;
  Evidence evidence_of(const Unit& unit, const Hit& hit) const;
  bool section_has(std::uint32_t section, std::uint32_t set) const {
    const std::size_t bit = std::size_t{section} * stride_ * 64 + set;
    return (section_sets_[bit / 64] >> (bit % 64) & 1U) != 0;
  }

  const Detectors* detectors_;
  const EvidencePlan* plan_;
  LexiconScanner scanner_;
  Prose prose_;
  Disclosures disclosures_;
  std::vector<Hit> hits_;                       // of the unit in hand
  std::vector<EvidencePlan::ClueState> clues_;  // by clue
  std::vector<FieldHit> field_hits_;
  std::vector<std::vector<Said>> said_;                // by phrases_ of the detectors
  std::string_view text_;                              // of the card in hand
  Prose aside_;                                        // of a text that is not the card's prose
  std::vector<std::optional<Evidence>> placeholders_;  // by the plan's detectors
  std::vector<std::uint64_t>
      section_sets_;            // bit matrix: section × heading set, with those of the sections around it
  std::uint32_t opened_ = 0;    // sections whose row is made
  std::size_t stride_ = 0;      // words of a row
  std::vector<Evidence> seen_;  // by clue: where it was first seen to hold
  std::vector<std::uint64_t> entered_;  // the row that the scanner looks by
  std::vector<std::uint32_t> waiting_;  // by group: how many clues still wait for it
  std::vector<GroupId> touched_;        // where waiting_ is not what it was when the card began
};

}  // namespace cardwarden
