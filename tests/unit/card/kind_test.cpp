// SPDX-License-Identifier: Apache-2.0
#include "card/kind.h"

#include <catch2/catch.hpp>

#include "card/parse.h"

using namespace cardwarden;

namespace {

std::optional<Kind> by_content(std::string_view yaml, std::string_view body = {}) {
  return kind_of_content(yaml::parse(yaml).root, body);
}

}  // namespace

TEST_CASE("kind: the nearest folder of the path decides") {
  CHECK(kind_of_path("hub/datasets/fern/README.md") == Kind::dataset);
  CHECK(kind_of_path("spaces/x/README.md") == Kind::space);
  CHECK(kind_of_path("/srv/models/datasets/a.md") == Kind::dataset);
  CHECK(kind_of_path("/srv/datasets/models/a/b.md") == Kind::model);
  CHECK(kind_of_path("C:\\hub\\datasets\\a.md") == Kind::dataset);
  CHECK_FALSE(kind_of_path("README.md"));
  CHECK_FALSE(kind_of_path("my-datasets/README.md"));
  CHECK_FALSE(kind_of_path("datasets"));
  CHECK_FALSE(kind_of_path(""));
}

TEST_CASE("kind: keys that only one kind has decide") {
  CHECK(by_content("sdk: gradio\n") == Kind::space);
  CHECK(by_content("title: Fern\nemoji: x\ncolorFrom: red\n") == Kind::space);
  CHECK(by_content("task_categories: [other]\n") == Kind::dataset);
  CHECK(by_content("pretty_name: Fern\n") == Kind::dataset);
  CHECK(by_content("configs: []\n") == Kind::dataset);
  CHECK(by_content("pipeline_tag: fill-mask\n") == Kind::model);
  CHECK(by_content("model-index: []\npretty_name: Fern\nlibrary_name: x\n") == Kind::model);
  CHECK_FALSE(by_content("license: mit\ntags: [x]\n"));
}

TEST_CASE("kind: headings decide where keys do not") {
  CHECK(by_content("license: mit\n", "# Dataset Card for Fern\n") == Kind::dataset);
  CHECK(by_content("", "# Fern\n\n## Dataset Summary\n") == Kind::dataset);
  CHECK(by_content("", "# Model Card for Fern\n\n## Dataset Summary\n") == Kind::model);
  CHECK(by_content("pipeline_tag: x\n", "# Dataset Card for Fern\n") == Kind::model);
  CHECK_FALSE(by_content("", "The Dataset Card for Fern\n"));
}

TEST_CASE("kind: flag, path, content and fallback come in this order") {
  const std::string_view dataset = "---\npretty_name: Fern\n---\n";
  ParseOptions options;
  options.kind = Kind::space;
  CHECK(parse_card("models/README.md", dataset, options).kind == Kind::space);
  CHECK(parse_card("models/README.md", dataset, options).kind_source == KindSource::flag);
  CHECK(parse_card("models/README.md", dataset).kind == Kind::model);
  CHECK(parse_card("models/README.md", dataset).kind_source == KindSource::path);
  CHECK(parse_card("README.md", dataset).kind == Kind::dataset);
  CHECK(parse_card("README.md", dataset).kind_source == KindSource::content);
  CHECK(parse_card("README.md", "# Fern\n").kind == Kind::model);
  CHECK(parse_card("README.md", "# Fern\n").kind_source == KindSource::fallback);
}

TEST_CASE("kind: names are what users type") {
  CHECK(to_string(Kind::model) == "model");
  CHECK(to_string(Kind::dataset) == "dataset");
  CHECK(to_string(Kind::space) == "space");
  CHECK(to_string(KindSource::fallback) == "fallback");
}
