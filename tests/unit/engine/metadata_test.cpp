// SPDX-License-Identifier: Apache-2.0
#include "engine/metadata.h"

#include <array>
#include <catch2/catch.hpp>

using namespace cardwarden;
using metadata::Scalar;
using metadata::Value;

namespace {

Card card_of(std::string_view yaml) {
  Card card;
  card.text = std::string(yaml);
  card.front_matter.present = true;
  card.front_matter.root = yaml::parse(card.text).root;
  return card;
}

std::vector<std::string> paths(const std::vector<Value>& values) {
  std::vector<std::string> out;
  out.reserve(values.size());
  for (const Value& value : values) out.push_back(value.path);
  return out;
}

// The one value of "v: …", typed and read.
Scalar type_of(const std::string& written) {
  const Card card = card_of("v: " + written + "\n");
  return metadata::scalar_type(*metadata::select_one(card, "v").node);
}
std::string read_of(const std::string& written) {
  const Card card = card_of("v: " + written + "\n");
  return metadata::read_as(*metadata::select_one(card, "v").node);
}

std::vector<Finding> id_findings(const std::string& written) {
  const Card card = card_of("base_model: " + written + "\n");
  std::vector<Finding> out;
  metadata::expect_repository_id(metadata::select_one(card, "base_model"), "model", out);
  return out;
}

constexpr std::array<std::string_view, 3> kColors = {"dark-green", "red", "yellow"};

}  // namespace

TEST_CASE("metadata: paths reach through mappings and lists and name what they found") {
  const Card card = card_of(
      "tags:\n- a\n- b\nlicense: mit\nresults:\n- task: {type: x}\n- task: {type: y}\n- other\nnames:\n  "
      "'0': p\n  '1': q\n");
  CHECK(paths(metadata::select(card, "tags[]")) == std::vector<std::string>{"tags[0]", "tags[1]"});
  CHECK(paths(metadata::select(card, "license[]")) == std::vector<std::string>{"license"});
  CHECK(paths(metadata::select(card, "results[].task.type")) ==
        std::vector<std::string>{"results[0].task.type", "results[1].task.type"});
  CHECK(paths(metadata::select(card, "names.*")) == std::vector<std::string>{"names.0", "names.1"});
  CHECK(metadata::select(card, "tags.x").empty());
  CHECK(metadata::select(card, "absent[]").empty());
  CHECK(metadata::select(Card{}, "license").empty());
}

TEST_CASE("metadata: a value points at itself, and at its key where nothing is written") {
  const Card card = card_of("license:\npretty_name: Fern\nnothing: null\n");
  CHECK(card.quote(metadata::select_one(card, "license").span) == "license");
  CHECK(card.quote(metadata::select_one(card, "pretty_name").span) == "Fern");
  CHECK(card.quote(metadata::select_one(card, "nothing").span) == "null");
  CHECK(metadata::select_one(card, "license").blank());
  CHECK_FALSE(metadata::select_one(card, "absent").blank());
  CHECK_FALSE(metadata::select_one(card, "absent").exists());
}

TEST_CASE("metadata: the last of repeated keys counts") {
  const Card card = card_of("license: mit\nlicense: gpl-3.0\n");
  CHECK(metadata::select_one(card, "license").text() == "gpl-3.0");
}

TEST_CASE("metadata: unquoted scalars have the type that YAML readers give them") {
  for (const char* s : {"no", "Yes", "ON", "off", "true", "FALSE"}) {
    INFO(s);
    CHECK(type_of(s) == Scalar::boolean);
  }
  for (const char* s :
       {"7", "-1.5", "010", "12:30", "16:9", "1_000", "0x1F", "1e3", ".5", "3.10", "1.", ".inf", "+3"}) {
    INFO(s);
    CHECK(type_of(s) == Scalar::number);
  }
  for (const char* s : {"2024-01-15", "2024-01-15T10:00:00Z", "2024-01-15 10:00:00"}) {
    INFO(s);
    CHECK(type_of(s) == Scalar::date);
  }
  for (const char* s :
       {"en",   "y",  "n", "nope", "4-bit",   "3d", "1.2.3", "v1.0", "12:75",  "2024-01", "2024-q1",
        "0:30", "e5", "-", ".",    "12:30pm", "1K", "0xg",   "_1",   "\"no\"", "'010'"}) {
    INFO(s);
    CHECK(type_of(s) == Scalar::text);
  }
}

TEST_CASE("metadata: what is read in place of the text is named") {
  CHECK(read_of("no") == "the boolean false");
  CHECK(read_of("On") == "the boolean true");
  CHECK(read_of("010") == "the number 8");
  CHECK(read_of("089") == "the number 089");
  CHECK(read_of("12:30") == "the number 750");
  CHECK(read_of("1:00:00") == "the number 3600");
  CHECK(read_of("1_000") == "the number 1000");
  CHECK(read_of("3.10") == "the number 3.1");
  CHECK(read_of("2.0") == "the number 2");
  CHECK(read_of("2048") == "the number 2048");
  CHECK(read_of("2024-01-15 10:00:00") == "the date 2024-01-15");
  CHECK(read_of("plain") == "");
  CHECK(read_of("\"no\"") == "");
}

TEST_CASE("metadata: numbers are decimal, quoted or not") {
  const Card card = card_of("a: 12.5\nb: \"3e2\"\nc: 1.2 kg\nd: 0x10\ne: [1]\nf:\n");
  CHECK(metadata::number(metadata::select_one(card, "a")) == 12.5);
  CHECK(metadata::number(metadata::select_one(card, "b")) == 300.0);
  for (const char* key : {"c", "d", "e", "f", "absent"}) {
    INFO(key);
    CHECK_FALSE(metadata::number(metadata::select_one(card, key)).has_value());
  }
}

TEST_CASE("metadata: a vocabulary recognises what was meant") {
  const metadata::Vocabulary colors{"a color", kColors};
  CHECK(metadata::meant(colors, "Red") == "red");
  CHECK(metadata::meant(colors, "dark_green") == "dark-green");
  CHECK(metadata::meant(colors, "yelow") == "yellow");
  CHECK_FALSE(metadata::meant(colors, "ultramarine").has_value());
}

TEST_CASE("metadata: only texts outside the vocabulary are reported") {
  const Card card = card_of("a: [red, grün, null, {x: y}]\nb: yelow\n");
  std::vector<Finding> out;
  metadata::expect_listed(metadata::select_one(card, "a"), {"a color", kColors}, out);
  metadata::expect_listed(metadata::select_one(card, "b"), {"a color", kColors, "2026-08"}, out);
  metadata::expect_listed(metadata::select_one(card, "absent"), {"a color", kColors}, out);
  REQUIRE(out.size() == 2);
  CHECK(out[0].key == "a[1]");
  CHECK(out[0].located);
  CHECK(card.quote(out[0].span) == "grün");
  CHECK(out[0].remedy == "Write one of: dark-green, red, yellow.");
  CHECK(out[1].message == "\"yelow\" is not a color (list of 2026-08).");
  CHECK(out[1].remedy == "Write yellow.");
}

TEST_CASE("metadata: repository ids have a form") {
  for (const char* id : {"gpt2", "fern/base-7b", "a/b_c.d-1", "01-ai/Yi-34B", "squad_v2"}) {
    INFO(id);
    CHECK(id_findings(id).empty());
  }
  for (const char* id : {"a/b/c", "./out", "/data/base", "~/base", "C:\\\\models", "our model", "WHAMR!",
                         "-x/y", "x/", "https://example.org/x", "models\\base"}) {
    INFO(id);
    CHECK(id_findings(id).size() == 1);
  }
  CHECK(id_findings("https://huggingface.co/fern/base-7b/tree/main")[0].remedy == "Write fern/base-7b.");
  CHECK(id_findings("null").empty());
}

TEST_CASE("metadata: the id in a URL of the Hub") {
  CHECK(metadata::id_in_url("https://huggingface.co/gpt2") == "gpt2");
  CHECK(metadata::id_in_url("https://huggingface.co/datasets/fern/moss?row=1") == "fern/moss");
  CHECK(metadata::id_in_url("hf.co/fern/base/") == "fern/base");
  CHECK(metadata::id_in_url("https://huggingface.co/datasets/squad/tree/main") == "squad");
  CHECK_FALSE(metadata::id_in_url("https://example.org/fern/base").has_value());
  CHECK_FALSE(metadata::id_in_url("https://huggingface.co/").has_value());
}

TEST_CASE("metadata: a hostile list gives a bounded number of findings") {
  std::string yaml = "a:\n";
  for (int i = 0; i < 300; ++i) yaml += "- q" + std::to_string(i) + "\n";
  const Card card = card_of(yaml);
  std::vector<Finding> out;
  metadata::expect_listed(metadata::select_one(card, "a"), {"a color", kColors}, out);
  CHECK(out.size() == metadata::kMaxFindings);
}
