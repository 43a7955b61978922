// SPDX-License-Identifier: Apache-2.0
#include "engine/card_facts.h"

#include <algorithm>
#include <set>

#include "base/pack.h"
#include "base/text.h"
#include "crypto/bytes.h"
#include "evidence/secrets.h"

namespace cardwarden {
namespace {

constexpr std::uint32_t kFormat = 4;           // of packed facts
constexpr std::size_t kLeastNameLetters = 4;   // of a word that names a section: "bias", not "use"
constexpr std::size_t kMaxDisclosures = 1000;  // of packed facts; catalogues have under 50

std::uint64_t add_hash(std::uint64_t hash, std::uint64_t word) {
  for (unsigned shift = 0; shift < 64; shift += 8)
    hash = hash_more(hash, static_cast<char>(word >> shift & 0xffU));
  return hash;
}

struct Amount {
  std::uint32_t words = 0;
  std::uint64_t hash = kFnvBasis;

  void add(const Prose& prose, const Unit& unit) {
    for (std::uint32_t i = unit.first_word; i < unit.last_word; ++i) add(prose.words[i]);
  }
  void add(const Word& word) {
    ++words;
    hash = add_hash(hash, word.hash);
  }
  void add(const Amount& other) {
    words += other.words;
    hash = add_hash(hash, other.hash);
  }
};

// Words of a name or title in small letters, without the plural's "s".
std::vector<std::string> name_words(std::string_view name) {
  std::vector<std::string> out;
  std::string word;
  const auto end = [&] {
    if (word.size() > kLeastNameLetters && word.back() == 's') word.pop_back();
    if (word.size() >= kLeastNameLetters) out.push_back(word);
    word.clear();
  };
  for (const char c : text::lower_ascii(name)) {
    if ((c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) & 0x80U) != 0)
      word += c;
    else
      end();
  }
  end();
  return out;
}

// All scalars below the node; the parser has bounded their number and depth.
void collect_scalars(const yaml::Node& node, std::set<std::string>& out) {
  if (node.is_scalar()) out.emplace(text::trim(node.text));
  for (const yaml::Node& item : node.items) collect_scalars(item, out);
  for (const yaml::Entry& entry : node.entries) collect_scalars(entry.value, out);
}

class Reader {
 public:
  Reader(const Card& card, const Prose& prose) : card_(card), prose_(prose), sections_(card.sections.size()) {
    for (std::uint32_t i = 0; i < prose.units.size(); ++i) {
      const Unit& unit = prose.units[i];
      if (unit.kind == UnitKind::field) break;  // they come last
      units_ = i + 1;
      if (unit.kind == UnitKind::heading || unit.placeholder || unit.section >= sections_.size()) continue;
      sections_[unit.section].add(prose, unit);
    }
    for (const Section& section : card.sections) titles_.push_back(name_words(section.title.of(card.text)));
  }

  std::uint32_t body_words() const {
    std::uint32_t words = 0;
    for (const Amount& one : sections_) words += one.words;
    return words;
  }

  void measure(const Disclosure& disclosure, DisclosureFacts& out) const {
    std::set<std::uint32_t> units;
    std::vector<Span> fields;
    for (const Evidence& evidence : disclosure.evidence) collect(evidence.span, units, fields);
    Amount quoted;
    std::uint32_t declared = 0;
    for (const Span field : fields) {
      std::vector<Word> words;
      read_words(field.of(card_.text), words);
      declared += static_cast<std::uint32_t>(words.size());
    }
    std::uint32_t around = declared;
    const std::vector<std::string> name = name_words(disclosure.id);
    std::set<std::uint32_t> sections;
    std::set<std::uint32_t> named_sections;
    for (const std::uint32_t index : units) {
      const Unit& unit = prose_.units[index];
      quoted.add(prose_, unit);
      if (unit.section == 0 || unit.section >= sections_.size()) {
        around += unit.size();
      } else if (sections.insert(unit.section).second) {
        around += sections_[unit.section].words;
        add_named(unit.section, name, named_sections);
      }
    }
    Amount named;
    for (const std::uint32_t section : named_sections) named.add(sections_[section]);
    out.words = quoted.words + declared;
    out.words_hash = quoted.hash;
    out.section_words = std::max(around, out.words);
    out.named_words = named.words;
    out.named_hash = named.hash;
    out.values_hash = hash_of_values(fields);
  }

 private:
  // The units of the body that the span touches, or the span itself where it stands in the front matter.
  void collect(Span span, std::set<std::uint32_t>& units, std::vector<Span>& fields) const {
    if (span.begin < card_.body.begin) {
      fields.push_back(span);
      return;
    }
    const auto begin = prose_.units.begin();
    auto at = std::lower_bound(begin, begin + units_, span.begin,
                               [](const Unit& unit, std::uint32_t from) { return unit.span.end <= from; });
    for (; at != begin + units_ && at->span.begin < span.end; ++at)
      units.insert(static_cast<std::uint32_t>(at - begin));
  }

  // The section, when a heading over it has a word of the name, and all below that heading.
  void add_named(std::uint32_t section, const std::vector<std::string>& name,
                 std::set<std::uint32_t>& out) const {
    for (std::uint32_t at = section; at != 0 && at < titles_.size(); at = card_.sections[at].parent) {
      if (names(at, name)) {
        out.insert(section);
        if (is_title(at)) return;
        out.insert(at);
        for (std::uint32_t i = at + 1; i < titles_.size() && card_.sections[i].parent >= at; ++i)
          out.insert(i);
        return;
      }
      if (card_.sections[at].parent >= at) return;
    }
  }

  bool names(std::uint32_t section, const std::vector<std::string>& name) const {
    return std::any_of(titles_[section].begin(), titles_[section].end(), [&name](const std::string& word) {
      return std::find(name.begin(), name.end(), word) != name.end();
    });
  }

  // A heading over the whole card tells nothing of what stands below it.
  bool is_title(std::uint32_t section) const {
    return card_.sections[section].parent == 0 && card_.sections[section].level == 1;
  }

  std::uint64_t hash_of_values(const std::vector<Span>& fields) const {
    std::set<std::string> values;
    for (const yaml::Entry& entry : card_.front_matter.root.entries) {
      const bool carries = std::any_of(fields.begin(), fields.end(), [&entry](Span field) {
        return entry.value.span.begin <= field.begin && field.begin < entry.value.span.end;
      });
      if (carries) collect_scalars(entry.value, values);
    }
    std::uint64_t hash = kFnvBasis;
    for (const std::string& value : values) {
      for (const char c : value) hash = hash_more(hash, c);
      hash = hash_more(hash, '\n');
    }
    return hash;
  }

  const Card& card_;
  const Prose& prose_;
  std::vector<Amount> sections_;  // by section: its own units, not those of sections below
  std::vector<std::vector<std::string>> titles_;
  std::uint32_t units_ = 0;  // of the body
};

// What stands under a key, also where each configuration of a data set has its own.
std::vector<std::string> values(const Card& card, std::string_view key) {
  std::set<std::string> scalars;
  if (const yaml::Node* node = field(card, key)) collect_scalars(*node, scalars);
  std::vector<std::string> out;
  for (const std::string& value : scalars) {
    if (out.size() >= kMaxFactsValues) break;
    if (!value.empty() && value.size() <= kMaxFactsValueBytes) out.push_back(value);
  }
  return out;
}

std::vector<SecretFacts> secrets_of(const Card& card) {
  std::vector<SecretFacts> out;
  for (const Secret& secret : find_secrets(card.text)) {
    if (out.size() >= kMaxFactsSecrets) break;
    std::string bytes;
    for (const char c : secret.span.of(card.text)) {
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') bytes.push_back(c);
    }
    out.push_back({named_secret(card.text, secret), shown_secret(card.text, secret),
                   card.position(secret.span.begin).line, sha256_hex(bytes)});
  }
  return out;
}

}  // namespace

const DisclosureFacts* CardFacts::find(std::string_view id) const {
  const auto at =
      std::lower_bound(disclosures.begin(), disclosures.end(), id,
                       [](const DisclosureFacts& one, std::string_view wanted) { return one.id < wanted; });
  return at != disclosures.end() && at->id == id ? &*at : nullptr;
}

bool CardFacts::discloses(std::string_view id) const {
  const DisclosureFacts* found = find(id);
  return found != nullptr && found->status == Status::disclosed;
}

CardFacts card_facts(const Card& card, const Prose& prose, const Disclosures& disclosures,
                     const QuoteText& quote) {
  CardFacts out;
  const Reader reader(card, prose);
  out.kind = card.kind;
  out.truncated = card.truncated;
  out.front_matter = card.front_matter.present;
  out.words = reader.body_words();
  out.licenses = values(card, "license");
  if (out.licenses.empty()) out.licenses = values(card, "licenses");
  out.base_models = values(card, "base_model");
  out.datasets = values(card, card.kind == Kind::dataset ? "source_datasets" : "datasets");
  if (card.kind == Kind::dataset)  // "original" says that there is no other data set behind this one
    out.datasets.erase(std::remove(out.datasets.begin(), out.datasets.end(), "original"), out.datasets.end());
  for (const Disclosure& one : disclosures) {
    DisclosureFacts facts;
    facts.id = one.id;
    facts.status = one.status;
    if (!one.evidence.empty()) {
      facts.line = card.position(one.evidence.front().span.begin).line;
      facts.quote = text::excerpt(quote(one.evidence.front().span), kFactsQuoteChars);
    }
    if (one.status == Status::disclosed) reader.measure(one, facts);
    out.disclosures.push_back(std::move(facts));
  }
  out.secrets = secrets_of(card);
  return out;
}

std::string pack_facts(const CardFacts& facts) {
  Packer out;
  out.value(kFormat);
  out.value(static_cast<std::uint8_t>(facts.kind));
  out.value(static_cast<std::uint8_t>((facts.truncated ? 1U : 0U) | (facts.front_matter ? 2U : 0U)));
  out.value(facts.words);
  out.texts(facts.licenses);
  out.texts(facts.base_models);
  out.texts(facts.datasets);
  out.value(static_cast<std::uint32_t>(facts.disclosures.size()));
  for (const DisclosureFacts& one : facts.disclosures) {
    out.text(one.id);
    out.value(static_cast<std::uint8_t>(one.status));
    for (const std::uint32_t number : {one.line, one.words, one.section_words, one.named_words})
      out.value(number);
    for (const std::uint64_t hash : {one.words_hash, one.named_hash, one.values_hash}) out.value(hash);
    out.text(one.quote);
  }
  out.value(static_cast<std::uint32_t>(facts.secrets.size()));
  for (const SecretFacts& one : facts.secrets) {
    out.value(one.line);
    for (const std::string* text : {&one.named, &one.shown, &one.digest}) out.text(*text);
  }
  return out.take();
}

Result<CardFacts> unpack_facts(std::string_view bytes) {
  Unpacker in(bytes);
  CardFacts out;
  std::uint32_t format = 0;
  std::uint8_t kind = 0;
  std::uint8_t flags = 0;
  std::uint32_t count = 0;
  in.value(format);
  in.value(kind);
  in.value(flags);
  in.value(out.words);
  in.texts(out.licenses);
  in.texts(out.base_models);
  in.texts(out.datasets);
  in.value(count);
  const Error damaged(ErrorCode::format, "These are no packed facts of a card.");
  if (in.bad() || format != kFormat || kind > static_cast<std::uint8_t>(Kind::space) ||
      count > kMaxDisclosures) {
    return damaged;
  }
  out.kind = static_cast<Kind>(kind);
  out.truncated = (flags & 1U) != 0;
  out.front_matter = (flags & 2U) != 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    DisclosureFacts one;
    std::uint8_t status = 0;
    one.id = in.text();
    in.value(status);
    for (std::uint32_t* number : {&one.line, &one.words, &one.section_words, &one.named_words})
      in.value(*number);
    for (std::uint64_t* hash : {&one.words_hash, &one.named_hash, &one.values_hash}) in.value(*hash);
    one.quote = in.text();
    if (in.bad() || status > static_cast<std::uint8_t>(Status::absent)) return damaged;
    one.status = static_cast<Status>(status);
    out.disclosures.push_back(std::move(one));
  }
  in.value(count);
  if (in.bad() || count > kMaxFactsSecrets) return damaged;
  for (std::uint32_t i = 0; i < count; ++i) {
    SecretFacts one;
    in.value(one.line);
    for (std::string* text : {&one.named, &one.shown, &one.digest}) *text = in.text();
    if (in.bad()) return damaged;
    out.secrets.push_back(std::move(one));
  }
  return out;
}

}  // namespace cardwarden
