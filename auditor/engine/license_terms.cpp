// SPDX-License-Identifier: Apache-2.0
#include "engine/license_terms.h"

#include <algorithm>

#include "base/text.h"

namespace cardwarden {
namespace {

struct Family {
  std::string_view prefix;  // of the id in small letters
  unsigned terms;
};

constexpr unsigned kWeak = kKeepNotice | kShareFiles;
constexpr unsigned kStrong = kWeak | kShareWork;
constexpr unsigned kCommunity = kKeepNotice | kUseLimits | kScaleLimits;

// The first prefix that fits counts, so longer ones stand before shorter ones. By the ids of the Hub's list
// (rules/hub/licenses.txt) and the texts that they stand for.
constexpr Family kFamilies[] = {
    {"cc0", 0},
    {"unlicense", 0},
    {"wtfpl", 0},
    {"pddl", 0},
    {"agpl", kStrong | kShareService},
    {"osl-3.0", kStrong | kShareService},
    {"eupl", kStrong | kShareService},
    {"lgpl-lr", kWeak},
    {"lgpl", kWeak},
    {"gpl", kStrong},
    {"gfdl", kStrong},
    {"mpl", kWeak},
    {"epl", kWeak},
    {"odbl", kStrong},
    {"cdla-sharing", kStrong},
    {"openrail", kKeepNotice | kUseLimits},
    {"bigscience-", kKeepNotice | kUseLimits},
    {"creativeml-openrail", kKeepNotice | kUseLimits},
    {"bigcode-openrail", kKeepNotice | kUseLimits},
    {"gemma", kKeepNotice | kUseLimits},
    {"llama", kCommunity},
    {"grok2-community", kCommunity},
    {"fair-noncommercial-research", kKeepNotice | kUseLimits | kNonCommercial | kResearchOnly},
    {"deepfloyd-if", kKeepNotice | kUseLimits | kNonCommercial | kResearchOnly},
    {"apple-amlr", kKeepNotice | kNonCommercial | kResearchOnly},
    {"intel-research", kKeepNotice | kNonCommercial | kResearchOnly},
    {"h-research", kKeepNotice | kNonCommercial | kResearchOnly},
    {"c-uda", kKeepNotice | kUseLimits},
    {"apache-2.0", kKeepNotice},
    {"apple-ascl", kKeepNotice},
    {"mit", kKeepNotice},
    {"bsd", kKeepNotice},
    {"isc", kKeepNotice},
    {"ncsa", kKeepNotice},
    {"zlib", kKeepNotice},
    {"postgresql", kKeepNotice},
    {"bsl-1.0", kKeepNotice},
    {"afl-3.0", kKeepNotice},
    {"artistic-2.0", kKeepNotice},
    {"ecl-2.0", kKeepNotice},
    {"etalab-2.0", kKeepNotice},
    {"cdla-permissive", kKeepNotice},
    {"odc-by", kKeepNotice},
    {"openmdw", kKeepNotice},
    {"ms-pl", kWeak},
    {"ofl-1.1", kWeak},
    {"lppl", kKeepNotice},
};

// cc-by-nc-sa-4.0: each part of the name is a condition.
std::optional<unsigned> creative_commons(std::string_view id) {
  if (id.substr(0, 6) != "cc-by-" && id != "cc-by") return std::nullopt;
  unsigned terms = kKeepNotice;
  for (const std::string_view part : text::split(id, '-')) {
    if (part == "nc") terms |= kNonCommercial;
    if (part == "nd") terms |= kNoDerivatives;
    if (part == "sa") terms |= kShareFiles | kShareWork;
  }
  return terms;
}

std::optional<unsigned> of_choice(const std::vector<std::string>& ids) {
  if (ids.empty()) return std::nullopt;
  unsigned all = ~0U;
  for (const std::string& id : ids) {
    const auto terms = license_terms(id);
    if (!terms) return std::nullopt;
    all &= *terms;
  }
  return all;
}

std::vector<std::string> folded(const std::vector<std::string>& ids) {
  std::vector<std::string> out;
  out.reserve(ids.size());
  for (const std::string& id : ids) out.push_back(text::lower_ascii(id));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

std::optional<LicenseTerms> license_terms(std::string_view id) {
  const std::string small = text::lower_ascii(text::trim(id));
  if (const auto terms = creative_commons(small)) return static_cast<LicenseTerms>(*terms);
  for (const Family& family : kFamilies) {
    if (std::string_view(small).substr(0, family.prefix.size()) == family.prefix)
      return static_cast<LicenseTerms>(family.terms);
  }
  return std::nullopt;
}

std::string_view to_string(LicenseMove move) {
  static constexpr std::string_view kNames[] = {"same",     "declared",  "removed",
                                                "loosened", "tightened", "changed"};
  return kNames[static_cast<std::size_t>(move)];
}

LicenseMove compare_licenses(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  if (folded(before) == folded(after)) return LicenseMove::same;
  if (before.empty()) return LicenseMove::declared;
  if (after.empty()) return LicenseMove::removed;
  const auto old_terms = of_choice(before);
  const auto new_terms = of_choice(after);
  if (!old_terms || !new_terms || *old_terms == *new_terms) return LicenseMove::changed;
  if ((*old_terms & *new_terms) == *new_terms) return LicenseMove::loosened;
  if ((*old_terms & *new_terms) == *old_terms) return LicenseMove::tightened;
  return LicenseMove::changed;
}

std::string dropped_terms(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  static constexpr std::pair<unsigned, const char*> kWords[] = {
      {kNonCommercial, "no commercial use"},
      {kResearchOnly, "research only"},
      {kNoDerivatives, "no changed versions"},
      {kUseLimits, "limits of use"},
      {kScaleLimits, "other terms for large companies"},
      {kShareService, "sharing of services"},
      {kShareWork, "sharing of works made with it"},
      {kShareFiles, "sharing of changes"},
      {kKeepNotice, "naming the author"},
  };
  const unsigned gone = of_choice(before).value_or(0) & ~of_choice(after).value_or(~0U);
  std::vector<std::string> out;
  for (const auto& [term, words] : kWords) {
    if ((gone & term) != 0) out.emplace_back(words);
  }
  return text::join(out, ", ");
}

}  // namespace cardwarden
