// SPDX-License-Identifier: Apache-2.0
// What holds for every card. The cards are made from fixed seeds (support/generator.h), so a failure repeats.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "base/json.h"
#include "card/parse.h"
#include "support/auditor.h"
#include "support/generator.h"
#include "support/invariants.h"

namespace {

using namespace cardwarden;
using namespace cardwarden::testing;

Auditor& auditor() {
  static Auditor one;
  return one;
}

std::string broken_answer(const Auditor::Answer& answer, const Prose& prose) {
  std::string broken = broken_card(*answer.card);
  if (broken.empty()) broken = broken_prose(*answer.card, prose);
  if (broken.empty()) broken = broken_disclosures(*answer.card, answer.disclosures);
  for (const JudgedFinding& judged : answer.report.findings) {
    if (broken.empty()) broken = broken_finding(*answer.card, judged.finding);
    if (broken.empty() && judged.fingerprint.size() != 32) broken = "a fingerprint has not 32 digits";
  }
  return broken;
}

std::string broken(const std::string& bytes) {
  const Auditor::Answer answer = auditor().audit(bytes);
  return broken_answer(answer, auditor().prose());
}

std::set<std::string> fingerprints(const Auditor::Answer& answer) {
  std::set<std::string> out;
  for (const JudgedFinding& judged : answer.report.findings)
    out.insert(std::string(judged.finding.rule) + " " + judged.fingerprint);
  return out;
}

std::vector<std::string> seed_files() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(CARDWARDEN_SOURCE_DIR "/tests/fuzz/corpus")) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> out;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    out.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  REQUIRE(out.size() >= 45);
  return out;
}

nlohmann::json make_value(Chance& chance, int depth) {
  static const char* const kTexts[] = {
      "", "a", "tide\n", "\"quoted\"", "\\", "训练", "\xF0\x9F\xA6\x99", "\x01\x1F\x7F", "\xE2\x80\xA8", "é"};
  switch (chance.below(depth > 4 ? 5 : 7)) {
    case 0:
      return nullptr;
    case 1:
      return chance.one_in(2);
    case 2:
      return static_cast<std::int64_t>(chance.below(2'000'000'000)) - 1'000'000'000;
    case 3:
      return static_cast<double>(chance.below(1'000'000)) / static_cast<double>(1 + chance.below(1000)) *
             (chance.one_in(2) ? 1e-12 : 1e9);
    case 4:
      return chance.of(kTexts);
    case 5: {
      auto out = nlohmann::json::array();
      for (std::size_t i = chance.below(5); i > 0; --i) out.push_back(make_value(chance, depth + 1));
      return out;
    }
    default: {
      auto out = nlohmann::json::object();
      for (std::size_t i = chance.below(5); i > 0; --i)
        out[std::string(chance.of(kTexts)) + std::to_string(chance.below(9))] = make_value(chance, depth + 1);
      return out;
    }
  }
}

}  // namespace

TEST_CASE("spans of a card lie in its text, whatever was written") {
  Chance chance(1);
  for (int i = 0; i < 400; ++i) {
    const std::string text = make_card(chance).text();
    INFO("card " << i << ":\n" << text);
    REQUIRE(broken(text).empty());
  }
}

TEST_CASE("noise and damaged cards give a card with its invariants") {
  Chance chance(2);
  for (int i = 0; i < 1500; ++i) {
    const std::string text = chance.one_in(2) ? make_noise(chance, 1 + chance.below(40))
                                              : damage(chance, make_card(chance).text());
    INFO("card " << i << ":\n" << text);
    REQUIRE(broken(text) == "");
  }
}

TEST_CASE("any bytes give a card, and so does any beginning of any seed") {
  Chance chance(3);
  for (int i = 0; i < 300; ++i) {
    std::string bytes(chance.below(400), '\0');
    for (char& byte : bytes) byte = static_cast<char>(chance.below(256));
    INFO("bytes " << i);
    REQUIRE(broken(bytes) == "");
  }
  for (const std::string& seed : seed_files()) {
    for (std::size_t size = 0; size < seed.size(); size += 1 + seed.size() / 40) {
      const Card card = parse_card("README.md", std::string_view(seed).substr(0, size));
      INFO(seed.substr(0, size));
      REQUIRE(broken_card(card) == "");
    }
  }
}

TEST_CASE("reading canonical JSON and writing it again changes nothing") {
  Chance chance(4);
  for (int i = 0; i < 2000; ++i) {
    const nlohmann::json value = make_value(chance, 0);
    const std::string text = canonical_json(value);
    INFO(text);
    const nlohmann::json again = nlohmann::json::parse(text, nullptr, false);
    REQUIRE_FALSE(again.is_discarded());
    REQUIRE(canonical_json(again) == text);
  }
}

TEST_CASE("a neutral paragraph takes no disclosure away, wherever it stands") {
  Chance chance(5);
  for (int i = 0; i < 200; ++i) {
    MadeCard made = make_card(chance);
    const Auditor::Answer before = auditor().audit(made.text(), "README.md", Kind::model);
    const std::string paragraph = neutral_paragraph(chance);
    if (chance.one_in(2)) {
      made.sections.push_back(paragraph);
    } else {
      made.sections[chance.below(made.sections.size())] += paragraph;
    }
    const Auditor::Answer after = auditor().audit(made.text(), "README.md", Kind::model);
    INFO(made.text());
    for (const Disclosure& one : before.disclosures) {
      INFO(one.id);
      if (one.status == Status::disclosed) REQUIRE(is_disclosed(after.disclosures, one.id));
    }
  }
}

TEST_CASE("the order of the sections changes no disclosure") {
  Chance chance(6);
  for (int i = 0; i < 200; ++i) {
    MadeCard made = make_card(chance);
    const Kind kind = chance.one_in(2) ? Kind::model : Kind::dataset;
    const auto before = statuses(auditor().audit(made.text(), "README.md", kind).disclosures);
    std::rotate(
        made.sections.begin(),
        made.sections.begin() + 1 + static_cast<std::ptrdiff_t>(chance.below(made.sections.size() - 1)),
        made.sections.end());
    INFO(made.text());
    REQUIRE(statuses(auditor().audit(made.text(), "README.md", kind).disclosures) == before);
  }
}

TEST_CASE("a card is audited the same whatever was audited before it") {
  Chance chance(7);
  std::vector<std::string> texts;
  texts.reserve(40);
  for (int i = 0; i < 40; ++i)
    texts.push_back(chance.one_in(3) ? make_noise(chance, 30) : make_card(chance).text());
  std::vector<std::set<std::string>> first;
  first.reserve(texts.size());
  for (const std::string& text : texts) first.push_back(fingerprints(auditor().audit(text)));
  for (std::size_t i = texts.size(); i-- > 0;) REQUIRE(fingerprints(auditor().audit(texts[i])) == first[i]);
  Auditor fresh;
  for (std::size_t i = 0; i < texts.size(); i += 7) REQUIRE(fingerprints(fresh.audit(texts[i])) == first[i]);
}

TEST_CASE("a fingerprint survives lines that are inserted and headings that are renamed") {
  Chance chance(8);
  for (int i = 0; i < 100; ++i) {
    MadeCard made = make_card(chance);
    made.front_matter += "licence: mit\nlangauge: en\n";  // findings that stand somewhere
    made.sections.insert(made.sections.begin(),
                         "## Seaside\n\nThe token is hf_" + std::string(34, 'b') + " and stays.\n\n");
    const auto before = fingerprints(auditor().audit(made.text(), "README.md", Kind::model));
    REQUIRE(before.size() > 2);
    made.opening += neutral_paragraph(chance);
    made.sections[0].replace(0, std::string("## Seaside").size(), "## By the water\n\n");
    made.front_matter = "# a comment\n\n" + made.front_matter;
    INFO(made.text());
    REQUIRE(fingerprints(auditor().audit(made.text(), "README.md", Kind::model)) == before);
  }
}

TEST_CASE("line ends and a byte-order mark change no disclosure") {
  Chance chance(9);
  for (int i = 0; i < 60; ++i) {
    const std::string text = make_card(chance).text();
    std::string windows = "\xEF\xBB\xBF";
    for (const char c : text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
    INFO(text);
    REQUIRE(statuses(auditor().audit(windows).disclosures) == statuses(auditor().audit(text).disclosures));
  }
}
