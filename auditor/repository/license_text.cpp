// SPDX-License-Identifier: Apache-2.0
#include "repository/license_text.h"

#include <algorithm>

namespace cardwarden {
namespace {

// The text as words with one blank between them and at both ends, and where each byte stood.
struct Folded {
  std::string text = " ";
  std::vector<std::uint32_t> from = {0};

  explicit Folded(std::string_view raw) {
    text.reserve(raw.size() + 2);
    from.reserve(raw.size() + 2);
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const char c = raw[i];
      const bool upper = c >= 'A' && c <= 'Z';
      const bool word =
          upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || (c & 0x80) != 0;
      if (!word && text.back() == ' ') continue;
      text.push_back(!word ? ' ' : upper ? static_cast<char>(c + 32) : c);
      from.push_back(static_cast<std::uint32_t>(i));
    }
    if (text.back() != ' ') {
      text.push_back(' ');
      from.push_back(static_cast<std::uint32_t>(raw.size()));
    }
  }

  // The passage as whole words; an empty span when it is not there.
  Span find(std::string_view passage) const {
    for (std::size_t at = text.find(passage); at != std::string::npos; at = text.find(passage, at + 1)) {
      if (at > 0 && text[at - 1] == ' ' && text[at + passage.size()] == ' ') {
        return {from[at], from[at + passage.size() - 1] + 1};
      }
    }
    return {};
  }
  bool holds(std::string_view passage) const { return !find(passage).empty(); }
};

// A title alone is a licence's text only where much more text stands around it.
constexpr std::size_t kMinTitledBytes = 1500;

bool match_text(const Folded& folded, const license_marks::Mark& mark, Span& words) {
  if (mark.all.size() == 1 && folded.text.size() < kMinTitledBytes) return false;
  for (const std::string_view passage : mark.none) {
    if (folded.holds(passage)) return false;
  }
  for (const std::string_view passage : mark.all) {
    const Span found = folded.find(passage);
    if (found.empty()) return false;
    if (words.empty()) words = found;
  }
  return !mark.all.empty();
}

void add(LicenseReading& out, LicenseMatch match) {
  const bool known = std::any_of(out.matches.begin(), out.matches.end(),
                                 [&match](const LicenseMatch& one) { return one.id == match.id; });
  if (!known) out.matches.push_back(match);
}

struct CreativeCommons {
  std::string_view id;
  std::string_view name;
  std::string_view title;  // before the version
  std::string_view link;   // in creativecommons.org/licenses/<link>/<version>
  std::string_view version;
  bool hub_id;
  bool restricts;
};

// The Hub's ids; versions it has no id for keep the same form.
constexpr CreativeCommons kCreativeCommons[] = {
    {"cc-by-4.0", "CC BY 4.0", "attribution", "by", "4 0", true, false},
    {"cc-by-sa-4.0", "CC BY-SA 4.0", "attribution sharealike", "by sa", "4 0", true, false},
    {"cc-by-nc-4.0", "CC BY-NC 4.0", "attribution noncommercial", "by nc", "4 0", true, true},
    {"cc-by-nc-sa-4.0", "CC BY-NC-SA 4.0", "attribution noncommercial sharealike", "by nc sa", "4 0", true,
     true},
    {"cc-by-nd-4.0", "CC BY-ND 4.0", "attribution noderivatives", "by nd", "4 0", true, false},
    {"cc-by-nc-nd-4.0", "CC BY-NC-ND 4.0", "attribution noncommercial noderivatives", "by nc nd", "4 0", true,
     true},
    {"cc-by-3.0", "CC BY 3.0", "attribution", "by", "3 0", true, false},
    {"cc-by-sa-3.0", "CC BY-SA 3.0", "attribution sharealike", "by sa", "3 0", true, false},
    {"cc-by-nc-3.0", "CC BY-NC 3.0", "attribution noncommercial", "by nc", "3 0", true, true},
    {"cc-by-nc-sa-3.0", "CC BY-NC-SA 3.0", "attribution noncommercial sharealike", "by nc sa", "3 0", true,
     true},
    {"cc-by-nd-3.0", "CC BY-ND 3.0", "attribution noderivs", "by nd", "3 0", false, false},
    {"cc-by-nc-nd-3.0", "CC BY-NC-ND 3.0", "attribution noncommercial noderivs", "by nc nd", "3 0", true,
     true},
    {"cc-by-2.0", "CC BY 2.0", "attribution", "by", "2 0", true, false},
    {"cc-by-2.5", "CC BY 2.5", "attribution", "by", "2 5", true, false},
    {"cc-by-nc-2.0", "CC BY-NC 2.0", "attribution noncommercial", "by nc", "2 0", true, true},
    {"cc-by-nc-sa-2.0", "CC BY-NC-SA 2.0", "attribution noncommercial sharealike", "by nc sa", "2 0", true,
     true},
};

// The numbered sections of the legal code; a deed, which only describes it, has neither passage.
bool is_legal_code(const Folded& folded) {
  return folded.holds("by exercising the licensed rights") || folded.holds("creative commons public license");
}

void read_creative_commons(const Folded& folded, LicenseReading& texts, LicenseReading& names,
                           bool& restricts) {
  if (!folded.holds("creative commons") && !folded.holds("creativecommons org") && !folded.holds("cc by") &&
      folded.text.find(" cc by ") == std::string::npos) {
    return;
  }
  const bool code = is_legal_code(folded);
  for (const CreativeCommons& one : kCreativeCommons) {
    const auto with = [&one](std::string_view before) {
      return std::string(before) + " " + std::string(one.version);
    };
    const Span title = folded.find(with(one.title));
    const LicenseMatch match{one.id, one.name, one.hub_id, LicenseStrength::text, title};
    if (code && !title.empty()) {
      add(texts, match);
      restricts = restricts || one.restricts;
      continue;
    }
    Span named = title;
    if (named.empty()) named = folded.find(with("creativecommons org licenses " + std::string(one.link)));
    if (named.empty()) named = folded.find(with("cc " + std::string(one.link)));
    if (named.empty()) continue;
    add(names, {one.id, one.name, one.hub_id, LicenseStrength::named, named});
  }
}

}  // namespace

LicenseReading read_license(std::string_view text) {
  const Folded folded(text.substr(0, kMaxLicenseBytes));
  LicenseReading texts;
  LicenseReading names;
  bool restricts = false;
  for (const license_marks::Mark& mark : license_marks::table()) {
    Span words;
    if (match_text(folded, mark, words)) {
      add(texts, {mark.id, mark.name, mark.hub_id, LicenseStrength::text, words});
      restricts = restricts || mark.restricts;
      continue;
    }
    std::vector<std::string_view> named = mark.named;
    if (mark.all.size() == 1) named.push_back(mark.all[0]);
    for (const std::string_view name : named) {
      const Span found = folded.find(name);
      if (found.empty()) continue;
      add(names, {mark.id, mark.name, mark.hub_id, LicenseStrength::named, found});
      break;
    }
  }
  read_creative_commons(folded, texts, names, restricts);

  LicenseReading out;
  const auto by_place = [](const LicenseMatch& a, const LicenseMatch& b) {
    return a.words.begin < b.words.begin;
  };
  std::stable_sort(texts.matches.begin(), texts.matches.end(), by_place);
  std::stable_sort(names.matches.begin(), names.matches.end(), by_place);
  out.matches = std::move(texts.matches);
  const bool has_text = !out.matches.empty();
  // The text of one licence names others (the GPL speaks of the LGPL): names count only where no text stands.
  if (!has_text) out.matches = std::move(names.matches);
  if (restricts || !has_text) return out;
  for (const std::string_view term : license_marks::added_terms()) {
    const Span found = folded.find(term);
    if (!found.empty()) out.added_terms.push_back(found);
  }
  return out;
}

}  // namespace cardwarden
