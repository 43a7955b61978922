// SPDX-License-Identifier: Apache-2.0
#include "engine/rule_page.h"

#include <catch2/catch.hpp>
#include <string>

#include "engine/rulebook.h"

using namespace cardwarden;

namespace {

const std::string kHead =
    "---\ntitle: Licence\nquestion: Is there one?\nstatus: stable\nsince: 0.1.0\nkinds: [model, "
    "dataset]\nmessage: There is none.\n"
    "remedy: Name one.\nreferences:\n  - EU AI Act Annex XI 1.1(f)\n---\n";
const std::string kSections =
    "## What it asks\n\na\n\n## Why it matters\n\nb\n\n## What counts\n\nc\n\n## What does not\n\nd\n\n## "
    "How to fix\n\ne\n\n## Known misses\n\nf\n";

std::string refused(const std::string& source) {
  const auto page = parse_rule_page("a/b", source, "rule.md");
  INFO(source);
  REQUIRE_FALSE(page.has_value());
  CHECK(page.error().code == ErrorCode::rule);
  return page.error().text();
}

std::string without(std::string text, const std::string& part, const std::string& instead = {}) {
  const std::size_t at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), instead);
}

bool has(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("rule page: all of it is read") {
  const auto page = parse_rule_page("model-card/license", kHead + kSections, "rule.md");
  REQUIRE(page.has_value());
  CHECK(page->id == "model-card/license");
  CHECK(page->title == "Licence");
  CHECK(page->message == "There is none.");
  CHECK(page->remedy == "Name one.");
  CHECK(page->status == "stable");
  CHECK(page->kinds == std::vector<Kind>{Kind::model, Kind::dataset});
  CHECK(page->references == std::vector<std::string>{"EU AI Act Annex XI 1.1(f)"});
  CHECK(page->page.substr(0, 15) == "## What it asks");
}

TEST_CASE("rule page: a section is the text below its heading") {
  CHECK(rule_page_section(kSections, "What it asks") == "a");
  CHECK(rule_page_section(kSections, "Known misses") == "f");
  CHECK(rule_page_section(kSections, "What it").empty());
  CHECK(rule_page_section("", "What it asks").empty());
  CHECK(rule_page_section("## A\n## B\ntext\n", "A").empty());
}

TEST_CASE("rule page: what is missing or wrong is named with its place") {
  CHECK(has(refused(kSections), "front matter"));
  CHECK(has(refused("---\ntitle: x\n"), "front matter"));
  CHECK(has(refused(without(kHead, "title: Licence\n") + kSections), "needs `title`"));
  CHECK(has(refused(without(kHead, "message: There is none.\n") + kSections), "needs `message`"));
  CHECK(has(refused(without(kHead, "kinds: [model, dataset]\n") + kSections), "needs `kinds`"));
  CHECK(has(refused(without(kHead, "[model, dataset]", "[modle]") + kSections),
            "rule.md:6:9: `kinds` holds model"));
  CHECK(has(refused(without(kHead, "stable", "done") + kSections), "experimental, stable or deprecated"));
  CHECK(has(refused(without(kHead, "remedy", "remidy: x\nremedy") + kSections), "did you mean `remedy`?"));
  CHECK(has(refused(kHead + without(kSections, "## How to fix\n\ne\n")), "\"## How to fix\""));
  CHECK(has(refused(kHead + without(kSections, "\n\nb\n", "\n")), "\"## Why it matters\""));
  CHECK(has(refused("---\n- a\n---\n" + kSections), "mapping"));
}

TEST_CASE("rule page: what a native rule asks for is a list of disclosures") {
  const std::string asks = without(kHead, "status:", "asks: [license, x-aup]\nstatus:");
  const auto page = parse_rule_page("a/b", asks + kSections, "rule.md");
  REQUIRE(page.has_value());
  CHECK(page->asks == std::vector<std::string>{"license", "x-aup"});
  CHECK(has(refused(without(kHead, "status:", "asks: license\nstatus:") + kSections), "`asks` is a list"));
  CHECK(has(refused(without(kHead, "status:", "asks: []\nstatus:") + kSections), "`asks` is a list"));
}

TEST_CASE("rule page: the kinds are known without reading the page") {
  CHECK(kinds_of_page(kHead) == 3);
  CHECK(kinds_of_page("---\nkinds: [space]\n---\n") == 4);
  CHECK(kinds_of_page("no front matter") == 0);
}

TEST_CASE("rule page: the sections are these six, in this order") {
  CHECK(rule_page_sections() == std::vector<std::string_view>{"What it asks", "Why it matters", "What counts",
                                                              "What does not", "How to fix", "Known misses"});
}
