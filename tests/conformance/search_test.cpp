// SPDX-License-Identifier: Apache-2.0
// Full-text search: the same questions to every backend, with the same answers.
#include <catch2/catch.hpp>

#include "base/json.h"
#include "conformance/backends.h"
#include "conformance/older_schemas.h"
#include "crypto/dsse.h"
#include "store/fsck.h"

using namespace cardwarden;
using namespace cardwarden::testing;

namespace {

std::string finding(const std::string& rule, const std::string& message, const std::string& quote) {
  return R"({"rule":)" + json_string(rule) + R"(,"message":)" + json_string(message) +
         R"(,"remedy":"Say it.","evidence":[{"quote":)" + json_string(quote) + R"(,"words":"x"}]})";
}

std::string document(const std::string& path, const std::vector<std::string>& findings) {
  std::string all;
  for (const std::string& one : findings) all += (all.empty() ? "" : ",") + one;
  return R"({"cards":[{"path":)" + json_string(path) + R"(,"findings":[)" + all +
         R"(],"disclosures":[{"rule":"model-card/compute","evidence":[{"quote":"Trained on 8 GPUs."}]}]}],)"
         R"("schema":"cardwarden-findings/1"})";
}

// An audit that names the document. Stores leave signatures to others.
std::string audit_of(const std::string& findings, const std::string& tenant, int number) {
  const std::string statement =
      R"({"predicate":{"cardwardenAudit":{"findings":{"digest":{"sha256":")" + sha256_hex(findings) +
      R"("}},"provenance":{"actor":")" + std::to_string(number) + R"(","tenant":")" + tenant +
      R"("}}},"predicateType":"https://in-toto.io/attestation/test-result/v0.1","subject":[]})";
  return envelope_json({std::string(kInTotoPayloadType), statement, {{"", "s"}}});
}

const std::string kFirst = document(
    "models/a.md",
    {finding("model-card/license", "No licence is named for the weights.", "License: see repo"),
     finding("model-card/limitations", "The limits are a placeholder.", "Größe: [More Information Needed]")});
const std::string kSecond =
    document("models/b.md",
             {finding("model-card/license", "The licences contradict each other.",
                      "it's 'MIT' \\ \"Apache\" {2.0}, \xE6\xA8\xA1\xE5\x9E\x8B\xE8\xAE\xB8\xE5\x8F\xAF"),
              finding("model-card/bias", "Nothing about bias\x01 is said.", std::string("a\0b", 3))});

void fill(Store& store) {
  for (const std::string& one : {kFirst, kSecond}) {
    const auto done = store.put_document(one);
    INFO((done ? "" : done.error().text()));
    REQUIRE(done.has_value());
  }
  REQUIRE(store.put_document("{\"schema\":\"another\"}").has_value());
  REQUIRE(
      store.append({audit_of(kFirst, "red", 1), audit_of(kSecond, "blue", 2), audit_of(kFirst, "blue", 3)})
          .has_value());
}

std::string places(const Result<std::vector<SearchHit>>& hits) {
  if (!hits) return hits.error().message;
  std::string out;
  for (const SearchHit& hit : *hits) {
    out += (out.empty() ? "" : " ") + std::to_string(hit.index) + ":" + std::to_string(hit.place);
  }
  return out;
}

}  // namespace

TEST_CASE("search: words, phrases and beginnings find the passages that have all of them") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    fill(*store);
    const std::pair<const char*, const char*> questions[] = {
        {"weights", "2:0 0:0"},
        {"LICENCE named", "2:0 0:0"},
        {"licen*", "2:0 2:1 1:0 0:0 0:1"},
        {"licen", ""},
        {"\"see repo\"", "2:1 0:1"},
        {"\"repo see\"", ""},
        {"more-information-needed", "2:3 0:3"},
        {"gr\xC3\xB6\xC3\x9F*", "2:3 0:3"},
        {"GR\xC3\x96\xC3\x9F"
         "E",
         "2:3 0:3"},
        {"\xE5\x9E\x8B\xE8\xAE\xB8", "1:1"},  // two characters in the middle of four
        {"\xE8\xAE\xB8\xE5\x9E\x8B", ""},
        {"mit apache 2", "1:1"},
        {"8 gpus", "2:4 1:4 0:4"},
        {"a b", "1:3"},
        {"bias", "1:2"},
        {"nobody says this", ""},
    };
    for (const auto& [words, expected] : questions) {
      INFO(words);
      SearchQuery query;
      query.words = words;
      CHECK(places(store->search(query)) == expected);
    }
    SearchQuery query;
    query.words = "named";
    const SearchHit hit = store->search(query).value().front();
    CHECK(hit.document == sha256(kFirst));
    CHECK(hit.passage == Passage{"finding", "models/a.md", "model-card/license",
                                 "No licence is named for the weights.\nSay it."});
  }
}

TEST_CASE("search: a tenant sees its records only, and pages follow one another") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    fill(*store);
    SearchQuery query;
    query.words = "say";
    CHECK(places(store->search(query)) == "2:0 2:2 1:0 1:2 0:0 0:2");
    query.tenant = "red";
    CHECK(places(store->search(query)) == "0:0 0:2");
    query.tenant = "green";
    CHECK(places(store->search(query)).empty());
    query.tenant = "blue";
    query.rule = "model-card/license";
    CHECK(places(store->search(query)) == "2:0 1:0");
    query = {};
    query.words = "say";
    query.limit = 4;
    CHECK(places(store->search(query)) == "2:0 2:2 1:0 1:2");
    query.after = {1, 0};
    CHECK(places(store->search(query)) == "1:2 0:0 0:2");
    for (const char* nothing : {"", " ", "\"\"", "*", "- + '"}) {
      query = {};
      query.words = nothing;
      CHECK(store->search(query).error().code == ErrorCode::usage);
    }
    query.words = std::string(kMaxQueryBytes + 1, 'a');
    CHECK(store->search(query).error().code == ErrorCode::too_large);
    query.words = "a";
    query.limit = 0;
    CHECK_FALSE(store->search(query).has_value());
    for (const char* trick :
         {"say' OR 1", "say\" OR \"bias", "say & !x", "say:A", "NEAR(say bias)", "words:say"}) {
      INFO(trick);
      query = {};
      query.words = trick;
      CHECK(store->search(query).has_value());
    }
  }
}

TEST_CASE("search: a document that is deleted is found no more, and nobody finds what no record names") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const auto store = backend.open();
    SearchQuery query;
    query.words = "say";
    REQUIRE(store->put_document(kFirst).has_value());
    CHECK(places(store->search(query)).empty());
    REQUIRE(store->append({audit_of(kFirst, "red", 1)}).has_value());
    CHECK(places(store->search(query)) == "0:0 0:2");
    CHECK(store->passages(sha256(kFirst)).value() == passages_of(kFirst));
    REQUIRE(store->put_document(kFirst).has_value());
    CHECK(places(store->search(query)) == "0:0 0:2");
    REQUIRE(store->delete_document(sha256(kFirst)).has_value());
    CHECK(places(store->search(query)).empty());
    CHECK(store->passages(sha256(kFirst)).value().empty());
    REQUIRE(store->put_document(kFirst).has_value());
    CHECK(places(store->search(query)) == "0:0 0:2");
    CHECK(fsck(*store, {}).value().sound());
  }
}

TEST_CASE("search: a store of before it can be searched once it is opened, and changed passages are found") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    fill(*backend.open());
    backend.execute(way_back(backend.name, 1));
    const auto store = backend.open();
    SearchQuery query;
    query.words = "say";
    CHECK(places(store->search(query)) == "2:0 2:2 1:0 1:2 0:0 0:2");
    CHECK(fsck(*store, {}).value().sound());
    CHECK(backend.refused("UPDATE passages SET text = 'x'"));
    backend.execute("UPDATE passages SET text = 'All is well.' WHERE place = 0");
    const FsckReport report = fsck(*store, {}).value();
    REQUIRE(report.problems.size() == 2);
    CHECK(report.problems[0].find("is searched by other words") != std::string::npos);
  }
}

TEST_CASE("search: words are the same everywhere, and hostile documents give none or few") {
  CHECK(words_of("It's GPT-4 (2023), na\xC3\xAFve_x") ==
        std::vector<std::string>{"it", "s", "gpt", "4", "2023", "na\xC3\xAFve", "x"});
  CHECK(words_of("\xE6\xA8\xA1\xE5\x9E\x8Bx") ==
        std::vector<std::string>{"\xE6\xA8\xA1", "\xE5\x9E\x8B", "x"});
  CHECK(words_of(std::string(1000, 'a')).front().size() <= kMaxWordBytes);
  CHECK(words_of("\xff\xfe \xc3").empty());
  for (const char* bad :
       {"", "{", "[]", R"({"schema":"cardwarden-findings/1"})",
        R"({"schema":"cardwarden-findings/1","cards":[1,{"findings":[1,{"evidence":1}]}]})"}) {
    INFO(bad);
    CHECK(passages_of(bad).empty());
  }
  const std::string longest = document("p", {finding("r", std::string(100'000, 'a') + " end", "q")});
  const auto passages = passages_of(longest);
  REQUIRE(passages.size() == 3);
  CHECK(passages[0].text.size() <= kMaxPassageBytes);
  const auto terms = parse_text_query("one \"two three\"four* five").value();
  REQUIRE(terms.size() == 4);
  CHECK(terms[1].words == std::vector<std::string>{"two", "three"});
  CHECK(terms[2].prefix);
  CHECK_FALSE(terms[3].prefix);
}
