// SPDX-License-Identifier: Apache-2.0
// What is found in the log by its words, and filters that could never be met.
#include "conformance/backends.h"
#include "desk.h"

namespace cardwarden::testing {
namespace {

constexpr const char* kWordy =
    "---\nlicense: mti\n---\n# heron\n\nNot for clinical use. Trained on letters of the herring gulls.\n";

}  // namespace

TEST_CASE(
    "records search: words, phrases and beginnings find findings and quotes, the newest first, on pages") {
  for (const Backend& backend : backends()) {
    CAPTURE(backend.name);
    const Desk desk(backend.address);
    desk.make_keys();
    desk.record("acme/heron");
    desk.write("README.md", kWordy);
    desk.record("acme/gull");
    const auto hits = [&desk](Words words) {
      words.insert(words.begin(), {"records", "search", "--format", "json"});
      return Json::parse(desk.good(words));
    };
    const Json both = hits({"mti"});
    REQUIRE(both["hits"].size() >= 2);
    CHECK(both["schema"] == "cardwarden-search/1");
    CHECK(both["hits"].front()["index"] == 1);
    CHECK(both["hits"].back()["index"] == 0);
    CHECK(both["next"].is_null());
    CHECK(both["hits"].front()["rule"] == kRule);
    for (const Json& hit : both["hits"]) CHECK(holds(hit["text"].get<std::string>(), "mti"));
    // The same, a page at a time.
    Json paged = Json::array();
    std::string after;
    for (std::size_t page = 0; page <= both["hits"].size(); ++page) {
      const Json one =
          hits(after.empty() ? Words{"mti", "--limit", "1"} : Words{"mti", "--limit", "1", "--after", after});
      for (const Json& hit : one["hits"]) paged.push_back(hit);
      if (one["next"].is_null()) break;
      after = one["next"].get<std::string>();
    }
    CHECK(paged == both["hits"]);
    Json of_rule = Json::array();
    for (const Json& hit : both["hits"]) {
      if (hit["rule"] == kRule) of_rule.push_back(hit);
    }
    CHECK(hits({"mt*", "--rule", kRule})["hits"] == of_rule);
    CHECK(of_rule.size() < both["hits"].size());
    CHECK(hits({"mti", "--rule", "model-card/none"})["hits"].empty());
    CHECK(hits({"mti", "nowhere"})["hits"].empty());
    CHECK(hits({"mti", "--tenant", "acme"})["hits"].empty());
    const Ran text = desk.run({"records", "search", "mti", "--limit", "1"});
    CHECK(text.code == 0);
    CHECK(holds(text.out, kRule));
    CHECK(holds(text.err, "There may be more: --after 1:"));
    for (const Words& wrong :
         {Words{""}, {"mti", "--after", "1"}, {"mti", "--after", "1:x"}, {"mti", "--limit", "0"}, {}}) {
      Words words{"records", "search"};
      words.insert(words.end(), wrong.begin(), wrong.end());
      CHECK(desk.run(words).code == 2);
    }
  }
}

TEST_CASE("records list: a filter of a shape that no record has is refused, not answered by nothing") {
  const Desk desk;
  desk.make_keys();
  desk.record();
  for (const Words& wrong : {Words{"--policy", "hub-publish"},
                             {"--policy", "abc"},
                             {"--control", "transparency"},
                             {"--control", "eu-ai-act/53:"},
                             {"--digest", "4b825dc642cb6eb9a060e54bf8d69288fbee4904"}}) {
    Words words{"records", "list"};
    words.insert(words.end(), wrong.begin(), wrong.end());
    const Ran ran = desk.run(words);
    CAPTURE(wrong, ran.out, ran.err);
    CHECK(ran.code == 2);
    CHECK(holds(ran.err, wrong.front()));
  }
  CHECK(desk.run({"records", "list", "--control", "eu-ai-act/53(1)(b):met"}).code == 0);
}

}  // namespace cardwarden::testing
