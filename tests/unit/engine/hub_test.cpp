// SPDX-License-Identifier: Apache-2.0
#include "engine/hub.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace cardwarden;
using hub::List;

constexpr List kLists[] = {List::licenses,        List::tasks,      List::task_ids, List::libraries,
                           List::size_categories, List::space_sdks, List::languages};

TEST_CASE("hub: every list is sorted, without duplicates, and knows its own entries") {
  for (const List list : kLists) {
    const auto& entries = hub::entries(list);
    REQUIRE_FALSE(entries.empty());
    CHECK(std::is_sorted(entries.begin(), entries.end()));
    CHECK(std::adjacent_find(entries.begin(), entries.end()) == entries.end());
    for (const std::string_view entry : entries) {
      REQUIRE(hub::contains(list, entry));
      REQUIRE(entry.find_first_of(" \t\r\n\"") == std::string_view::npos);
    }
  }
}

TEST_CASE("hub: entries of one list are not those of another") {
  CHECK(hub::contains(List::licenses, "apache-2.0"));
  CHECK(hub::contains(List::licenses, "openrail++"));
  CHECK_FALSE(hub::contains(List::licenses, "Apache-2.0"));
  CHECK_FALSE(hub::contains(List::licenses, "apache"));
  CHECK_FALSE(hub::contains(List::licenses, ""));
  CHECK(hub::contains(List::tasks, "text-generation"));
  CHECK_FALSE(hub::contains(List::tasks, "text2text-generation"));
  CHECK(hub::contains(List::task_ids, "extractive-qa"));
  CHECK_FALSE(hub::contains(List::task_ids, "translation"));
  CHECK(hub::contains(List::libraries, "PaddleOCR"));
  CHECK(hub::contains(List::size_categories, "10K<n<100K"));
  CHECK(hub::contains(List::space_sdks, "docker"));
  CHECK_FALSE(hub::contains(List::space_sdks, "streamlit"));
}

TEST_CASE("hub: languages are ISO 639 of all parts, and the Hub's own two") {
  for (const char* code :
       {"en", "no", "nb", "zh", "yue", "ceb", "ger", "deu", "nah", "sh", "code", "multilingual"}) {
    INFO(code);
    CHECK(hub::contains(List::languages, code));
  }
  for (const char* code : {"jp", "EN", "english", "pt-BR", "qaa-qtz", "c++"}) {
    INFO(code);
    CHECK_FALSE(hub::contains(List::languages, code));
  }
  CHECK(hub::entries(List::languages).size() > 8000);
}

TEST_CASE("hub: lists name their version") {
  CHECK(hub::version(List::licenses) == "2026-08");
  CHECK(hub::version(List::tasks) == hub::version(List::libraries));
  CHECK(hub::version(List::languages).substr(0, 9) == "iso-codes");
}
