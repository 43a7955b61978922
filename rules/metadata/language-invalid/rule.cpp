// SPDX-License-Identifier: Apache-2.0
#include "engine/rule.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "engine/hub.h"
#include "engine/metadata.h"

namespace cardwarden::rules {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Names, country codes and withdrawn codes that are written for a language, with the code that is meant.
constexpr std::array<Pair, 64> kMeant = {{
    {"arabic", "ar"},
    {"bengali", "bn"},
    {"bulgarian", "bg"},
    {"c", "code"},
    {"c#", "code"},
    {"c++", "code"},
    {"catalan", "ca"},
    {"chinese", "zh"},
    {"cn", "zh"},
    {"croatian", "hr"},
    {"cz", "cs"},
    {"czech", "cs"},
    {"danish", "da"},
    {"dk", "da"},
    {"dutch", "nl"},
    {"english", "en"},
    {"estonian", "et"},
    {"finnish", "fi"},
    {"french", "fr"},
    {"german", "de"},
    {"gr", "el"},
    {"greek", "el"},
    {"hebrew", "he"},
    {"hindi", "hi"},
    {"hungarian", "hu"},
    {"in", "id"},
    {"indonesian", "id"},
    {"italian", "it"},
    {"iw", "he"},
    {"japanese", "ja"},
    {"java", "code"},
    {"javascript", "code"},
    {"ji", "yi"},
    {"jp", "ja"},
    {"jw", "jv"},
    {"korean", "ko"},
    {"mandarin", "zh"},
    {"mo", "ro"},
    {"norwegian", "nb"},
    {"persian", "fa"},
    {"polish", "pl"},
    {"portuguese", "pt"},
    {"programming", "code"},
    {"python", "code"},
    {"romanian", "ro"},
    {"russian", "ru"},
    {"rust", "code"},
    {"serbian", "sr"},
    {"slovak", "sk"},
    {"spanish", "es"},
    {"sql", "code"},
    {"swahili", "sw"},
    {"swedish", "sv"},
    {"tamil", "ta"},
    {"telugu", "te"},
    {"thai", "th"},
    {"turkish", "tr"},
    {"typescript", "code"},
    {"ua", "uk"},
    {"ukrainian", "uk"},
    {"urdu", "ur"},
    {"vietnamese", "vi"},
    {"vn", "vi"},
    {"kr", "ko"},
}};

bool is_language(std::string_view code) { return hub::contains(hub::List::languages, code); }

}  // namespace

std::vector<Finding> metadata_language_invalid(const Subject& subject) {
  if (subject.card.kind == Kind::space) return {};
  std::vector<Finding> out;
  for (const metadata::Value& value : metadata::select(subject.card, "language[]")) {
    if (metadata::full(out)) break;
    if (!value.is_text() || is_language(value.text())) continue;
    const std::string code = text::lower(text::trim(value.text()));
    const std::string_view first = std::string_view(code).substr(0, code.find_first_of("-_"));
    const auto* known =
        std::find_if(kMeant.begin(), kMeant.end(), [&](const Pair& pair) { return pair.first == code; });
    std::string message = metadata::quoted(value.text()) +
                          " is not an ISO 639-1, -2 or -3 language code, \"code\" or \"multilingual\".";
    std::string remedy = "Write the ISO 639 code of the language, for example en, zh or yue.";
    if (is_language(code)) {
      remedy = "Write " + code + ", in lower case.";
    } else if (known != kMeant.end()) {
      remedy = "Write " + std::string(known->second) + ".";
    } else if (first.size() < code.size() && is_language(first)) {
      message = metadata::quoted(value.text()) +
                " is a language with a region, script or variant, not a plain ISO 639 code.";
      remedy = "Write " + std::string(first) + " here, and keep the full tag in language_bcp47.";
    }
    out.push_back(violated(value.span, std::move(message), std::move(remedy), value.path));
  }
  return out;
}

}  // namespace cardwarden::rules
