// SPDX-License-Identifier: Apache-2.0
#include "repository/license_text.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

using namespace cardwarden;

namespace {

// Words around the passages, as a licence has them. No licence is copied here.
std::string around(const std::string& passages) {
  std::string filler;
  for (int i = 0; i < 60; ++i) filler += "Lorem ipsum dolor sit amet, consectetur. ";
  return filler + "\n\n" + passages + "\n\n" + filler;
}

std::string ids(std::string_view text) {
  std::string out;
  for (const LicenseMatch& match : read_license(text).matches) {
    if (!out.empty()) out += " ";
    out += std::string(match.id) + (match.strength == LicenseStrength::named ? "?" : "");
  }
  return out;
}

std::string mark_text(const license_marks::Mark& mark) {
  std::string out;
  for (const std::string_view passage : mark.all) out += std::string(passage) + ".\n";
  return out;
}

}  // namespace

TEST_CASE("license: each row of the table is found by its own passages, in any case and line breaks") {
  for (const license_marks::Mark& mark : license_marks::table()) {
    INFO(mark.id);
    std::string text = mark_text(mark);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
    std::replace(text.begin(), text.end(), ' ', '\n');
    const auto reading = read_license(around(text));
    const auto found =
        std::find_if(reading.matches.begin(), reading.matches.end(), [&](const LicenseMatch& match) {
          return match.id == mark.id && match.strength == LicenseStrength::text;
        });
    CHECK(found != reading.matches.end());
  }
}

TEST_CASE("license: passages of the table are folded, and its ids stand in the Hub's list where it says so") {
  std::ifstream in(std::string(CARDWARDEN_SOURCE_DIR) + "/rules/hub/licenses.txt");
  REQUIRE(in.good());
  std::set<std::string> hub;
  for (std::string line; std::getline(in, line);) hub.insert(line);
  REQUIRE(hub.count("apache-2.0") == 1);
  for (const license_marks::Mark& mark : license_marks::table()) {
    INFO(mark.id);
    CHECK((hub.count(std::string(mark.id)) == 1) == mark.hub_id);
    std::vector<std::string_view> passages = mark.all;
    passages.insert(passages.end(), mark.none.begin(), mark.none.end());
    passages.insert(passages.end(), mark.named.begin(), mark.named.end());
    for (const std::string_view passage : passages) {
      INFO(passage);
      CHECK(passage.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+ ") == std::string_view::npos);
      CHECK(passage.find("  ") == std::string_view::npos);
      CHECK(passage.front() != ' ');
      CHECK(passage.back() != ' ');
    }
  }
}

TEST_CASE("license: a text is told from a mention") {
  CHECK(ids("This model is released under the MIT License.") == "mit?");
  CHECK(ids("SPDX: see http://www.apache.org/licenses/LICENSE-2.0") == "apache-2.0?");
  CHECK(ids("https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode") == "cc-by-nc-sa-4.0?");
  CHECK(ids("Released under CC BY-NC 4.0.") == "cc-by-nc-4.0?");
  CHECK(ids("Gemma Terms of Use apply.") == "gemma?");
  CHECK(ids("Use it as you like.").empty());
  CHECK(ids("").empty());
}

TEST_CASE("license: members of a family are told apart") {
  const std::string redistribution =
      "Redistribution and use in source and binary forms, with or without. Redistributions in binary form "
      "must "
      "reproduce the above copyright notice. ";
  CHECK(ids(redistribution) == "bsd-2-clause");
  CHECK(ids(redistribution + "may be used to endorse or promote products derived from this software") ==
        "bsd-3-clause");
  CHECK(ids(redistribution +
            "All advertising materials mentioning features. endorse or promote products derived "
            "from this software") == "bsd-4-clause");
  CHECK(ids(around("LLAMA 3.1 COMMUNITY LICENSE AGREEMENT ... 2. Additional Commercial Terms.")) ==
        "llama3.1");
  CHECK(ids(around("META LLAMA 3 COMMUNITY LICENSE AGREEMENT ... 2. Additional Commercial Terms.")) ==
        "llama3");
  CHECK(ids(around("GNU LESSER GENERAL PUBLIC LICENSE\n Version 2.1, February 1999")) == "lgpl-2.1");
  CHECK(
      ids(around(
          "GNU GENERAL PUBLIC LICENSE\n   Version 3, 29 June 2007 ... GNU Lesser General Public License")) ==
      "gpl-3.0");
  CHECK(ids(around("CreativeML Open RAIL++-M License ... Attachment A Use Restrictions")) == "openrail++");
  CHECK(ids(around("CreativeML Open RAIL-M ... Use Restrictions")) == "creativeml-openrail-m");
  CHECK(ids(around("Qwen RESEARCH LICENSE AGREEMENT")) == "qwen-research");
  CHECK(ids(around("Tongyi Qianwen LICENSE AGREEMENT")) == "tongyi-qianwen");
  CHECK(
      ids("Attribution-ShareAlike 4.0 International. By exercising the Licensed Rights. Creative Commons") ==
      "cc-by-sa-4.0");
  CHECK(ids("Creative Commons Legal Code. Attribution-NonCommercial-NoDerivs 3.0 Unported. CREATIVE COMMONS "
            "PUBLIC "
            "LICENSE") == "cc-by-nc-nd-3.0");
}

TEST_CASE("license: a text with several licences gives them all, in its order") {
  const std::string mit =
      "Permission is hereby granted, free of charge, to any person obtaining a copy of this software. This "
      "permission notice shall be included in all copies. The software is provided \"as is\", without "
      "warranty of "
      "any kind. ";
  const std::string apache =
      "Apache License Version 2.0, January 2004. Terms and conditions for use, reproduction, and "
      "distribution. "
      "Grant of Patent License. ";
  CHECK(ids(mit + apache) == "mit apache-2.0");
  CHECK(ids(apache + mit) == "apache-2.0 mit");
}

TEST_CASE("license: words that restrict a permissive licence are pointed at") {
  const std::string apache =
      "Apache License Version 2.0, January 2004. Terms and conditions for use, reproduction, and "
      "distribution. "
      "Grant of Patent License. ";
  CHECK(read_license(apache).added_terms.empty());
  const std::string changed = apache + "Non-Commercial use only.";
  const auto reading = read_license(changed);
  REQUIRE(reading.added_terms.size() == 1);
  CHECK(reading.added_terms[0].of(changed) == "Non-Commercial");
  CHECK(read_license(
            around("LLAMA 2 COMMUNITY LICENSE AGREEMENT Additional Commercial Terms monthly active users"))
            .added_terms.empty());
}

TEST_CASE("license: the words that show a licence are quoted from the text") {
  const std::string text = "## Licence\n\nThe *MIT   License* holds.";
  const auto reading = read_license(text);
  REQUIRE(reading.matches.size() == 1);
  CHECK(reading.matches[0].words.of(text) == "MIT   License");
}
