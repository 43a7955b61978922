// SPDX-License-Identifier: Apache-2.0
#include "support/parse_floor.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <streambuf>

#include "card/front_matter.h"

namespace cardwarden::bench {
namespace {

struct Silent : YAML::EventHandler {
  std::size_t events = 0;
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override { ++events; }
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override { ++events; }
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {
    ++events;
  }
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    ++events;
  }
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    ++events;
  }
  void OnMapEnd() override {}
};

// A stream over bytes that are already in memory, so that the floor pays for no copy.
struct View : std::streambuf {
  explicit View(std::string_view text) {
    char* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

}  // namespace

void prepare_parse_floor() { cmark_gfm_core_extensions_ensure_registered(); }

std::size_t parse_floor(std::string_view text) {
  std::size_t seen = 0;
  std::uint32_t body = 0;
  if (const auto fences = find_front_matter(text)) {
    body = fences->body;
    Silent handler;
    View view(fences->yaml.of(text));
    std::istream stream(&view);
    try {
      YAML::Parser parser(stream);
      parser.HandleNextDocument(handler);
    } catch (const YAML::Exception&) {
      ++seen;
    }
    seen += handler.events;
  }
  cmark_parser* parser = cmark_parser_new(CMARK_OPT_DEFAULT);
  cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
  cmark_parser_feed(parser, text.data() + body, text.size() - body);
  cmark_node* root = cmark_parser_finish(parser);
  seen += static_cast<std::size_t>(cmark_node_get_end_line(root));
  cmark_parser_free(parser);
  cmark_node_free(root);
  return seen;
}

}  // namespace cardwarden::bench
